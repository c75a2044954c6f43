"""Sweeps with their trials."""
