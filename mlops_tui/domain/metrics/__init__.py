"""Histories of metrics as curves."""
