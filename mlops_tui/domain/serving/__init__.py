"""What a served model is asked, what it answers."""
