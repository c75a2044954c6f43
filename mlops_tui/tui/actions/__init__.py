"""What a person does with what is on a screen."""
