"""Languages: which one a file is in, and what a syntax tree says about names."""
