"""Processes and their records."""
