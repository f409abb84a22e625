"""Sentences about real code, true and false, and whether the program tells one from the other."""
