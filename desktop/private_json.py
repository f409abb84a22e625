"""JSON files for this person alone, replaced whole; what cannot be read is as if it were not there."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)


def read_json(file: Path) -> object:
    """What a file holds; None where there is none, or none that can be read, which is logged."""
    try:
        return json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s is not read: %s", file, error)
        return None


def write_json(file: Path, value: object) -> bool:
    """Put a value in a file's place; whether that could be done, which is logged where not."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as new:
            json.dump(value, new, ensure_ascii=True, separators=(",", ":"))
        os.replace(beside, file)  # noqa: PTH105 - a name, not a Path, is what mkstemp gives
    except OSError as error:
        log.warning("%s is not written: %s", file, error)
        return False
    return True
