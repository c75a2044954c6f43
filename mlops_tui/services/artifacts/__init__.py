"""Files of runs, models and what shows them."""
