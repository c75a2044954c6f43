"""Scores the rows of files with a model; it runs in the model's own Python.

Its files import the standard library, MLflow, what MLflow brings (numpy, pandas, pyarrow), and each
other.
"""
