"""The Models screen: registered models, versions, stages, aliases."""
