"""Training jobs: what can be launched, with which arguments."""
