"""Exports of models: what is asked for, what came of it."""
