"""Detached processes, watched over by a supervisor each."""
