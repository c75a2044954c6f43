"""Runs, edits of them, the filter language."""
