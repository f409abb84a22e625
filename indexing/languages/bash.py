"""The shell: Bash, and what of POSIX sh, ksh, zsh and Bats its grammar reads.

A command is a call of what its name says. `. file` and `source file` import everything; a command that runs another
script (`./tools/fix.sh`, `bash fix.sh`) imports nothing but is a use of that file. In the name of a file, what the script
has to compute is written as it stands, `$DIR/log.sh`; linking looks at what comes behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import Import, ReferenceKind, SymbolKind
from indexing.languages.extractor import Extractor
from indexing.languages.language import Language
from indexing.languages.paths import Entries, Step, first_child
from indexing.languages.regions import region

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_NAME_BYTES = 100
_FILE_BYTES = 300
_MAX_WRAPPERS = 4
"""Commands that run commands that run commands."""
_NAME = re.compile(r"[A-Za-z_][\w:+@-]*(?:\.[\w:+@-]+)*")
_SOURCES = frozenset({"source", ".", "load", "bats_load_library"})
_INTERPRETERS = frozenset({"bash", "sh", "dash", "ksh", "zsh", "ash", "bats"})
_WRAPPERS = frozenset(
    {"builtin", "command", "eval", "exec", "env", "ionice", "nice", "nohup", "retry", "run", "setsid", "sudo", "time",
     "timeout", "trap", "xargs"}
)  # fmt: skip
"""Commands that run the command which their arguments are."""
_SCRIPT = re.compile(r"[^\s*?|<>]*[^\s*?|<>/]\.(?:sh|bash|bats|ksh|zsh)")
_ASSIGNED = re.compile(r"\w+=.*", re.DOTALL)
_VALUED = {"sudo": "ugpCT", "xargs": "nPILsdE", "nice": "n", "ionice": "cnp", "timeout": "ks", "env": "uCS", "exec": "a"}
"""Options of the wrappers that the next word belongs to."""
_TEST = "@test"
_READ_ONLY = re.compile(r"readonly\b|(?:declare|typeset)\s+-\w*r")


class BashExtractor(Extractor):
    """Reads a script."""

    steps: ClassVar[Mapping[str, Step]] = {}
    values: ClassVar[Mapping[str, Entries]] = {}
    containers = frozenset[str]()
    literals = frozenset({"comment", "number", "raw_string", "string_content", "special_variable_name"})
    constants = frozenset[str]()

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._test: Node | None = None

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_command(self, node: Node) -> None:
        """`@test "name" {` of Bats, which the grammar takes for a command, up to the `}` that is one as well."""
        start, end = node.byte_range
        if self.text.startswith(_TEST.encode(), start):
            self._test = node
        elif self._test is not None and self.text[start:end] == b"}":
            test, self._test = self._test, None
            named = test.children_by_field_name("argument")[:1]
            name = self.source(named[0]).strip("'\"") if named else ""
            whole, body = region(test, test.start_byte, end), region(test, test.end_byte, start)
            signature = self.one_line(test.start_byte, test.end_byte)
            self.define(whole, name[:_NAME_BYTES], SymbolKind.FUNCTION, name_node=test, body=body, signature=signature)

    def define_function(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        text, body = self.source(name), node.child_by_field_name("body")
        if text:
            signature = self.one_line(node.start_byte, body.start_byte if body is not None else node.end_byte)
            self.define(node, text, SymbolKind.FUNCTION, name_node=name, body=body, signature=signature)

    def define_variable(self, node: Node) -> None:
        """A variable of the script itself: what a function sets may be its own, and counts in the function's text."""
        name, around = node.child_by_field_name("name"), node.parent
        if name is None or name.type != "variable_name" or around is None:
            return
        if self._test is not None or self.scopes.around(node.start_byte):
            return
        if around.type == "command":  # `LANG=C sort` sets it for the command alone
            return
        kind, outer = SymbolKind.VARIABLE, node
        if around.type == "declaration_command":
            if _READ_ONLY.match(self.one_line(around.start_byte, around.end_byte, first_only=True)):
                kind = SymbolKind.CONSTANT
            if around.named_child_count <= 2:
                outer = around
        self.define_once(outer, self.source(name), kind, name)

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_command(self, node: Node) -> None:
        named = node.child_by_field_name("name")
        inner = first_child(named) if named is not None else None
        if named is None or inner is None:
            return
        name = self._word(inner)
        scope, line = self.scopes.of(node.start_byte), self.lines.of(named.start_byte)
        arguments = node.children_by_field_name("argument")
        if name in _SOURCES and (name in ("source", ".") or (arguments and self._is_bats())):
            self._import(arguments[0] if arguments else None, scope, line)
            return
        for _ in range(_MAX_WRAPPERS):
            if not name:
                return
            if name in _INTERPRETERS or "/" in name or name.endswith(".sh"):
                self._run(name, arguments, scope, line)
                return
            if not _NAME.fullmatch(name):
                return
            self.refer(ReferenceKind.CALL, name, scope, line)
            if name not in _WRAPPERS:
                return
            position = self._position_of_command(name, arguments)
            words = arguments[position : position + 1]
            name = self._word(words[0]).partition(" ")[0] if words else ""
            if name and not _NAME.fullmatch(name) and "/" not in name:
                return
            arguments = arguments[position + 1 :]

    def _position_of_command(self, wrapper: str, arguments: list[Node]) -> int:
        """Where among its arguments the command stands that a wrapper runs."""
        valued, before = _VALUED.get(wrapper, ""), ""
        for position, node in enumerate(arguments):
            text = self.source(node) if node.end_byte - node.start_byte <= _NAME_BYTES else ""
            if self._is_command(node) and not (len(before) == 2 and before[0] == "-" and before[1] in valued):
                return position
            before = text
        return len(arguments)

    def _is_bats(self) -> bool:
        return (self.text.startswith(b"#!") and b"bats" in self.text[:80]) or b"@test" in self.text

    def _is_command(self, node: Node) -> bool:
        """Whether an argument is the command to run: no option, no variable, no number."""
        text = self._word(node)
        return bool(text) and text[0] not in "-0123456789" and not _ASSIGNED.fullmatch(text)

    def _word(self, node: Node) -> str:
        """The text of a word or of a plain string."""
        start, end = node.byte_range
        if end - start > _FILE_BYTES:
            return ""
        text = self.source(node)
        if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0]:
            text = text[1:-1]
        return text.removeprefix("\\")

    def _import(self, node: Node | None, scope: int, line: int) -> None:
        path = self._file(node) if node is not None else ""
        if path:
            self.imports.append(Import(path, "*", "", 0, scope, line))

    def _run(self, name: str, arguments: list[Node], scope: int, line: int) -> None:
        """A script that is run: by its path, or by an interpreter."""
        path = name.replace('"', "")
        if name in _INTERPRETERS:
            path = next((self._file(word) for word in arguments if self._is_command(word)), "")
            self.refer(ReferenceKind.CALL, name, scope, line)
        if _SCRIPT.fullmatch(path) and len(path) <= _FILE_BYTES:
            self.imports.append(Import(path, "", "", 0, scope, line))
        elif path.startswith("/") and name not in _INTERPRETERS:  # /usr/bin/sort
            last = path.rpartition("/")[2]
            if _NAME.fullmatch(last):
                self.refer(ReferenceKind.CALL, last, scope, line)

    def _file(self, node: Node) -> str:
        """The path of a file as it is written, without its quotes."""
        return " ".join(self._word(node).replace('"', "").replace("'", "").split())


def _grammar() -> object:
    import tree_sitter_bash

    return tree_sitter_bash.language()


LANGUAGES = (
    Language(
        "bash",
        grammar=_grammar,
        extractor=lambda: BashExtractor,
    ),
)
