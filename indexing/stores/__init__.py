"""Where an index lies: SQLite is the truth, words and vectors are derived from it."""
