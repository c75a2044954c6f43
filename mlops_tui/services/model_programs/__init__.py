"""Programs that run in the model's own Python (3.10 or newer), as jobs: one folder each.

They import the standard library, MLflow, what MLflow brings (numpy, pandas, pyarrow), and each
other, nothing else of ours: they are started by the path of this folder, so that the Python needs
no mlops-tui.
"""
