"""Drift: how far the columns of a table have moved from those of a reference."""
