"""Logs of processes, however long."""
