"""A terminal control room for machine learning on MLflow."""

__version__ = "0.1.0"
