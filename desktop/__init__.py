"""The faces of Codestrata, and the only place that puts its parts together."""
