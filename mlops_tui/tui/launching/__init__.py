"""The dialogs that launch a job or a sweep."""
