"""Lines of logs."""
