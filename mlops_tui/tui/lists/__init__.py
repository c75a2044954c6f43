"""The rows behind the lists."""
