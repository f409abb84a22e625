"""Facts of files to the code graph."""

from __future__ import annotations

from indexing.linking.records import FileFacts, Linked
from indexing.linking.whole import link

__all__ = ["FileFacts", "Linked", "link"]
