"""Exporting a version: what is asked, what is started."""
