"""Models, their versions, stages."""
