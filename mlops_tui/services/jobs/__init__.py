"""Training jobs: what can be launched, the queue, the runs they make."""
