"""Small parts the views are made of; they know nothing of the engine."""
