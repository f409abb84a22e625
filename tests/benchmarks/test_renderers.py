"""Exported SVGs as Chromium and librsvg show them: the same picture, whoever opens it; and the same bytes on a second run.

Every kind of diagram of this repository (CODESTRATA_DIAGRAM_INDEXES may name an index of another source), light and dark,
and one with a hundred hostile names. Where a program is missing the comparison is skipped; `chromium` and `librsvg2-bin`
are Debian's names of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QImage

from core.cancellation import CancellationToken
from core.diagrams import KINDS, NEEDS_SYMBOL, draw
from core.errors import SourceError
from core.model.diagram import Drawing
from core.model.graph import EdgeKind
from core.model.symbol import SymbolKind
from desktop import assembly
from desktop.drawing.svg import svg
from desktop.engine.session import IndexSession
from tests.benchmarks import machine
from tests.benchmarks.command import index
from tests.desktop.drawing.samples import hostile

INDEXES = "CODESTRATA_DIAGRAM_INDEXES"
ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
RSVG = shutil.which("rsvg-convert")
BLOCK = 8
"""Pixels of a side that are averaged: letters are smoothed otherwise by each program, lines and boxes lie where they lie."""
MEAN, WORST, FEW = 1.0, 48.0, 0.002
"""Grey levels of 256 the blocks may differ by on average, and what no more than a few of them may."""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> IndexSession:
    made = os.environ.get(INDEXES, "").split(":")[-1]
    folder = Path(made) if made else tmp_path_factory.mktemp("renderers") / "own"
    if not made:
        index(ROOT, folder)
    return assembly.open_service(assembly.settings_for()).session(folder)


@pytest.fixture(scope="module")
def wishes(session: IndexSession) -> dict[str, str]:
    """The kinds with a scope each: the whole, or a function that calls another."""
    calls = session.reader.edges((EdgeKind.CALLS,))
    symbols = session.source_map.symbols
    functions = (SymbolKind.FUNCTION, SymbolKind.METHOD)
    step = next(e for e in calls if symbols[e.source].kind in functions and symbols[e.target].kind in functions)
    caller, way = symbols[step.source].id, f"{symbols[step.source].id} -> {symbols[step.target].id}"
    return {kind: way if kind == "path" else caller if kind in NEEDS_SYMBOL else "" for kind in KINDS}


@pytest.fixture(scope="module")
def drawings(session: IndexSession, wishes: dict[str, str]) -> dict[str, Drawing]:
    """One of every kind that the source has something for."""
    service = assembly.open_service(assembly.settings_for())
    found = {}
    for kind, scope in wishes.items():
        try:
            diagram = draw(kind, scope, session.reader, None, session.source_map)
        except SourceError:
            continue  # a source without a history has no churn
        found[kind] = service.lay_out(diagram, CancellationToken())
    pack = service.diagram(session.folder, "pack", "How is a diagram laid out?")
    found["pack"] = service.lay_out(pack, CancellationToken())
    found["hostile"] = service.lay_out(hostile(), CancellationToken())
    return found


def pixels(file: Path) -> np.ndarray:
    """Grey levels, shape (height, width)."""
    image = QImage(str(file)).convertToFormat(QImage.Format.Format_Grayscale8)
    assert not image.isNull(), file
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].astype(float)


def blocks(grey: np.ndarray, height: int, width: int) -> np.ndarray:
    """The averages of squares of pixels."""
    cut = grey[: height // BLOCK * BLOCK, : width // BLOCK * BLOCK]
    return cut.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK).mean(axis=(1, 3))


def by_chromium(file: Path, target: Path, width: int, height: int) -> None:
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"]
    profile = f"--user-data-dir={target.parent / 'profile'}"
    wanted = [f"--screenshot={target}", f"--window-size={width},{height}", profile, file.as_uri()]
    subprocess.run([CHROMIUM, *options, *wanted], check=True, timeout=300, capture_output=True)


@pytest.mark.skipif(CHROMIUM is None or RSVG is None, reason="needs chromium and rsvg-convert")
def test_two_renderers_show_the_same(drawings: dict[str, Drawing], tmp_path: Path) -> None:
    rows, bad = [], []
    for kind, drawing in drawings.items():
        for theme in ("light", "dark"):
            file = tmp_path / f"{kind}-{theme}.svg"
            file.write_text(svg(drawing, theme), encoding="utf-8")
            size = ElementTree.fromstring(file.read_text(encoding="utf-8")).attrib
            width, height = round(float(size["width"])), round(float(size["height"]))
            one, other = tmp_path / f"{kind}-{theme}-rsvg.png", tmp_path / f"{kind}-{theme}-chromium.png"
            subprocess.run([RSVG, "-o", str(one), str(file)], check=True, timeout=300)
            by_chromium(file, other, width, height)
            left, right = pixels(one), pixels(other)
            rows_of, columns = min(left.shape[0], right.shape[0]), min(left.shape[1], right.shape[1])
            assert abs(left.shape[0] - height) <= 1
            assert abs(left.shape[1] - width) <= 1
            differences = np.abs(blocks(left, rows_of, columns) - blocks(right, rows_of, columns))
            far = float((differences > WORST).mean())
            rows.append([f"{kind} {theme}", f"{width}×{height}", f"{differences.mean():.2f}", f"{differences.max():.0f}"])
            rows[-1].append(f"{far:.3%}")
            if differences.mean() > MEAN or far > FEW:
                bad.append(rows[-1])
    head = ["picture", "points", "mean", "worst", "far blocks"]
    machine.show("renderers", "SVGs by Chromium and librsvg, in grey levels of 256 over 8×8 pixels", [head, *rows])
    assert bad == []


def test_the_same_picture_has_the_same_bytes(
    session: IndexSession, wishes: dict[str, str], drawings: dict[str, Drawing]
) -> None:
    service = assembly.open_service(assembly.settings_for())
    again = service.session(session.folder)
    for kind in wishes.keys() & drawings.keys():
        diagram = draw(kind, wishes[kind], again.reader, None, again.source_map)
        assert svg(service.lay_out(diagram, CancellationToken())) == svg(drawings[kind]), kind
