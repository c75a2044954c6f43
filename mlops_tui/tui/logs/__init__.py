"""The log of a process, searched and followed."""
