"""Model servers, what they answer."""
