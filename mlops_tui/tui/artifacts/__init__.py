"""The files of a run, browsed, previewed, downloaded."""
