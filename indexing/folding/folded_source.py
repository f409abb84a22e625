"""`codestrata fold`: the source with repeated logic folded away, as a tree of files or as one Markdown document."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import BrokenIndexError, UsageError
from core.model.clone import FoldingSummary
from core.paths import from_os, to_os
from core.ports import IndexReader, TokenCounter
from indexing.encodings import EXTRACTED, decode
from indexing.folding.expanding import FoldedRecord, UnitTexts, expand, original, pack_records, record, unpack_records, whole
from indexing.folding.folded_document import write_document
from indexing.folding.folded_text import copies_by_chunk, fold_text

_MANIFEST = ".codestrata-folded.json"
"""Marks a folder as written by us, and names what may be removed when it is written anew."""
_RECORDS = ".codestrata-folded.bin"
"""What it takes to expand the tree (`indexing.folding.expanding`)."""
_DOCUMENT = "folded.md"
_COUNTED_BYTES = 4_000_000
"""LLM tokens are counted in about this much of the output and estimated for the rest, which would take minutes."""


@dataclass(frozen=True, slots=True)
class FoldedSource:
    """What was written: files, bytes, LLM tokens (an estimate beyond some megabytes) and how much folding left out."""

    files: int
    bytes: int
    tokens: int
    folding: FoldingSummary


def write_folded(
    reader: IndexReader, target: Path, counter: TokenCounter, cancellation: CancellationToken, budget: int | None = None
) -> FoldedSource:
    """Write the folded source into the folder `target`, or with a `budget` in LLM tokens one Markdown file there.

    With a budget `target` may also name the file itself (`…\u200b.md`). Raises UsageError for a folder that holds something
    else, a target that cannot be written, and a budget too small for anything.
    """
    if budget is not None:
        document, files, tokens = write_document(reader, counter, budget, cancellation)
        alone = target.suffix.lower() == ".md" and not target.is_dir()
        root = target.parent if alone else _prepare(target)
        name = target.name if alone else _DOCUMENT
        size = _write(root, name, document.encode(), "")
        if not alone:
            _write_manifest(root, [name])
        return FoldedSource(files, size, tokens, reader.folding())
    return _write_tree(reader, _prepare(target), counter, cancellation)


def expand_folded(source: Path, target: Path, cancellation: CancellationToken) -> int:
    """Write the source that the folded tree `source` was made of into the folder `target`; returns the number of files.

    Raises UsageError for a `source` that is no folded tree, or was changed, and for a `target` as `write_folded` does.
    """
    names = _names_in(source)
    try:
        records = unpack_records((source / _RECORDS).read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{source} cannot be expanded", str(error), "name a folder that 'codestrata fold' wrote") from None
    root = _prepare(target)

    def written(path: str) -> bytes:
        return decode((source / to_os(path)).read_bytes(), records[path].encoding).encode()

    def read(path: str, begin: int, end: int) -> bytes:
        return original(written(path), records[path], begin, end)

    done: list[str] = []
    try:
        for name in names:
            cancellation.check("expanding a folded source")
            content = (source / name).read_bytes()
            path = from_os(name)
            if path in records:
                try:
                    content = expand(written(path), records[path], read).decode().encode(records[path].encoding)
                except (ValueError, KeyError, OSError) as error:
                    raise UsageError(
                        f"{name} cannot be expanded",
                        f"it has changed since: {error}",
                        "fold the source again",
                    ) from None
            done.append(name)
            _write(root, name, content, name)
    finally:
        _write_manifest(root, done)
    return len(done)


def _write_tree(reader: IndexReader, root: Path, counter: TokenCounter, cancellation: CancellationToken) -> FoldedSource:
    copies = copies_by_chunk(reader.clone_classes())
    units = UnitTexts(reader)
    records: dict[str, FoldedRecord] = {}
    written: list[str] = []
    total = counted = tokens = 0
    try:
        for file in reader.files():
            cancellation.check("writing the folded source")
            chunks = reader.chunks_of(file.path)
            is_text = file.encoding not in EXTRACTED
            inner = to_os(file.path)
            if is_text and any(chunk.id in copies for chunk in chunks):
                text = reader.text(file.path).encode()
                folded = fold_text(text, file.language, chunks, copies, file.encoding)
                content = folded.text.decode().encode(file.encoding)
                records[file.path] = record(text, folded, file.encoding, units.locate, units.read)
            else:
                content = reader.content(file.path)
            written.append(inner)
            total += _write(root, inner, content, file.path)
            if counted < _COUNTED_BYTES:
                counted += len(content)
                text_ = decode(content, file.encoding) if is_text else reader.text(file.path)
                tokens += counter.count(text_)
        encodings = {file.path: file.encoding for file in reader.files()}
        for path in {left.path for found in records.values() for left in found.left} - records.keys() - {""}:
            records[path] = whole(reader.text(path).encode(), encodings[path])
        _write(root, _RECORDS, pack_records(records), "")
    finally:
        _write_manifest(root, [*written, _RECORDS])
    estimate = round(tokens * total / counted) if counted else 0
    return FoldedSource(len(written), total, estimate, reader.folding())


def _prepare(target: Path) -> Path:
    """The folder to write into, made or emptied of what an earlier run wrote."""
    try:
        if not target.exists():
            target.mkdir(parents=True)
        if not target.is_dir():
            raise UsageError(f"cannot write to {target}", "it is not a folder", "name a new or an empty folder")
        root = target.resolve(strict=True)
        entries = {entry.name for entry in root.iterdir()}
        if _MANIFEST in entries:
            entries -= _remove_earlier(root)
        if entries:
            raise UsageError(
                f"will not write to {target}",
                "it holds files that this program did not write",
                "name a new or an empty folder",
            )
    except OSError as error:
        raise UsageError(
            f"cannot write to {target}", (error.strerror or str(error)).lower(), "name another folder"
        ) from None
    return root


def _remove_earlier(root: Path) -> set[str]:
    """Remove the files of an earlier run and the folders that this leaves empty; returns the names gone from `root`."""
    before = {entry.name for entry in root.iterdir()}
    folders: set[Path] = set()
    for name in _listed(root):
        path = _inside(root, name)
        if path and path.is_file() and not path.is_symlink():
            path.unlink()
            folders.update(parent for parent in path.parents if root in parent.parents)
    for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
        if not any(folder.iterdir()):
            folder.rmdir()
    (root / _MANIFEST).unlink()
    return before - {entry.name for entry in root.iterdir()}


def _listed(root: Path) -> list[str]:
    """The names in the manifest of a folder that was written by us; none where it is damaged."""
    try:
        names = json.loads((root / _MANIFEST).read_text("utf-8", "surrogateescape"))
    except ValueError:
        return []
    return [str(name) for name in names] if isinstance(names, list) else []


def _names_in(source: Path) -> list[str]:
    """The files of a folded tree."""
    if not (source / _MANIFEST).is_file() or not (source / _RECORDS).is_file():
        raise UsageError(f"{source} is no folded source", "", "name a folder that 'codestrata fold' wrote")
    return [name for name in _listed(source) if name != _RECORDS and _inside(source, name)]


def _write_manifest(root: Path, names: list[str]) -> None:
    text = json.dumps(names, ensure_ascii=False)
    (root / _MANIFEST).write_text(text, "utf-8", "surrogateescape")


def _inside(root: Path, name: str) -> Path | None:
    """The path of `name` (with `/`) below `root`, or None where it would lie outside, links included."""
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\x00" in part or (os.name == "nt" and set(part) & set(":\\")) for part in parts):
        return None
    path = root.joinpath(*parts)
    real = Path(os.path.realpath(path.parent))
    return path if real == root or root in real.parents else None


def _write(root: Path, name: str, content: bytes, shown: str) -> int:
    path = _inside(root, name)
    if path is None:
        raise BrokenIndexError(
            f"the index names the path {shown or name}", "it lies outside of the source", "rebuild the index"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
            file.write(content)
    except OSError as error:
        raise UsageError(
            f"cannot write {shown or name}", (error.strerror or str(error)).lower(), "name another folder"
        ) from None
    return len(content)
