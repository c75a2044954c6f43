"""The Monitoring screen: what drifted, and how well models still do."""
