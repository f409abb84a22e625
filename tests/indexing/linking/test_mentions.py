"""What a document names becomes an edge where it can only mean one thing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.model.source import Span
from core.model.symbol import Definition, Facts, Reference, ReferenceKind, SymbolKind
from indexing.linking.mentions import MentionLink, Places, deciding_names, link_mentions
from indexing.linking.records import FileFacts

FILES = {
    "README.md": (), "docs/guide.md": (), "docs/cart.md": ("Cart",), "shop/cart.py": ("Cart", "Cart.add"),
    "shop/io.py": ("open_all",), "shop/web/io.py": ("serve",), "shop/models/__init__.py": (),
    "shop/models/base.py": ("Model",),
    "tools/gen.py": ("Model",), "shop/web/request.py": ("HttpRequest", "HttpRequest.method"), "src/list.c": ("Push", "push"),
}  # fmt: skip
PATHS = dict(enumerate(FILES, 1))
IDS = {path: key for key, path in PATHS.items()}


def definitions(names: Sequence[str]) -> tuple[Definition, ...]:
    found = [Definition("", "", SymbolKind.MODULE, Span(0, 1, 1, 1), 1, -1, "", "")]
    places = {"": 0, **{name: place for place, name in enumerate(names, 1)}}
    for name in names:
        outer, _, last = name.rpartition(".")
        kind = SymbolKind.CLASS if last[0].isupper() else SymbolKind.METHOD if outer else SymbolKind.FUNCTION
        found.append(Definition(last, name, kind, Span(0, 1, 1, 1), 1, places[outer], "", ""))
    return tuple(found)


class Source:
    """A few outlines; counts how often one is asked for."""

    def __init__(self, files: dict[int, tuple[Definition, ...]]) -> None:
        self.files = files
        self.opened: list[int] = []

    def defining(self, name: str, most: int, *, visible: bool) -> Sequence[int]:
        found = [
            key
            for key, items in self.files.items()
            if any(i.name.casefold() == name.casefold() and (not visible or i.parent == 0) for i in items[1:])
        ]
        return found[:most]

    def outline(self, file: int) -> Sequence[Definition]:
        self.opened.append(file)
        return self.files[file]


PLACES = Places(PATHS, {key for key, path in PATHS.items() if not path.endswith(".md")})


def document(path: str, *targets: str) -> FileFacts:
    references = tuple(Reference(ReferenceKind.READ, target, 0, line) for line, target in enumerate(targets, 1))
    return FileFacts(path, "markdown", Facts(definitions(FILES.get(path, ())), references, (), ()))


def links(path: str, *targets: str) -> list[MentionLink]:
    source = Source({IDS[path]: definitions(names) for path, names in FILES.items()})
    return link_mentions({IDS[path]: document(path, *targets)}, PLACES, source)[IDS[path]]


def meant(target: str, path: str = "docs/guide.md") -> str | None:
    found = links(path, target)
    if not found:
        return None
    names = ("", *FILES[PATHS[found[0].file]])
    return ":".join(filter(None, (PATHS[found[0].file], names[found[0].definition])))


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("shop.cart.Cart", "shop/cart.py:Cart"),
        ("Cart.add", "shop/cart.py:Cart.add"),
        ("cart.Cart", "shop/cart.py:Cart"),
        ("open_all", "shop/io.py:open_all"),
        ("shop.models.Model", "shop/models/base.py:Model"),
        ("shop.models", "shop/models/__init__.py"),
        ("io.serve", "shop/web/io.py:serve"),
        ("Cart", "shop/cart.py:Cart"),
        ("Push", "src/list.c:Push"),
        ("push", "src/list.c:push"),
        ("PUSH", None),
        ("add", None),
        ("Model", None),
        ("art.Cart", None),
        ("other.Cart", None),
        ("request.method", None),
        ("nothing", None),
        ("", None),
        (".", None),
        ("..", None),
    ],
)
def test_names(target: str, name: str | None) -> None:
    assert meant(target) == name


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("cart.md", "docs/cart.md"),
        ("../shop/cart.py", "shop/cart.py"),
        ("./cart.md", "docs/cart.md"),
        ("shop/web/io.py", "shop/web/io.py"),
        ("/shop/io.py", "shop/io.py"),
        ("web/io.py", None),
        ("../../shop/io.py", None),
        ("../io.py", None),
        ("shop/none.py", None),
    ],
)
def test_paths(target: str, path: str | None) -> None:
    assert meant(target) == path


def test_paths_are_looked_for_outwards() -> None:
    assert meant("models/base.py", "shop/web/io.py") == "shop/models/base.py"


def test_a_target_is_told_once_and_never_leads_home() -> None:
    assert links("docs/guide.md", "shop.io", "guide.md", "shop/io.py") == [MentionLink(0, IDS["shop/io.py"], 0, 1)]


def test_a_name_that_many_bear_is_a_word_and_opens_no_file() -> None:
    paths = {1: "a.md", **{key: f"m{key}/pkg/inner.py" for key in range(2, 40)}}
    source = Source({key: definitions(() if key == 1 else ("Name",)) for key in paths})
    places = Places(paths, set(paths) - {1})
    assert link_mentions({1: document("a.md", "pkg.Name", "Name", "inner.Name")}, places, source) == {1: []}
    assert source.opened == []


def test_what_decides_is_the_last_name_or_the_name_of_the_file() -> None:
    assert {"Cart", "io", "gen_all"} <= deciding_names([document("a.md", "shop.Cart", "../src/io.c", "tools/gen_all.py")])
