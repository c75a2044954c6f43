"""Entries of the feed and which of them were read."""
