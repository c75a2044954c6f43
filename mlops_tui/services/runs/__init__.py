"""Runs: read, edited, deleted, restored."""
