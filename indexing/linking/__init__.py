"""Linking: from the facts of every file to one code graph, each edge with how sure it is."""

from indexing.linking.linker import link
from indexing.linking.records import FileFacts, Linked

__all__ = ["FileFacts", "Linked", "link"]
