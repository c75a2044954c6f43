"""What can be done with runs, wherever they are shown."""
