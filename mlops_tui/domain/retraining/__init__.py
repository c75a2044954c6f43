"""Rules that retrain a model, what they would have done, what they have begun."""
