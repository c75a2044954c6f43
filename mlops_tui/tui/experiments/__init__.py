"""The Experiments screen: experiments at the left, the runs of one in a table."""
