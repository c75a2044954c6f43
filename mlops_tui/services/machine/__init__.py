"""The machine with the programs on it."""
