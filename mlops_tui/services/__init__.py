"""The thin service layer: MLflow, HTTP, processes, files."""
