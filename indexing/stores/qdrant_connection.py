"""Speaking with a Qdrant server: which collection an index has there, and calls that are tried again within bounds.

What an index has to remember of its server is one small file, `qdrant.json` in its folder of vectors. No key is in it:
that comes from the environment (`QDRANT_API_KEY`).
"""

from __future__ import annotations

import json
import os
import re
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from core.errors import BrokenIndexError, CodestrataError, MissingPartError, UsageError
from indexing.stores.vector_files import checksum_of, write_durably

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

Answer = TypeVar("Answer")

PREFIX = "qdrant="
"""What a store on a server is called by: `qdrant=URL`."""
KEY_VARIABLE = "QDRANT_API_KEY"
POINTER_NAME = "qdrant.json"
_FORMAT = 1
_TIMEOUT_SECONDS = 60
_PAUSES = (0.25, 1.0, 3.0)
"""Seconds before the second, third and fourth try: a server that starts again is waited for, one that is gone is told."""
_LONGEST_PAUSE = 20.0
"""What a server that asks for patience gets."""
_BUSY = 429
_FAULT = 500
_MAX_NAME = 40


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where an index has its vectors: a collection of its own for each embedder. `index` is a random name of the index;
    until `ready`, nothing has been committed there."""

    url: str
    index: str
    embedder_name: str
    embedder_version: str
    dimension: int
    ready: bool

    @property
    def collection(self) -> str:
        """The name of the collection, readable, and another for each index, embedder, version and dimension."""
        readable = re.sub(r"[^A-Za-z0-9.]+", "-", self.embedder_name)[-_MAX_NAME:].strip("-.")
        identity = checksum_of(json.dumps([self.embedder_name, self.embedder_version, self.dimension]).encode())
        return f"codestrata-{self.index}-{readable}-{identity[:12]}"


def read_pointer(folder: Path) -> Pointer | None:
    """What the folder of vectors remembers; None where its vectors are files. BrokenIndexError where it is damaged."""
    try:
        content = json.loads((folder / POINTER_NAME).read_bytes())
        if content["checksum"] != _checksum(content["pointer"]) or content["format"] != _FORMAT:
            raise ValueError("its checksum or format is wrong")
        return Pointer(**content["pointer"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = f"{POINTER_NAME} is damaged: {error}"
        raise BrokenIndexError(f"the vectors of {folder} cannot be read", why, "index again to rebuild it") from error


def write_pointer(folder: Path, pointer: Pointer) -> None:
    """Remember, durably."""
    body = asdict(pointer)
    content = {"format": _FORMAT, "pointer": body, "checksum": _checksum(body)}
    write_durably(folder / POINTER_NAME, [json.dumps(content, indent=1).encode()])


def _checksum(body: Any) -> str:
    return checksum_of(json.dumps(body, sort_keys=True).encode())


def checked_url(url: str) -> str:
    """The URL of a server without a slash at its end; UsageError for one that cannot be, or that holds a key."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"'{url}' is no URL of a Qdrant server", "", "write it as qdrant=http://HOST:6333")
    if parts.username or parts.password or parts.query:
        raise UsageError("the URL of a Qdrant server must hold no key", "", f"put the key into {KEY_VARIABLE}")
    return url.rstrip("/")


def connect(url: str, environment: Mapping[str, str] = os.environ) -> QdrantClient:
    """A client for the server at `url`; nothing is sent yet. MissingPartError without the package."""
    try:
        from qdrant_client import QdrantClient
    except ImportError as error:
        raise MissingPartError(
            "vectors on a Qdrant server need a package that is not installed", "", "pip install 'codestrata[scale]'"
        ) from error
    port = urlsplit(url).port or (443 if url.startswith("https:") else 80)
    key = environment.get(KEY_VARIABLE) or None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a key over plain HTTP: within a machine or a private net a person's choice
        return QdrantClient(url=url, port=port, api_key=key, timeout=_TIMEOUT_SECONDS, check_compatibility=False)


def call(url: str, action: Callable[[], Answer], pauses: tuple[float, ...] = _PAUSES) -> Answer:
    """What `action` answers; it is tried again where the server cannot be reached, is busy or at fault, so it must do no
    harm when it is done twice. Raises CodestrataError once that has not helped, and for a refusal."""
    from qdrant_client.common.client_exceptions import QdrantException, ResourceExhaustedResponse
    from qdrant_client.http.exceptions import ApiException

    for pause in (*pauses, None):
        try:
            return action()
        except (ApiException, QdrantException, OSError) as error:
            if pause is None or _is_final(error):
                raise _failure(url, error) from error
            wanted = error.retry_after_s if isinstance(error, ResourceExhaustedResponse) else 0
            time.sleep(min(max(pause, wanted), _LONGEST_PAUSE))
    raise AssertionError("unreachable")


def _is_final(error: Exception) -> bool:
    """Whether the server understood and refused: it would again."""
    status = getattr(error, "status_code", None)
    return status is not None and status != _BUSY and status < _FAULT


def _failure(url: str, error: Exception) -> CodestrataError:
    from qdrant_client.http.exceptions import UnexpectedResponse

    kept = f"the index is unharmed: see to the server, then go on (a key comes from {KEY_VARIABLE})"
    if isinstance(error, UnexpectedResponse):
        said = f"{error.status_code} {_said(error.content) or error.reason_phrase}"
        verb = "refused" if _is_final(error) else "failed"
        return CodestrataError(f"the Qdrant server at {url} {verb}", said, kept)
    reason = str(getattr(error, "source", None) or error) or type(error).__name__
    return CodestrataError(f"the Qdrant server at {url} cannot be reached", reason, kept)


def _said(content: bytes) -> str:
    try:
        return str(json.loads(content)["status"]["error"])
    except (ValueError, KeyError, TypeError):
        return ""
