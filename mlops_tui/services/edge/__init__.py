"""Exports of models to ONNX, as jobs."""
