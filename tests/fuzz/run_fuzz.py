"""`make fuzz`: looks for inputs that break scanning, decoding, parsing and chunking, for as long as it is told.

    python -m tests.fuzz.run_fuzz [SECONDS] [--corpus FOLDER] [--only WORD]

Each example is tried in a worker process that may crash or hang; Hypothesis then makes it as small as it can. What is found
is printed with its bytes; the exit code is 1 where anything was. Whoever mends it adds a test.
"""

from __future__ import annotations

import argparse
import multiprocessing.connection
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase

from indexing.languages.registry import languages
from indexing.workers import Worker, WorkerDiedError
from tests.fuzz.checks import Example, examine
from tests.fuzz.examples import archive_examples, encoding_examples, parse_examples, seeds, tree_examples

ROUND = 60
"""Examples of one kind before the next has its turn."""
HANGING_SECONDS = 20.0
SHRINKING_SECONDS = 15.0
FINDINGS_A_KIND = 2
_SHOWN = 300
_FORMATS = (
    "text", "markdown", "restructuredtext", "asciidoc", "html", "json", "xml", "yaml", "toml", "ini", "properties", "csv",
    "jcl", "css", "makefile", "cmake", "dockerfile", "gradle",
)  # fmt: skip
"""Files that are taken apart without a grammar."""


class Examiner:
    """Has examples tried in a worker, and starts another where that dies."""

    def __init__(self, work: Callable[[Sequence[Example]], list[str]] = examine) -> None:
        self.tried = 0
        self._work = work
        self._worker: Worker[Example, str] | None = None

    def __call__(self, example: Example) -> None:
        """Raises AssertionError for whatever is wrong."""
        self.tried += 1
        worker = self._worker = self._worker or Worker(self._work)
        worker.send([example])
        while True:
            multiprocessing.connection.wait([worker.connection], 0.5)
            try:
                if worker.seconds() > HANGING_SECONDS and worker.cpu_seconds() > HANGING_SECONDS:
                    raise AssertionError(f"did not end within {HANGING_SECONDS:.0f} seconds")
                if worker.connection.poll() and (results := worker.receive()) is not None:
                    break
            except WorkerDiedError:
                self.close()
                raise AssertionError("the process crashed") from None
            except AssertionError:
                self.close()
                raise
        if results[0]:
            raise AssertionError(results[0])

    def close(self) -> None:
        if self._worker is not None:
            self._worker.kill()
        self._worker = None


def look(strategy: st.SearchStrategy[Example], examine_one: Examiner) -> tuple[Example, BaseException] | None:
    """One round over one kind of example: the smallest that fails, and how."""
    last: list[tuple[Example, BaseException]] = []
    failed_at: list[float] = []

    @settings(
        max_examples=ROUND,
        deadline=None,
        database=InMemoryExampleDatabase(),
        derandomize=False,  # where CI is set, Hypothesis would try the same examples every round
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        print_blob=False,
        report_multiple_bugs=False,
    )
    @given(strategy)
    def holds(example: Example) -> None:
        try:
            examine_one(example)
        except Exception as error:
            failed_at.append(time.monotonic())
            if time.monotonic() - failed_at[0] < SHRINKING_SECONDS:  # then it is small enough
                last[:] = [(example, error)]
                raise

    try:
        holds()
    except Exception as error:  # noqa: BLE001 - whatever it is, it was found
        return last[0] if last else (Example("hypothesis"), error)
    return None


def kinds(corpus: str, only: str) -> dict[str, st.SearchStrategy[Example]]:
    """What is to be tried, by name."""
    files = seeds(corpus)
    everything = [content for known in files.values() for content in known]
    found: dict[str, st.SearchStrategy[Example]] = {
        "tree": tree_examples(),
        "encoding": encoding_examples(everything),
        "archive": archive_examples(),
    }
    for language in sorted({*files, *languages(), *_FORMATS}):
        found[f"parse {language}"] = parse_examples(language, files.get(language) or everything)
    return {name: strategy for name, strategy in found.items() if only in name}


def main(arguments: list[str], say: Callable[[str], object]) -> int:
    """Look until the time is over; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("seconds", type=float, nargs="?", default=600.0)
    parser.add_argument("--corpus", default="")
    parser.add_argument("--only", default="")
    given_ = parser.parse_args(arguments)
    tried = kinds(given_.corpus, given_.only)
    findings: dict[str, list[str]] = {name: [] for name in tried}
    examiner, until, rounds = Examiner(), time.monotonic() + given_.seconds, 0
    while time.monotonic() < until and any(len(found) < FINDINGS_A_KIND for found in findings.values()):
        rounds += 1
        for name, strategy in tried.items():
            if time.monotonic() > until:
                break
            if len(findings[name]) < FINDINGS_A_KIND and (found := look(strategy, examiner)):
                example, error = found
                what = (str(error) or type(error).__name__).strip().splitlines()[0]
                findings[name].append(what)
                kept = keep(name, len(findings[name]), example)
                say(f"{name}: {type(error).__name__}: {what}\n{trace(error)}\n{shown(example)}\nwhole in {kept}\n")
    examiner.close()
    count = sum(map(len, findings.values()))
    say(f"{examiner.tried:,} examples of {len(tried)} kinds in {rounds} rounds: {count} findings")
    return 1 if count else 0


def trace(error: BaseException) -> str:
    """Where in the worker it was raised, without what led there."""
    notes = [note for note in getattr(error, "__notes__", ()) if note.startswith("Traceback")]
    return "\n".join(notes[0].splitlines()[-9:]) if notes else ""


def keep(name: str, number: int, example: Example) -> Path:
    """Write the example down where it can be read again."""
    folder = Path(tempfile.gettempdir()) / "codestrata-fuzz"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name.replace(' ', '-')}-{number}"
    path.write_bytes(example.content or repr(example.tree).encode())
    return path


def shown(example: Example) -> str:
    """The example as it can be put into a test; only the ends of a long one."""
    written = repr(example)
    return written if len(written) <= 2 * _SHOWN else f"{written[:_SHOWN]} … {written[-_SHOWN:]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], print))
