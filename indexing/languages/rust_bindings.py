"""What the names of Rust are bound to: parameters, `let`, patterns, results; and how its types are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import BindingKind
from indexing.languages.paths import UNKNOWN, Entries, Step
from indexing.languages.rust_paths import STEPS, VALUES, last_value, path_of_name
from indexing.languages.typed import TypedExtractor

if TYPE_CHECKING:
    from tree_sitter import Node

_LITERALS = frozenset({
    "string_literal", "raw_string_literal", "char_literal", "integer_literal", "float_literal", "boolean_literal",
    "line_comment", "block_comment", "binary_expression", "range_expression", "unit_expression", "negative_literal",
})  # fmt: skip
_TRANSPARENT_PATTERNS = frozenset({"mut_pattern", "ref_pattern", "reference_pattern", "match_pattern", "captured_pattern"})
_HOLDING_VARIANTS = frozenset({"Some", "Ok", "Poll.Ready"})
_MAX_PATTERN = 200


class RustBindings(TypedExtractor):
    """Reads what binds names; `RustExtractor` adds what defines and what calls them."""

    steps: ClassVar[Mapping[str, Step]] = STEPS
    values: ClassVar[Mapping[str, Entries]] = VALUES
    containers = frozenset({"array_expression"})
    literals = _LITERALS
    comment_types = frozenset({"line_comment", "block_comment"})
    constants = frozenset({"None", "true", "false"})
    type_names = frozenset({"type_identifier", "scoped_type_identifier"})
    type_arrays = frozenset({"array_type"})
    type_through = frozenset({
        "reference_type", "pointer_type", "dynamic_type", "abstract_type", "bounded_type", "trait_bounds",
        "parenthesized_type",
    })  # fmt: skip
    type_leaves = frozenset({
        "primitive_type", "lifetime", "mutable_specifier", "integer_literal", "never_type", "unit_type", "line_comment",
        "block_comment", "function_type", "block", "macro_invocation",
    })  # fmt: skip
    type_wrappers = frozenset({
        "Option", "Result", "Box", "Rc", "Arc", "RefCell", "Cell", "Mutex", "RwLock", "Pin", "Cow", "Weak", "Ref", "RefMut",
        "MutexGuard", "ManuallyDrop", "OnceCell", "OnceLock", "LazyLock", "NonNull", "MaybeUninit", "Poll", "io.Result",
        "std.io.Result", "fmt.Result", "anyhow.Result", "UnsafeCell",
    })  # fmt: skip
    type_first = frozenset({"Result"})
    type_unnamed = frozenset(
        {"str", "String", "Send", "Sync", "Sized", "Unpin", "Copy", "Clone", "Fn", "FnMut", "FnOnce", "_"}
    )

    def use_function(self, node: Node) -> None:
        scope, body = self.function_names[node.id][1], node.child_by_field_name("body")
        self.annotate("()", node.child_by_field_name("return_type"), scope)
        self._parameters(node.child_by_field_name("parameters"), scope)
        if body is not None and (value := last_value(body)) is not None:
            self._return(value, scope)

    def use_closure(self, node: Node) -> None:
        scope, body = self.function_names[node.id][1], node.child_by_field_name("body")
        self._parameters(node.child_by_field_name("parameters"), scope)
        value = last_value(body) if body is not None and body.type == "block" else body
        if value is not None:
            self._return(value, scope)

    def _parameters(self, parameters: Node | None, scope: int) -> None:
        """`self` is left out: it is the receiver in every method, and arguments begin behind it."""
        for child in parameters.named_children if parameters is not None else ():
            if child.type.endswith("comment") or child.type in ("self_parameter", "attribute_item"):
                continue
            line, pattern = self.lines.of(child.start_byte), child.child_by_field_name("pattern")
            target = child if child.type != "parameter" else pattern
            while target is not None and target.type in _TRANSPARENT_PATTERNS and target.named_children:
                target = target.named_children[-1]
            plain = target is not None and target.type in ("identifier", "self")
            name = self.source(target) if plain else "_"
            own = self.annotate(name, child.child_by_field_name("type"), scope, parameter=True)
            if name != "self":
                self.parameter(name, own, scope, line)
            if target is not None and not plain:
                self._bind_pattern(target, own and f"{own}()", scope)

    def use_let(self, node: Node) -> None:
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        scope = self.scopes.of(node.start_byte)
        if pattern is None:
            return
        if pattern.type == "identifier":
            self.annotate(self.source(pattern), node.child_by_field_name("type"), scope)
        path = UNKNOWN if value is None or value.type in self.literals else self.value(value)
        self._bind_pattern(pattern, path, scope)

    def use_for(self, node: Node) -> None:
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        if pattern is not None and value is not None:
            path = UNKNOWN if value.type in self.literals else self.value(value)
            self._bind_pattern(pattern, path if path == UNKNOWN else f"{path}[]", self.scopes.of(node.start_byte))

    def use_match(self, node: Node) -> None:
        value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
        path = UNKNOWN if value is None or value.type in self.literals else self.value(value)
        scope = self.scopes.of(node.start_byte)
        for arm in body.named_children if body is not None else ():
            if (pattern := arm.child_by_field_name("pattern")) is not None:
                self._bind_pattern(pattern, path, scope)

    def _bind_pattern(self, pattern: Node, path: str, scope: int) -> None:
        """Binds the names in a pattern to the parts of the value `path`."""
        waiting = [(pattern, path or UNKNOWN)]
        for _ in range(_MAX_PATTERN):
            if not waiting:
                break
            node, value = waiting.pop()
            kind, parts = node.type, node.named_children
            if kind in ("identifier", "shorthand_field_identifier"):
                name = self.source(node)
                if not name[:1].isupper():  # else a constant or variant
                    self.assign(name, value, scope, self.lines.of(node.start_byte))
            elif kind in _TRANSPARENT_PATTERNS:
                waiting += [(part, value) for part in parts if part.type != "mutable_specifier"]
            elif kind in ("tuple_pattern", "slice_pattern"):
                known = value != UNKNOWN
                waiting += [(part, f"{value}[{at}]" if known else UNKNOWN) for at, part in enumerate(parts)]
            elif kind == "tuple_struct_pattern":
                variant = path_of_name(self.source(node.child_by_field_name("type")))
                holds = variant in _HOLDING_VARIANTS
                waiting += [(part, value if holds else f"{variant}[{at}]") for at, part in enumerate(parts[1:])]
            elif kind == "struct_pattern":
                waiting += [(part, value) for part in parts if part.type == "field_pattern"]
            elif kind == "field_pattern":
                field = self.source(node.child_by_field_name("name"))
                held = UNKNOWN if value == UNKNOWN else f"{value}.{field}"
                waiting.append((node.child_by_field_name("pattern") or parts[-1], held))
            elif kind == "or_pattern":
                waiting += [(part, value) for part in parts]

    def use_variant(self, node: Node) -> None:
        """What a variant holds is known by its declaration: `Shape::Circle(circle)` binds `circle` to `Shape.Circle[0]`."""
        name, body = self.source(node.child_by_field_name("name")), node.child_by_field_name("body")
        scope = self.scopes.of(node.start_byte)
        if body is not None and body.type == "ordered_field_declaration_list":
            for at, written in enumerate(body.children_by_field_name("type")):
                self.annotate(f"{name}[{at}]", written, scope)

    def _return(self, node: Node, scope: int) -> None:
        if node.type not in self.literals and (value := self.value(node)) != UNKNOWN:
            self.bind(BindingKind.RETURNED, "", value, scope, self.lines.of(node.start_byte))
