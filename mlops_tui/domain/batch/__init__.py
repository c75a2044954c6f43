"""Batch scoring: what is asked for, what came of it."""
