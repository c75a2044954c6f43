"""What the comparison of runs reads."""
