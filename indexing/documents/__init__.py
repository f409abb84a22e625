"""Documents and structured text: read by their own structure, without a grammar."""
