"""Scores the rows of files with a model."""
