"""Call graphs that compilers tell, to measure ours with: a small extractor for each language, and how the two are compared."""
