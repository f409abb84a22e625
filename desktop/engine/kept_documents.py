"""Documents that were made from an index, kept beside it by what they were made of, so that none is made twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

from indexing.stores.maintenance import DOCUMENTS_FOLDER

_MOST = 8
_log = logging.getLogger(__name__)


def kept_document(index: Path, name: str, make: Callable[[], str]) -> str:
    """The document called `name`, which says what it is made of; made and kept where it is not there.

    An index that cannot be written to is no obstacle: then it is made every time.
    """
    file = index / DOCUMENTS_FOLDER / name
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        document = make()
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        with NamedTemporaryFile("wb", dir=file.parent, delete=False) as temporary:
            temporary.write(document.encode("utf-8", "replace"))
        Path(temporary.name).replace(file)
        for old in sorted(file.parent.iterdir(), key=lambda path: -path.stat().st_mtime)[_MOST:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("%s is not kept: %s", name, error)
    return document
