"""Curves, points, lines as characters, with what is read for them."""
