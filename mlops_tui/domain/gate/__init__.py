"""Gates: the rules that a model version must pass before it enters a stage."""
