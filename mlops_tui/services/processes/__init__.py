"""The parts of a detached process: record, log, identity, process tree."""
