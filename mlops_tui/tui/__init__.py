"""The interface, built on Textual."""
