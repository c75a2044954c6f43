"""The Loop screen: one line per registered model."""
