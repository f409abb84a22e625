"""Call graphs that compilers tell, to measure ours with: an extractor for each language, and how the two are compared."""
