"""From an index to the document that a new colleague reads first."""
