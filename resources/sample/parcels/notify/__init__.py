"""Telling people what happened to their parcels."""
