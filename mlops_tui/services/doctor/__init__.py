"""What the installation, the store and the machine look like: the checks of `doctor`."""
