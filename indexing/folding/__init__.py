"""Repeated logic: what says the same is recognised, and one copy stands for the others."""
