"""Code graph → diagrams: records of what is drawn, every box and arrow of it found in the index."""

from core.diagrams.pack_map import PACK, pack_map
from core.diagrams.registry import KINDS, NEEDS_SYMBOL, draw
from core.diagrams.source_map import SourceMap

__all__ = ["KINDS", "NEEDS_SYMBOL", "PACK", "SourceMap", "draw", "pack_map"]
