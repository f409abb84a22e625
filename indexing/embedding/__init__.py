"""Text to vectors: the static model (numpy alone, the default) and any model of sentence-transformers."""

STATIC = "static"
"""The name of the static model."""
