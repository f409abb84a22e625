"""What is raised within the intake for an archive that cannot be read to its end."""

from __future__ import annotations


class DamagedArchiveError(Exception):
    """The archive is damaged, ends early, or is written in a way not known here; the text is the reason, `next_step` what
    to do about it."""

    def __init__(self, reason: str, next_step: str = "get a whole copy of it") -> None:
        super().__init__(reason)
        self.next_step = next_step
