"""Converts a model to ONNX, proves that it says the same, logs it, bundles it."""
