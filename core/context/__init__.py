"""From a ranking to a pack: the few cited excerpts that fit a budget of LLM tokens."""
