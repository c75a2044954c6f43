"""The story of the demo: a model that is trained, served, watched, and trained again."""
