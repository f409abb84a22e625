"""Code graph → diagrams: records of what is drawn, every box and arrow of it found in the index."""

from core.diagrams.registry import KINDS, draw
from core.diagrams.source_map import SourceMap

__all__ = ["KINDS", "SourceMap", "draw"]
