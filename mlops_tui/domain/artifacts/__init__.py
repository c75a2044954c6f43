"""Files of runs, what is shown of them."""
