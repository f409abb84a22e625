"""What a disk may do to a file."""

from __future__ import annotations

import pytest

DAMAGES = [
    pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-1]), id="cut"),
    pytest.param(lambda path: path.write_bytes(b"\xff" + path.read_bytes()[1:]), id="flipped"),
    pytest.param(lambda path: path.unlink(), id="gone"),
    pytest.param(lambda path: path.write_bytes(b""), id="empty"),
]
"""Functions of the path of a file."""
