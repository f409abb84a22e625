"""From a source to its index."""
