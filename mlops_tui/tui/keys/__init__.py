"""Every key of the interface, once."""
