"""The functions that mutants are made of: real code, the same in every benchmark."""

from __future__ import annotations

import os
from pathlib import Path

from tests.benchmarks import projects
from tests.benchmarks.folding_mutants import seeds
from tests.benchmarks.folding_mutants.syntax import Snippet, languages

SEEDS = int(os.environ.get("CODESTRATA_SEEDS", "400"))
"""A language."""


def drawn(mixed: Path) -> dict[str, list[Snippet]]:
    """SEEDS functions of each language, from the mixed corpus and (Go) Go's own library."""
    folders = [mixed, projects.get("golang")]
    found = {language: seeds.draw(folders, language, SEEDS, seed=4) for language in languages()}
    for language, functions in found.items():
        assert len(functions) >= SEEDS * 0.9, f"{language}: only {len(functions)} functions"
    return found
