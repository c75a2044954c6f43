"""The program that checks a version, run in the model's own Python (3.10 or newer).

It imports the standard library, MLflow and what MLflow brings, nothing of ours: it is started by
the path of this folder, so that the Python needs no mlops-tui.
"""
