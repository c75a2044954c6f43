"""How things read on the screen."""
