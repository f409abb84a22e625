"""Writing a drawing to a file; the file's ending chooses the format."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile

from core.errors import MissingPartError, UsageError
from core.model.diagram import Diagram, Drawing
from desktop.drawing.child import child_command, child_environment
from desktop.drawing.dot import readable_dot
from desktop.drawing.mermaid import mermaid
from desktop.drawing.svg import svg

_PNG_SCALE = 2.0
_PAINT_SECONDS = 60


def write_diagram(drawing: Drawing, file: Path, theme: str = "light") -> None:
    """Write `file` whole or not at all. `UsageError` for an ending that is no format or a folder that is not there,
    `MissingPartError` where PNG or PDF cannot be painted."""
    write_whole(file, render(drawing, format_of(file), theme))


def write_whole(file: Path, content: bytes) -> None:
    """Write `file` whole or not at all; `UsageError` where that cannot be."""
    check_folder(file)
    try:
        with NamedTemporaryFile("wb", dir=file.parent, prefix=f".{file.name}.", delete=False) as temporary:
            temporary.write(content)
        Path(temporary.name).chmod(0o666 & ~_umask())
        Path(temporary.name).replace(file)
    except OSError as error:
        raise UsageError(f"{file} cannot be written", error.strerror or str(error), "choose another place") from error


def check_folder(file: Path) -> None:
    """Raise `UsageError` where `file` lies in no folder."""
    if not file.parent.is_dir():
        raise UsageError(f"{file} cannot be written", "its folder does not exist", "create the folder or choose another")


def format_of(file: Path, formats: Sequence[str] = ()) -> str:
    """The format a file's ending names, of `formats` (all that a diagram has); `UsageError` for none of them."""
    ending, known = file.suffix.lower().removeprefix("."), formats or FORMATS
    if ending not in known:
        raise UsageError(f"{file.name} has no ending that names a format", "", f"choose one of {', '.join(known)}")
    return ending


def render(drawing: Drawing, ending: str, theme: str = "light") -> bytes:
    """The content of a file in one of `FORMATS`."""
    return _FORMATS[ending](drawing, theme)


def diagram_json(diagram: Diagram) -> dict[str, object]:
    """A diagram as the command line prints it."""
    return asdict(diagram)


def _json(drawing: Drawing, theme: str) -> bytes:
    return (json.dumps(diagram_json(drawing.diagram), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _svg(drawing: Drawing, theme: str) -> bytes:
    return svg(drawing, theme).encode()


def _painted(ending: str) -> Callable[[Drawing, str], bytes]:
    return lambda drawing, theme: paint(_svg(drawing, theme), ending)


def paint(picture: bytes, ending: str) -> bytes:
    """An SVG as PNG or PDF (`ending`); `MissingPartError` where Qt cannot paint it."""
    environment = child_environment() | {"QT_QPA_PLATFORM": "offscreen"}
    command = child_command("desktop.qt.export", ending, str(_PNG_SCALE))
    try:
        done = subprocess.run(
            command, input=picture, capture_output=True, timeout=_PAINT_SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise MissingPartError(f"the {ending.upper()} took too long to paint", "", "write an SVG instead") from error
    if done.returncode != 0 or not done.stdout:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise MissingPartError(
            f"Qt cannot paint a {ending.upper()} here", lines[-1] if lines else "", "write an SVG instead"
        )
    return done.stdout


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_FORMATS: Mapping[str, Callable[[Drawing, str], bytes]] = {
    "svg": _svg,
    "png": _painted("png"),
    "pdf": _painted("pdf"),
    "dot": lambda drawing, theme: readable_dot(drawing.diagram).encode(),
    "mmd": lambda drawing, theme: mermaid(drawing.diagram).encode(),
    "json": _json,
}
FORMATS = tuple(_FORMATS)
"""Endings of files that can be written."""
