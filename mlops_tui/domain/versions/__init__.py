"""The versions of a model with what is known of their runs and files: the rows of a table."""
