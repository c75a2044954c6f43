"""Checks a version by the rules of a gate."""
