"""What must hold for any bytes: the work of a fuzz run's worker, one sentence for what did not, nothing where all did.

A check may end in an exception, a crash or a hang; whoever sent the example is told by the worker's end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import CodestrataError
from core.model.source import FailedFile, FileRole, SourceFile
from core.paths import escape, unescape
from core.settings import ChunkSettings, ScanSettings
from indexing.encodings import decode, detect_encoding
from indexing.intake import open_source
from indexing.parse import parse
from indexing.parsed import ParsedFile
from indexing.scan import scan

_LOOSE = {"jupyter"}
"""Languages of which the frame around the content is in no chunk."""
SECONDS, BYTES_PER_SECOND = 3.0, 20_000
"""CPU time that one file may take: some, and some for its bytes."""


@dataclass(frozen=True)
class Example:
    """`kind` is one of `CHECKS`. A tree is a tuple of (path, content or a kind of special file)."""

    kind: str
    language: str = ""
    content: bytes = b""
    tree: tuple[tuple[bytes, bytes | str], ...] = ()


def examine(examples: Sequence[Example]) -> list[str]:
    """The complaint about each example, or nothing."""
    return [CHECKS[example.kind](example) for example in examples]


def check_encoding(example: Example) -> str:
    """A file can be decoded and given back."""
    name = detect_encoding(example.content)
    text = decode(example.content, name)
    text.encode("utf-8")
    return "" if text.encode(name) == example.content else f"{name} does not give the bytes back"


def check_parse(example: Example) -> str:
    """A file is parsed and chunked, or has failed; what comes out lies in it, and is there in time."""
    content = example.content
    began = time.process_time()
    source = SourceFile(f"a/b.{example.language}", example.language, FileRole.SOURCE, len(content), 0)
    parsed = parse(source, content, ChunkSettings())
    seconds = time.process_time() - began
    if seconds > SECONDS + len(content) / BYTES_PER_SECOND:
        return f"{len(content)} bytes took {seconds:.1f} seconds"
    if isinstance(parsed, FailedFile):
        return ""
    text = content if parsed.encoding == "utf-8" else decode(content, parsed.encoding).encode()
    return _facts_in(parsed, text) or ("" if example.language in _LOOSE else _chunks_in(parsed, text))


def _facts_in(parsed: ParsedFile, text: bytes) -> str:
    facts, lines = parsed.facts, text.count(b"\n") + 1
    for index, definition in enumerate(facts.definitions):
        span = definition.span
        if not (0 <= span.start <= span.end <= len(text) and 1 <= span.start_line <= span.end_line <= lines):
            return f"definition {index} ({definition.name!r}) does not lie in the text: {span}"
        around, steps = index, 0
        while around > 0 and steps <= len(facts.definitions):
            around, steps = facts.definitions[around].parent, steps + 1
        if around != 0:
            return f"definition {index} ({definition.name!r}) does not lie in the module"
        for field in (definition.name, definition.nesting, definition.signature, definition.doc):
            field.encode("utf-8")
    for used in (*facts.references, *facts.imports, *facts.bindings):
        if not (0 <= used.scope < len(facts.definitions) and 0 <= used.line <= lines):
            return f"{used} does not lie in the text"
    return ""


def _chunks_in(parsed: ParsedFile, text: bytes) -> str:
    end = 0
    for chunk in parsed.chunks:
        span = chunk.span
        if not end <= span.start < span.end <= len(text):
            return f"a chunk at {span} after one that ends at {end}, of {len(text)} bytes"
        if text[end : span.start].strip():
            return f"{text[end : span.start][:60]!r} is in no chunk"
        if not 0 <= chunk.definition < len(parsed.facts.definitions):
            return f"a chunk of the definition {chunk.definition}"
        text[span.start : span.end].decode("utf-8")
        end = span.end
    return f"{text[end:][:60]!r} is in no chunk" if text[end:].strip() else ""


def check_tree(example: Example) -> str:
    """A scan tells what became of every file, and is the same when it is told what is known."""
    folder = tempfile.mkdtemp(prefix="fuzz-")
    try:
        made = _grow(os.fsencode(folder), example.tree)
        with open_source(folder) as workspace:
            found = scan(workspace, ScanSettings(), CancellationToken())
            known = {file.path: file for file in found.files}
            if scan(workspace, ScanSettings(), CancellationToken(), known) != found:
                return "a scan that knows the files finds others"
            for file in found.files:
                if not os.path.isfile(workspace.locate(file.path)):  # noqa: PTH113
                    return f"{file.path!r} is not there"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    left_out = [entry.path for entry in (*found.skipped, *found.failed)]
    told = {*known, *left_out}
    folders = tuple(path for path in left_out if path.endswith("/"))
    lost = [path for path in made if path not in told and not path.startswith(folders)]
    return f"nothing is said of {lost[:3]}" if lost else ""


def _grow(folder: bytes, tree: Sequence[tuple[bytes, bytes | str]]) -> set[str]:
    """Make what can be made of the tree; returns the paths of its files. Links come last, the deepest first: nothing is
    written through one."""
    made: set[str] = set()
    for name, content in sorted(tree, key=lambda entry: (entry[1] == "link", -entry[0].count(b"/"))):
        path = folder + b"/" + name
        try:
            os.makedirs(path.rpartition(b"/")[0], exist_ok=True)  # noqa: PTH103 - a path of bytes
            if content == "fifo":
                os.mkfifo(path)
            elif content == "link":
                os.symlink(b"..", path)  # noqa: PTH211 - a path of bytes
            elif isinstance(content, bytes):
                with open(path, "xb") as file:  # noqa: PTH123 - a path of bytes
                    file.write(content)
        except (OSError, ValueError):
            continue
        shown = escape(name)
        if unescape(shown) != name:
            raise AssertionError(f"{name!r} does not come back from {shown!r}")
        made.add(shown)
    return made


def check_archive(example: Example) -> str:
    """An archive is opened or refused in one line, and leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        path = folder / f"packed.{example.language}"
        path.write_bytes(example.content)
        try:
            with open_source(str(path)) as workspace:
                scan(workspace, ScanSettings(), CancellationToken())
        except CodestrataError as error:
            return "an error of several lines" if "\n" in str(error) else ""
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return ""


CHECKS = {"encoding": check_encoding, "parse": check_parse, "tree": check_tree, "archive": check_archive}
