"""Folds drawn at random, written out side by side for a person to read and judge.

`python -m tests.benchmarks.fold_sample SOURCE... [--count 200] [--least 0.9] [--seed 4] [-o FILE]` indexes each source,
draws pairs of a representative and a member at least so alike, evenly over the sources, and writes a text: each pair with
its places, type and similarity, both functions in two columns, lines that differ marked, and a line `right: ` to fill in.
Exact copies need no reading: only pairs whose text differs by more than white space are drawn.

With `--index FOLDER`, a ready index of the one source, nothing is indexed; `--among GLOB`, as often as wanted, draws evenly
over what fits each, so that `--among 'linux/*.c' --among 'jdk/*.java'` gives as many of the one as of the other.
`--edited` leaves out what differs in comments and layout alone.
"""

from __future__ import annotations

import argparse
import difflib
import fnmatch
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import machine
from tests.benchmarks.command import ask, index

WIDTH = 92
"""Columns of each side."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A member beside its representative, each as its place and its lines."""

    source: str
    kept: str
    copy: str
    kept_lines: tuple[str, ...]
    copy_lines: tuple[str, ...]
    type: int
    similarity: float
    verdict: str


def folds(source: Path, folder: Path, least: float, least_type: int) -> list[Fold]:
    """The folds of an indexed source that are worth reading, in the order of the command."""
    answer = ask(folder, "clones", "--min-similarity", str(least))
    found = []
    for clones in answer["classes"]:
        kept = clones["representative"]
        for member in clones["members"]:
            verdict = str(member.get("verdict", "folded"))
            worth = member["similarity"] >= least and member["type"] >= least_type
            if worth and verdict in {"folded", "indexed"}:
                lines = _lines(source, kept), _lines(source, member)
                if _squeezed(lines[0]) != _squeezed(lines[1]):
                    places = _place(kept), _place(member)
                    found.append(Fold(source.name, *places, *lines, member["type"], member["similarity"], verdict))
    return found


def draw(sources: Mapping[str, list[Fold]], count: int, seed: int) -> list[Fold]:
    """`count` folds, as many of each source as it can give; one a representative, lest a large class fill the page."""
    chance = random.Random(seed)
    drawn: list[Fold] = []
    left = count
    for number, found in enumerate(sorted(sources.values(), key=len)):
        by_kept: dict[str, list[Fold]] = {}
        for fold in found:
            by_kept.setdefault(fold.kept, []).append(fold)
        share = min(len(by_kept), left // (len(sources) - number))
        drawn += [chance.choice(by_kept[kept]) for kept in chance.sample(sorted(by_kept), share)]
        left -= share
    return drawn


def written(folds_drawn: list[Fold]) -> Iterator[str]:
    """The text for reading."""
    yield f"{len(folds_drawn)} folds drawn at random. Right: whoever reads the left one knows what the right one does."
    for number, fold in enumerate(folds_drawn, 1):
        yield f"\n===== {number}  {fold.source}  type {fold.type}  similarity {fold.similarity:.3f}  {fold.verdict}\nright: "
        yield f"{fold.kept:<{WIDTH}}   {fold.copy}"
        yield from side_by_side(fold.kept_lines, fold.copy_lines)


def side_by_side(left: tuple[str, ...], right: tuple[str, ...]) -> Iterator[str]:
    """Both texts in two columns; `|` changed, `<` on the left alone, `>` on the right alone."""
    matcher = difflib.SequenceMatcher(
        None, [line.strip() for line in left], [line.strip() for line in right], autojunk=False
    )
    marks = {"equal": " ", "replace": "|", "delete": "<", "insert": ">"}
    for tag, start, stop, begin, end in matcher.get_opcodes():
        for i in range(max(stop - start, end - begin)):
            one = left[start + i] if start + i < stop else ""
            other = right[begin + i] if begin + i < end else ""
            yield f"{one.expandtabs(4)[:WIDTH]:<{WIDTH}} {marks[tag]} {other.expandtabs(4)[:WIDTH]}".rstrip()


def _place(place: Mapping[str, Any]) -> str:
    return f"{place['path']}:{place['start_line']}-{place['end_line']}"


def _lines(source: Path, place: Mapping[str, Any]) -> tuple[str, ...]:
    text = (source / place["path"]).read_text(encoding="utf-8", errors="replace")
    return tuple(text.split("\n")[place["start_line"] - 1 : place["end_line"]])


def _squeezed(lines: tuple[str, ...]) -> str:
    return "".join("".join(lines).split())


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="fold_sample", description="Write folds out for reading.")
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--least", type=float, default=0.9)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--among", action="append", default=[])
    parser.add_argument("--edited", action="store_true")
    parser.add_argument("-o", "--output", type=Path, default=machine.result("fold_sample.txt"))
    given = parser.parse_args(words)
    if given.index and len(given.sources) > 1:
        parser.error("--index is the index of one source")
    found: dict[str, list[Fold]] = {}
    for source in given.sources:
        with tempfile.TemporaryDirectory() as scratch:
            folder = given.index or Path(scratch) / "index"
            if not given.index:
                index(source, folder, settle=True)
            of_source = folds(source, folder, given.least, 2 if given.edited else 1)
        for glob in given.among or ["*"]:
            key = f"{source.name} {glob}"
            found[key] = [fold for fold in of_source if fits(fold, glob)]
            print(f"{key}: {len(found[key])} folds to draw from", file=sys.stderr)
    given.output.write_text("\n".join(written(draw(found, given.count, given.seed))) + "\n", encoding="utf-8")
    print(given.output)


def fits(fold: Fold, glob: str) -> bool:
    """Whether the paths of both places fit."""
    return all(fnmatch.fnmatch(place.rpartition(":")[0], glob) for place in (fold.kept, fold.copy))


if __name__ == "__main__":
    main(sys.argv[1:])
