"""Where the program keeps its own files: indexes, preferences, and which index belongs to which source."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import xxhash

from core.errors import BrokenIndexError, CodestrataError, UsageError
from core.paths import from_os
from indexing.intake.opening import identity_of
from indexing.intake.several import SEPARATOR
from indexing.intake.urls import shown
from indexing.stores.sqlite.schema import DATABASE_NAME

APPLICATION = "codestrata"
DATA_VARIABLE = "CODESTRATA_DATA_DIR"
CONFIG_VARIABLE = "CODESTRATA_CONFIG_DIR"
_MAX_NAME = 40


@dataclass(frozen=True, slots=True)
class KnownIndex:
    """An index on this machine; `updated` is in seconds since the epoch."""

    index: str
    source: str
    name: str
    files: int
    bytes: int
    updated: float


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder for indexes and the user's own data."""
    chosen = environment.get(DATA_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir(APPLICATION, appauthor=False))


def preferences_file(environment: Mapping[str, str] = os.environ) -> Path:
    """The file that holds the preferences."""
    chosen = environment.get(CONFIG_VARIABLE)
    folder = Path(chosen) if chosen else Path(platformdirs.user_config_dir(APPLICATION, appauthor=False))
    return folder / "preferences.toml"


def index_folder(identity: str) -> Path:
    """Where the index of a source lies by default: a readable name, and a hash of the source's identity."""
    named = "-".join(Path(source).name for source in identity.split(SEPARATOR))
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", named)[:_MAX_NAME].strip("-.") or "source"
    digest = xxhash.xxh3_64_hexdigest(os.fsencode(identity))
    return data_folder() / "indexes" / f"{name}-{digest}"


def find_index(index: str | None, source: str | None) -> Path:
    """The index that a command is about: the one named, that of a source, or that of the nearest indexed ancestor of the
    working directory. Raises BrokenIndexError or UsageError where there is none."""
    if index:
        return Path(index)
    if source:
        identity = identity_of(source)
        found = own_index(identity) or _shared_index([identity])
        if found is None:
            named = [shown(one) for one in source.split(SEPARATOR)]
            next_step = f"run 'codestrata index {' '.join(named)}' first"
            raise BrokenIndexError(f"{' + '.join(named)} is not indexed", "", next_step)
        return found
    ancestors = [from_os(ancestor.as_posix()) for ancestor in _working_directories()]
    for ancestor in ancestors:
        if found := own_index(ancestor):
            return found
    if found := _shared_index(ancestors):
        return found
    raise UsageError(
        "no index is named and none covers the working directory",
        "neither --index nor --source was given",
        "run 'codestrata index SOURCE', or name one with --index or --source",
    )


def own_index(identity: str) -> Path | None:
    """The index in the default place that is of this source alone, if there is one."""
    folder = index_folder(identity)
    return folder if (folder / DATABASE_NAME).is_file() else None


def _shared_index(identities: Sequence[str]) -> Path | None:
    """The index that the first of these sources shares with others, the last updated of several."""
    shared = [(Path(known.index), known.source.split(SEPARATOR)) for known in known_indexes()] if identities else []
    return next((folder for identity in identities for folder, sources in shared if identity in sources), None)


def _working_directories() -> list[Path]:
    """The working directory and its ancestors; none where it has been deleted."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        return []
    return [here, *here.parents]


def known_indexes() -> list[KnownIndex]:
    """The indexes in the default place that can be read, the last updated first."""
    return sorted(_readable_indexes(), key=lambda known: -known.updated)


def _readable_indexes() -> Iterator[KnownIndex]:
    from indexing.stores.sqlite.reader import open_snapshot

    folder = data_folder() / "indexes"
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if not (entry / DATABASE_NAME).is_file():
            continue
        try:
            with open_snapshot(entry) as reader:
                files = reader.files()
                yield KnownIndex(
                    str(entry),
                    reader.meta("source"),
                    reader.meta("name"),
                    len(files),
                    sum(file.size for file in files),
                    float(reader.meta("updated", "0")),
                )
        except CodestrataError:
            continue  # of another format, or being made: not one that can be offered


def check_is_index(folder: Path) -> None:
    """Raise UsageError for a folder that holds no index."""
    if not (folder / DATABASE_NAME).is_file():
        raise UsageError(f"{folder} holds no index", "", "see 'codestrata list'")


def remove_index(folder: Path) -> None:
    """Delete an index, and nothing else: a folder that holds other things too keeps them."""
    from indexing.derived import VECTORS_FOLDER
    from indexing.stores.maintenance import discard
    from indexing.stores.vector_choice import forget_server

    check_is_index(folder)
    discard(folder)
    forget_server(folder / VECTORS_FOLDER)
    shutil.rmtree(folder)
