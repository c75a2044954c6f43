"""The feed: what is new over all experiments."""
