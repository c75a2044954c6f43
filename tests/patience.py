"""How long a test waits for what must happen."""

import os

PATIENCE = float(os.environ.get("TEST_PATIENCE", "240"))
"""Seconds until a test gives up: a crowded machine is many times slower than a quiet one.

Nothing asserts on shorter times; what happens is seen at once. While working on something that
hangs, set ``TEST_PATIENCE=20``.
"""
