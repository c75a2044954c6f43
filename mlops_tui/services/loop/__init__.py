"""Reads where every registered model stands."""
