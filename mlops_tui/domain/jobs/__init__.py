"""Processes and training jobs, what can be launched."""
