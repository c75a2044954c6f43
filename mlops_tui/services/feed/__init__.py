"""What is new over all experiments."""
