"""A source becomes a workspace that is only read."""

from indexing.intake.opening import identity_of, open_source
from indexing.intake.stamp import has_changed
from indexing.intake.urls import shown
from indexing.intake.workspace import Workspace

__all__ = ["Workspace", "has_changed", "identity_of", "open_source", "shown"]
