"""Mutants of type 2: other names, other literals."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

import tree_sitter

from tests.benchmarks.folding_mutants.syntax import Snippet, Token, kinds, nodes

_BINDERS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "python": {
        "parameters": ("*",), "lambda_parameters": ("*",), "default_parameter": ("name",),
        "typed_default_parameter": ("name",), "typed_parameter": ("*",), "list_splat_pattern": ("*",),
        "dictionary_splat_pattern": ("*",), "assignment": ("left",), "for_statement": ("left",), "for_in_clause": ("left",),
        "pattern_list": ("*",), "tuple_pattern": ("*",), "as_pattern_target": ("*",), "named_expression": ("name",),
    },
    "c": {
        "parameter_declaration": ("declarator",), "declaration": ("declarator",), "init_declarator": ("declarator",),
        "pointer_declarator": ("declarator",), "array_declarator": ("declarator",),
    },
    "java": {
        "formal_parameter": ("name",), "variable_declarator": ("name",),
        "catch_formal_parameter": ("name",), "enhanced_for_statement": ("name",), "resource": ("name",),
        "instanceof_expression": ("name",), "inferred_parameters": ("*",), "lambda_expression": ("parameters",),
    },
    "javascript": {
        "formal_parameters": ("*",), "rest_pattern": ("*",), "array_pattern": ("*",), "assignment_pattern": ("left",),
        "variable_declarator": ("name",), "catch_clause": ("parameter",), "arrow_function": ("parameter",),
        "pair_pattern": ("value",),
    },
    "go": {
        "parameter_declaration": ("name",), "variadic_parameter_declaration": ("name",), "var_spec": ("name",),
        "const_spec": ("name",),
    },
}  # fmt: skip
"""Where an identifier binds a name: the kind of the node around, and as which field of it (`*`: as any child)."""

_GO_LISTS = frozenset(("short_var_declaration", "range_clause", "type_switch_statement"))

_ELSEWHERE: Mapping[str, Sequence[tuple[str, str]]] = {
    "python": (("attribute", "attribute"), ("keyword_argument", "name")),
    "c": (),
    "java": (("field_access", "field"), ("method_invocation", "name"), ("element_value_pair", "key"),
             ("method_reference", "*"), ("labeled_statement", "*"), ("break_statement", "*"), ("continue_statement", "*")),
    "javascript": (),
    "go": (),
}  # fmt: skip
"""Where an identifier is the name of something else (a field, an argument's keyword, a label): it may stay."""

_NESTED = kinds(
    "class_definition class_body object_creation_body enum_body class_declaration"
    " global_statement nonlocal_statement exec_statement"
)
"""With a declaration of its own kind within, what a name means is not told by its spelling alone."""

_DECLARING = kinds("global_statement nonlocal_statement function_definition function_declaration")
_NOT_RENAMED = frozenset((b"self", b"cls", b"_", b"this", b"super", b"main", b"init"))
_UNCLEAR = kinds("shorthand_property_identifier shorthand_property_identifier_pattern type_identifier package_identifier")


def local_names(snippet: Snippet) -> list[bytes]:
    """The names bound within the function, in the order of the text, without those whose uses syntax alone cannot tell."""
    function = snippet.function
    assert function is not None
    own = function.child_by_field_name("name")
    bound: dict[bytes, None] = {}
    unclear: set[bytes] = set()
    inner = 0
    for node in nodes(function):
        text = node.text or b""
        inner += node.type in _NESTED
        if node.type == "identifier" and node.parent is not None:
            if node != own and _binds(node, snippet.grammar.name):
                bound[text] = None
            if node.parent.type == "literal_element":
                unclear.add(text)  # of Go: a field of a structure, or a variable
            elif node.parent.type == "dotted_name":
                unclear.add(text)  # of Python: a module that is imported; under another name it is another
        elif node.type in _UNCLEAR:
            unclear.add(text)
        elif node.type.startswith("preproc"):
            unclear.update(token.text for token in snippet.tokens if token.text in text)
        if node.type in _DECLARING and node != function:
            unclear.update(child.text or b"" for child in node.children if child.type == "identifier")
    if inner:
        return []
    return [name for name in bound if name not in unclear | _NOT_RENAMED and len(name.decode()) < 60]


def _binds(node: tree_sitter.Node, language: str) -> bool:
    parent = node.parent
    assert parent is not None
    if language == "go" and parent.type == "expression_list" and parent.parent is not None:
        around = parent.parent
        return around.type in _GO_LISTS and parent in (
            around.child_by_field_name("left"),
            around.child_by_field_name("alias"),
        )
    fields = _BINDERS[language].get(parent.type)
    if fields is None:
        return False
    if "*" in fields:
        return True
    return any(node in parent.children_by_field_name(field) for field in fields)


def _elsewhere(node: tree_sitter.Node, language: str) -> bool:
    parent = node.parent
    assert parent is not None
    return any(
        parent.type == kind and (field == "*" or node == parent.child_by_field_name(field))
        for kind, field in _ELSEWHERE[language]
    )


def uses(snippet: Snippet, names: set[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Where the names stand as variables."""
    assert snippet.function is not None
    for node in nodes(snippet.function):
        if node.type == "identifier" and (node.text or b"") in names and not _elsewhere(node, snippet.grammar.name):
            start, end = snippet.at(node)
            yield start, end, node.text or b""


def own_name(snippet: Snippet) -> tuple[int, int, bytes] | None:
    """The function's own name, where it stands but once."""
    function = snippet.function
    node = function
    while node is not None and node.type not in {"identifier", "property_identifier", "field_identifier"}:
        node = node.child_by_field_name("name") or node.child_by_field_name("declarator")
    if node is None:
        return None
    start, end = snippet.at(node)
    name = snippet.text[start:end]
    spoken = sum(token.text == name for token in snippet.tokens)
    special = name.startswith(b"__") or name in {b"constructor", *_NOT_RENAMED} or spoken != 1
    if special or (function is not None and function.type == "constructor_declaration"):
        return None
    return start, end, name


def replaced(text: bytes, places: Sequence[tuple[int, int, bytes]]) -> bytes:
    """The text with each half-open range replaced by its bytes; ranges are disjoint."""
    pieces, position = [], 0
    for start, end, new in sorted(places):
        pieces += [text[position:start], new]
        position = end
    return b"".join([*pieces, text[position:]])


def fresh(snippet: Snippet, words: Sequence[bytes], chance: random.Random, count: int) -> list[bytes]:
    """Names from real code that do not occur in the function, not even within a word of it."""
    found: list[bytes] = []
    while len(found) < count:
        word = chance.choice(words)
        if word in snippet.text or word in found:
            word += b"%d" % chance.randrange(100, 1000)
        if word not in snippet.text and word not in found:
            found.append(word)
    return found


def rename_consistent(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Every variable of the function's own, and the function, under another name everywhere."""
    names = local_names(snippet)
    own = own_name(snippet)
    if not names and not own:
        return None
    *others, last = fresh(snippet, words, chance, len(names) + 1)
    new = dict(zip(names, others, strict=True))
    places = [(start, end, new[name]) for start, end, name in uses(snippet, set(names))]
    if own and own[2] not in new:
        places.append((own[0], own[1], last))
    return replaced(snippet.text, places)


def rename_swapped(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """The function's variables exchange their names in a circle: no new word, yet consistent."""
    names = local_names(snippet)
    if len(names) < 2:
        return None
    new = dict(zip(names, [*names[1:], names[0]], strict=True))
    return replaced(snippet.text, [(start, end, new[name]) for start, end, name in uses(snippet, set(names))])


def rename_arbitrary(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Uses of variables renamed without a system: one name becomes several, several become one.

    A variable that is called keeps its name: under another, something else is called, which is no clone of type 2
    (`negatives.change_call`)."""
    called = {one.text for one, after in pairwise(snippet.tokens) if after.text == b"("}
    names = [name for name in local_names(snippet) if name not in called]
    # Two parameters of one name would be an error.
    declared = [token.start for token in snippet.tokens if "param" in token.parent or token.parent == "declaration"]
    places = [place for place in uses(snippet, set(names)) if place[0] not in declared]
    if len(places) < 3:
        return None
    new = fresh(snippet, words, chance, 2) + names
    drawn = [(start, end, chance.choice(new)) for start, end, _ in places]
    chosen = [place for place in drawn if chance.random() < 0.5 and place[2] != snippet.text[place[0] : place[1]]]
    return replaced(snippet.text, chosen) if chosen else None


def change_literals(snippet: Snippet, words: Sequence[bytes], chance: random.Random) -> bytes | None:
    """Some numbers and strings, at least one, with another value.

    What a line of the preprocessor says is left: `#if 0` is a condition, and of `#define N 1` the text after the name is
    what a macro is defined as, no literal of the function."""
    places = [token for token in snippet.tokens if "preproc" not in token.parent and _other_literal(token, chance)]
    if not places:
        return None
    chosen = chance.sample(places, chance.randint(1, min(len(places), 5)))
    return replaced(snippet.text, [(token.start, token.end, _other_literal(token, chance)) for token in chosen])


def _other_literal(token: Token, chance: random.Random) -> bytes:
    """Another literal of the same kind, or nothing where the token is none of a plain shape."""
    text = token.text
    if text.isdigit():
        return b"%d" % (int(text) + chance.randint(1, 90)) if text == b"0" or text[:1] != b"0" else b""
    plain = len(text) > 4 and text[:1] == text[-1:] and text[:1] in b"\"'" and text[1:-1].isalnum()
    if plain and "char" not in token.kind and "rune" not in token.kind and token.parent != "preproc_include":
        return text[:-1] + b"%d" % chance.randrange(10, 100) + text[-1:]
    return b""


OPERATORS: dict[str, Callable[[Snippet, Sequence[bytes], random.Random], bytes | None]] = {
    "rename consistent": rename_consistent,
    "rename swapped": rename_swapped,
    "rename arbitrary": rename_arbitrary,
    "literals": change_literals,
}
