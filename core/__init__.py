"""What Codestrata knows and how it answers; no Qt, no tree-sitter, no FAISS, no torch, no llama-index."""
