"""Finding experiments, models, versions and runs by name."""
