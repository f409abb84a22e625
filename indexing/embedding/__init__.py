"""Text to vectors: the static model (numpy alone, the default) and any model of sentence-transformers."""
