"""Experiments with their runs as a table: loaded, filtered, sorted, grouped."""
