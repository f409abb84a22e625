"""What was typed → a command; what went wrong → one line and an exit code.

A command's module is imported only when it is called, so `--help` and the window start quickly.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence

import click

from core.errors import CancelledError, CodestrataError

COMMANDS = {
    "index": ("index", "Build the index of a source, or bring it up to date."),
    "search": ("search", "Rank places for a question, a symbol or a regular expression."),
    "context": ("context", "Show the pack of excerpts that a model would be sent."),
    "ask": ("ask", "Answer a question with citations."),
    "history": ("history", "Show what was asked before: search, show, accept, export."),
    "note": ("history", "Write a note on a line, which later questions find."),
    "explain": ("explain", "Write what a new colleague reads first."),
    "symbols": ("symbols", "Find definitions by name."),
    "show": ("symbols", "Print a definition with its callers and callees."),
    "callers": ("walks", "Who calls a symbol."),
    "callees": ("walks", "What a symbol calls."),
    "path": ("walks", "How one symbol reaches another by calls."),
    "impact": ("walks", "What a change of a symbol, or of a range of commits, touches."),
    "cycles": ("structure", "What depends on itself, and what would break it."),
    "dead": ("structure", "Dead-code candidates, with what speaks against each."),
    "entries": ("structure", "Where the program is entered."),
    "hotspots": ("structure", "Files that are changed often and hard to follow."),
    "graph": ("graph", "Export the whole code graph."),
    "clones": ("clones", "Show repeated logic."),
    "diagram": ("diagram", "Draw one diagram."),
    "needle": ("needle", "Test the index with needles in a haystack."),
    "fold": ("fold", "Write the source with repeated logic folded away."),
    "list": ("indexes", "List the indexes on this machine."),
    "remove": ("indexes", "Delete an index."),
    "verify": ("verify", "Check that an index is whole."),
    "providers": ("providers", "Show whose models can be asked, and what each needs."),
    "models": ("providers", "List the models of a provider."),
    "key": ("keys", "Keep a provider's key in the system's keychain, or remove it."),
    "consent": ("consent", "Say which hosts evidence may be sent to."),
    "ledger": ("ledger", "Show what was sent to models, where and when."),
    "doctor": ("doctor", "Show versions, devices and what is missing."),
    "mcp": ("mcp", "Serve an index over the Model Context Protocol."),
    "engine": ("engine", "Serve an index as JSON lines (for editors and the window)."),
}
"""Command → the module it is in and its one-line help."""

_COLLECTIONS = (50_000, 20, 100)
"""Records of an index live as long as it is open, and few refer to one another in circles: looking through them as often as
Python would by itself took a quarter of the time of a call over 100 MB, and a tenth of an update of one file."""

_WINDOW = "window"
_UNLISTED = {_WINDOW: "window", "demonstrate": "demonstrate"}
"""Commands that nobody types: what no command means, and what `make run` calls."""
_GLOBAL_FLAGS = {"--json", "--quiet", "-q"}
_GLOBAL_VALUES = {"--index", "--source"}


class _OutputClosedError(Exception):
    """The reader of our output has had enough, as `head` does: nothing more can be said there, and nothing is wrong."""


class Commands(click.Group):
    """The commands, each imported when it is asked for."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # which click would take for a failure
            raise _OutputClosedError from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module_name = _UNLISTED.get(cmd_name) or COMMANDS.get(cmd_name, ("", ""))[0]
        if not module_name:
            return None
        module = importlib.import_module(f"desktop.cli.{module_name}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=Commands, name="codestrata", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="codestrata", prog_name="codestrata")
def codestrata() -> None:
    """Understand a codebase that no model can read whole.

    'codestrata [SOURCE]' without a command opens the window. Every command takes --index DIR or --source SOURCE, --json and
    --quiet, before or after its name; without an index or a source, the nearest indexed ancestor of the working directory
    is used.
    """


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; returns the exit code."""
    gc.set_threshold(*_COLLECTIONS)
    try:
        result = codestrata.main(args=arrange(arguments), prog_name="codestrata", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except CodestrataError as error:
        return _fail(str(error), error.exit_code)
    except click.exceptions.Exit as leave:
        return int(leave.exit_code)
    except click.UsageError as error:
        hint = f"; see '{error.ctx.command_path} --help'" if error.ctx is not None else ""
        return _fail(f"{' '.join(error.format_message().split()).rstrip('.')}{hint}", 2)
    except click.ClickException as error:
        return _fail(" ".join(error.format_message().split()), 2)
    except (click.Abort, KeyboardInterrupt):
        return _fail(str(CancelledError("cancelled", "", "what was finished is kept")), CancelledError.exit_code)
    except _OutputClosedError:
        _drop_output()
        return 0
    except OSError as error:
        _drop_output()
        where = f" {error.filename}" if error.filename else ""
        return _fail(f"the system refused{where}: {error.strerror or error}; see to that, then try again", 2)


def arrange(arguments: Sequence[str]) -> list[str]:
    """Put options that stand before the command after its name; without a command, ask for the window."""
    leading: list[str] = []
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        name, _, value = rest[0].partition("=")
        if name in _GLOBAL_VALUES and not value and len(rest) > 1:
            leading += [rest.pop(0), rest.pop(0)]
        elif name in _GLOBAL_FLAGS | _GLOBAL_VALUES:
            leading.append(rest.pop(0))
        else:
            return [*leading, *rest]  # --help, --version, or an option that does not exist
    if rest and (rest[0] in COMMANDS or rest[0] in _UNLISTED):
        return [rest[0], *leading, *rest[1:]]
    if len(rest) > 1 and not any(part.startswith("-") for part in rest):
        return [*rest, *leading]  # an unknown command, which the parser names
    return [_WINDOW, *leading, *rest]


def _drop_output() -> None:
    """Let what is still to be written go nowhere, so that leaving does not fail over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _fail(message: str, code: int) -> int:
    print(f"codestrata: {message}", file=sys.stderr)
    return code
