"""Which statements of Python give a variable another value, whatever came before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexing.languages.python_implied import PythonImplied

if TYPE_CHECKING:
    from tree_sitter import Node

PATTERNS = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "expression_list", "tuple", "list"})
"""Targets of an assignment that hold several."""


class PythonStatements(PythonImplied):
    """Tells of assignments (see `versions.py`)."""

    def assigns(self, left: Node, node: Node) -> None:
        """The statement `node` assigns the targets `left`."""
        scope = self.scopes.of(node.start_byte)
        waiting = [left]
        while waiting:
            target = waiting.pop()
            if target.type == "identifier":
                name = self.source(target)
                self.assigns_anew(name, scope, node)
                if target is left and (value := node.child_by_field_name("right")) is not None:
                    self.keeps_text(name, value, scope)
            elif target.type in PATTERNS:
                waiting += target.named_children

    def is_plain_statement(self, node: Node) -> bool:
        statement = node.parent
        block = statement.parent if statement is not None and statement.type == "expression_statement" else None
        if block is None or block.type != "block":
            return block is not None and block.type == "module"
        return block.parent is not None and block.parent.type == "function_definition"
