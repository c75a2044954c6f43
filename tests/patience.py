"""How long a test waits for what must happen."""

PATIENCE = 240.0
"""Seconds until a test gives up: a crowded machine is many times slower than a quiet one.

Nothing asserts on shorter times; what happens is seen at once.
"""
