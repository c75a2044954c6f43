"""Asks a version about the rows of a file, for a monitor."""
