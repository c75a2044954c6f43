"""The Training screen: jobs, their queue, their log and curves."""
