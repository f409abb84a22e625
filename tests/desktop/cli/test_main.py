"""What was typed becomes a command."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop.cli.main import COMMANDS, arrange, codestrata


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ([], ["window"]),
        (["project"], ["window", "project"]),
        (["--index", "x", "search", "q"], ["search", "--index", "x", "q"]),
        (["--index=x", "--json", "search", "q"], ["search", "--index=x", "--json", "q"]),
        (["search", "q", "--index", "x"], ["search", "q", "--index", "x"]),
        (["--quiet", "graph"], ["graph", "--quiet"]),
        (["./graph"], ["window", "./graph"]),
        (["--source", "graph", "list"], ["list", "--source", "graph"]),
        (["--help"], ["--help"]),
        (["dance", "now"], ["dance", "now"]),
    ],
)
def test_options_before_a_command_move_behind_its_name(typed: list[str], meant: list[str]) -> None:
    assert arrange(typed) == meant


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_takes_the_common_options(name: str) -> None:
    command = codestrata.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--index", "--source", "--json", "--quiet"} <= options


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from desktop.cli.main import run; run(['--help']);"
        "heavy = {'numpy', 'networkx', 'llama_index', 'faiss', 'torch', 'tree_sitter', 'tantivy', 'PySide6'};"
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_the_way_to_the_window_imports_nothing_heavy() -> None:
    """The window's own process answers and indexes nothing: what does brings 40 MB and a third of a second."""
    script = (
        "import sys; import desktop.cli.window, desktop.qt.application; from desktop import assembly;"
        "assembly.engine_command(); assembly.settings_for();"
        "heavy = {'numpy', 'scipy', 'networkx', 'llama_index', 'faiss', 'tree_sitter', 'tantivy', 'core.ports'};"
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
