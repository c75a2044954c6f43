"""Stopping and removing processes started here; attaching to others."""
