"""The interface, on Textual."""
