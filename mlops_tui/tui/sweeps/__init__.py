"""The screen of one sweep and its trials."""
