"""Batch scoring of a version: what is asked, what is started."""
