"""Monitors: what they watch, what they found out in each chunk, what they tell."""
