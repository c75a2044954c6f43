"""Runs side by side: values, differences, what a metric depends on."""
