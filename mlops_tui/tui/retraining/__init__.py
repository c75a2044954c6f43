"""Retraining: the rule of a model with its dry run, attempts and their steps."""
