"""The Serving screen: model servers and queries to them."""
