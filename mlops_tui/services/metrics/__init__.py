"""Histories of metrics."""
