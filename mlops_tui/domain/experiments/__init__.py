"""Experiments, and the view of their runs: columns, order, groups."""
