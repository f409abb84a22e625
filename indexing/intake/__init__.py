"""A source becomes a workspace that is only read."""

from indexing.intake.opening import open_source
from indexing.intake.workspace import Workspace

__all__ = ["Workspace", "open_source"]
