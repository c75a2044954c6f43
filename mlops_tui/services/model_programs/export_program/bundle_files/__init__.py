"""The files of a bundle: they are copied, never imported here."""
