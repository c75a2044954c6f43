"""The Data screen: data sets, their versions, what used them."""
