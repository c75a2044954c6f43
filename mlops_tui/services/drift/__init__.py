"""Drift: tables summarised in bounded memory, compared column by column."""
