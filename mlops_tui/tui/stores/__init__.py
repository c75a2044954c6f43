"""The dialogs that switch to another store."""
