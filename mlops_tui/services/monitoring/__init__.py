"""Monitors: set up, started, read; their chunks and what is worked out of them."""
