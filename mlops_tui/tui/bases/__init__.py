"""What screens build on."""
