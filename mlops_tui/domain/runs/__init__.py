"""Experiments, runs, the order and groups in which they are seen."""
