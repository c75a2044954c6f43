"""Parts that any Textual app could use: table, form, dialogs, keys, formatting."""
