"""The loop of a model: from data to retraining, and what needs a person."""
