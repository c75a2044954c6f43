"""The program that serves a model: MLflow's own scoring app with figures and capture around it.

It runs in the model's own Python, which knows nothing of mlops-tui: these files import the standard
library, MLflow and uvicorn, and each other by relative imports. They keep to Python 3.10, the
oldest that MLflow 3.4 takes.
"""
