"""The process beside the interface that imports MLflow and answers its calls."""
