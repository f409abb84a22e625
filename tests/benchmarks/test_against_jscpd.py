"""The copies in Tomcat that jscpd finds, how long it takes, and whether we list them too.

Both look for copies of 50 tokens and more; jscpd in its mode `weak`, which leaves comments out. jscpd 4 is written in
JavaScript, jscpd 5 in Rust; neither makes an index. So our figures stand beside theirs one by one: the whole index;
folding with the reading it rests on, but without linking, words, vectors and writing; folding alone; and, from the index,
listing what was found.

A copy is *listed* where one of our classes, pairs or blocks holds 70 % of the lines of both its places.
"""

from __future__ import annotations

import json
import resource
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import machine, projects
from tests.benchmarks.command import ask, index

VERSIONS = ("4.3.0", "5.3.3")
TOKENS = 50
HELD = 0.7
NEEDED = ("scan", "parse", "read", "chunk", "fold")
"""Stages of ours without which there would be no folding, as far as the report tells them apart."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Lines `[first, last]` of a file."""

    path: str
    first: int
    last: int

    @property
    def lines(self) -> set[int]:
        return set(range(self.first, self.last + 1))


Copy = tuple[Range, Range]


@dataclass(frozen=True, slots=True)
class Detection:
    """What a version of jscpd found, and its CPU seconds."""

    copies: list[Copy]
    seconds: float


def installed(version: str) -> Path:
    """The program; skips where npm cannot have it."""
    folder = machine.cache() / f"jscpd-{version}"
    program = folder / "node_modules" / ".bin" / "jscpd"
    if not program.exists():
        try:
            command = ["npm", "install", "--silent", "--prefix", str(folder), f"jscpd@{version}"]
            subprocess.run(command, check=True, timeout=600)
            subprocess.run([str(program), "--version"], check=True, capture_output=True)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"jscpd {version} could not be installed: {error}")
    return program


def detect(program: Path, source: Path, folder: Path) -> Detection:
    """Run jscpd over Java sources without bounds on the size of files."""
    options = [
        "--min-tokens",
        str(TOKENS),
        "--max-lines",
        "100000",
        "--max-size",
        "10mb",
        "--mode",
        "weak",
        "--format",
        "java",
    ]
    before = children_seconds()
    command = [str(program), *options, "--reporters", "json", "--output", str(folder), "--exitCode", "0", str(source)]
    done = subprocess.run(_known(program, command), capture_output=True, text=True, check=False, cwd=source)
    spent = children_seconds() - before
    report = folder / "jscpd-report.json"
    assert report.is_file(), done.stderr[-2000:] + done.stdout[-2000:]
    found = json.loads(report.read_text(encoding="utf-8"))["duplicates"]
    copies = [(_range(copy["firstFile"], source), _range(copy["secondFile"], source)) for copy in found]
    return Detection(copies, spent)


def children_seconds() -> float:
    """CPU seconds of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _known(program: Path, command: list[str]) -> list[str]:
    """The command with the exit code's option as this version spells it."""
    told = subprocess.run([str(program), "--help"], capture_output=True, text=True, check=False).stdout
    return ["--exit-code" if word == "--exitCode" and "--exit-code" in told else word for word in command]


def _range(file: Mapping[str, Any], source: Path) -> Range:
    path = Path(file["name"])
    path = path if path.is_absolute() else (source / path).resolve()
    # Version 4 tells a few ends before their starts.
    first, last = sorted((file["start"], file["end"]))
    return Range(path.relative_to(source.resolve()).as_posix(), first, last)


def groups(folder: Path) -> Iterator[list[Range]]:
    """What we say belongs together: classes, pairs and blocks."""
    for found in ask(folder, "clones")["classes"]:
        yield [_ours(place) for place in (found["representative"], *found["members"])]
    for block in ask(folder, "clones", "--blocks")["blocks"]:
        yield [_ours(place) for place in block["places"]]
    for pair in ask(folder, "clones", "--pairs")["pairs"]:
        yield [_ours(pair["a"]), _ours(pair["b"])]


def _ours(place: Mapping[str, Any]) -> Range:
    return Range(place["path"], place["start_line"], place["end_line"])


class Listed:
    """Our groups, by the files that they touch."""

    def __init__(self, found: Iterable[list[Range]]) -> None:
        self._groups = list(found)
        self._of_file: defaultdict[str, set[int]] = defaultdict(set)
        for number, group in enumerate(self._groups):
            for place in group:
                self._of_file[place.path].add(number)

    def share(self, copy: Copy) -> float:
        """The share of the copy's lines, of the side that is worse off, that groups with lines of both sides hold."""
        one, other = copy
        held: tuple[set[int], set[int]] = (set(), set())
        for number in self._of_file[one.path] & self._of_file[other.path]:
            places = self._groups[number]
            left, right = (
                [(place, place.lines & side.lines) for place in places if place.path == side.path] for side in (one, other)
            )
            # A place cannot be the copy of itself.
            if any(a != b and some and more for a, some in left for b, more in right):
                for lines, side in zip(held, (left, right), strict=True):
                    lines.update(line for _, common in side for line in common)
        return min(len(lines) / len(side.lines) for lines, side in zip(held, copy, strict=True))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_copies_that_jscpd_finds(version: str, tmp_path: Path) -> None:
    source = projects.get("tomcat")
    theirs = detect(installed(version), source, tmp_path / "theirs")
    run = index(source, tmp_path / "index", settle=True)
    before = children_seconds()
    listed = Listed(groups(tmp_path / "index"))
    listing = children_seconds() - before
    shares = [listed.share(copy) for copy in theirs.copies]
    missed = [copy for copy, share in zip(theirs.copies, shares, strict=True) if share < HELD]
    stages = run.report["seconds"]
    ours = {
        "the whole index": sum(spent for stage, spent in stages.items() if stage not in {"total", "first_searchable"}),
        "reading, parsing and folding": sum(stages.get(stage, 0.0) for stage in NEEDED),
        "folding": stages.get("fold", 0.0),
        "listing classes, blocks and pairs": listing,
    }
    lines = sum(len(one.lines) + len(other.lines) for one, other in theirs.copies)
    held = sum(
        share * (len(one.lines) + len(other.lines)) for share, (one, other) in zip(shares, theirs.copies, strict=True)
    )
    rows: list[Sequence[str]] = [
        ("", "CPU seconds", "times"),
        (f"jscpd {version}", f"{theirs.seconds:.1f}", ""),
        *((name, f"{spent:.1f}", f"{theirs.seconds / max(spent, 0.01):.1f}") for name, spent in ours.items()),
        ("its copies", str(len(theirs.copies)), ""),
        ("listed by us", str(len(theirs.copies) - len(missed)), f"{1 - len(missed) / len(theirs.copies):.1%}"),
        ("of its lines", str(lines), f"{held / lines:.1%}"),
    ]
    machine.show(f"against_jscpd_{version}", f"Copies in Tomcat, {run.megabytes:.0f} MB", rows)
    print("CPU seconds: ", stages)
    machine.result(f"jscpd_{version}_missed.txt").write_text(told(missed, source), encoding="utf-8")
    assert theirs.copies
    assert not missed, f"{len(missed)} of {len(theirs.copies)} copies are not listed"


def told(missed: Sequence[Copy], source: Path) -> str:
    """The copies with the text of their first place."""
    found = []
    for one, other in sorted(missed, key=lambda copy: copy[0].first - copy[0].last):
        text = (source / one.path).read_text(encoding="utf-8", errors="replace").split("\n")
        found.append(f"## {one.path}:{one.first}-{one.last}, {other.path}:{other.first}-{other.last}")
        found += text[one.first - 1 : min(one.last, one.first + 11)]
    return "\n".join(found) + "\n"
