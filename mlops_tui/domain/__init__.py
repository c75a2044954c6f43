"""What things are, and which rules hold."""
