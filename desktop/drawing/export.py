"""Writing a drawing to a file; the file's ending chooses the format."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from core.errors import MissingPartError, UsageError
from core.model.diagram import Diagram, Drawing
from desktop.drawing.child import child_command, child_environment
from desktop.drawing.dot import readable_dot
from desktop.drawing.graphml import diagram_graphml
from desktop.drawing.links import LinkPattern
from desktop.drawing.mermaid import mermaid
from desktop.drawing.svg import svg

_PAINT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is written: its theme, the pixels of a PNG to a point (1 to 4), and where the boxes of an SVG lead."""

    theme: str = "light"
    scale: float = 2.0
    links: LinkPattern | None = None


def write_diagram(drawing: Drawing, file: Path, look: Look = Look()) -> None:
    """Write `file` whole or not at all. `UsageError` for an ending that is no format or a folder that is not there,
    `MissingPartError` where PNG or PDF cannot be painted."""
    write_whole(file, render(drawing, format_of(file), look))


def write_picture(svg: str, file: Path) -> None:
    """Write the text of an SVG as `file`, whole or not at all, in the one of `PICTURES` that its ending names; the same
    errors as `write_diagram`."""
    ending = format_of(file, PICTURES)
    write_whole(file, svg.encode() if ending == "svg" else paint(svg.encode(), ending))


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


def render(drawing: Drawing, ending: str, look: Look = Look()) -> bytes:
    """The content of a file in one of `FORMATS`."""
    return _FORMATS[ending](drawing, look)


def diagram_json(diagram: Diagram) -> dict[str, object]:
    """A diagram as the command line prints it."""
    return asdict(diagram)


def _json(drawing: Drawing, _look: Look) -> bytes:
    return (json.dumps(diagram_json(drawing.diagram), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _svg(drawing: Drawing, look: Look) -> bytes:
    return svg(drawing, look.theme, look.links).encode()


def _painted(ending: str) -> Callable[[Drawing, Look], bytes]:
    return lambda drawing, look: paint(_svg(drawing, look), ending, look.scale)


def paint(picture: bytes, ending: str, scale: float = 2.0) -> bytes:
    """An SVG as PNG (`scale` pixels a point) or PDF (`ending`); `MissingPartError` where Qt cannot paint it."""
    environment = child_environment() | {"QT_QPA_PLATFORM": "offscreen"}
    command = child_command("desktop.qt.export", ending, str(scale))
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


_FORMATS: Mapping[str, Callable[[Drawing, Look], bytes]] = {
    "svg": _svg,
    "png": _painted("png"),
    "pdf": _painted("pdf"),
    "dot": lambda drawing, _look: readable_dot(drawing.diagram).encode(),
    "mmd": lambda drawing, _look: mermaid(drawing.diagram).encode(),
    "graphml": lambda drawing, _look: diagram_graphml(drawing.diagram).encode(),
    "json": _json,
}
FORMATS = tuple(_FORMATS)
PICTURES = ("svg", "png", "pdf")
"""What an SVG can be painted as, itself included."""
"""Endings of files that can be written."""
