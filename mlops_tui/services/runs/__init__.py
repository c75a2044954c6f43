"""Experiments, their runs, how these are found and changed."""
