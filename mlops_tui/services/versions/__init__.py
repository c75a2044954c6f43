"""What a table of versions shows beyond the registry: their runs, their files."""
