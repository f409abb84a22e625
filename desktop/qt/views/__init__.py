"""What the window shows: each view shows replies of the engine and sends requests, and holds no other logic."""
