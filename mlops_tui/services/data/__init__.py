"""Data sets and the runs that used them."""
