"""Batch scoring: a model asked about all rows of files, as a job."""
