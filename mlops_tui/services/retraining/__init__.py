"""Retraining: rules, attempts and their steps, the data that is trained on."""
