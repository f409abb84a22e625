"""From a name to a symbol."""

import pytest

from core.errors import UnknownSymbolError
from core.graph.lookup import resolve_symbol
from core.model.symbol import SymbolKind
from tests.fakes import MemoryReader, symbol

READER = MemoryReader(
    [
        symbol(0, "pkg.views", SymbolKind.MODULE, "pkg/views.py", start_line=1, end_line=40),
        symbol(1, "pkg.views.Page", SymbolKind.CLASS, "pkg/views.py", start_line=5, end_line=30),
        symbol(2, "pkg.views.Page.render", SymbolKind.METHOD, "pkg/views.py", start_line=7, end_line=12),
        symbol(3, "pkg.views.render", SymbolKind.FUNCTION, "pkg/views.py", start_line=32, end_line=36),
        symbol(4, "pkg.models", SymbolKind.MODULE, "pkg/models.py", start_line=1, end_line=20),
        symbol(5, "pkg.models.Page", SymbolKind.CLASS, "pkg/models.py", start_line=3, end_line=9),
        symbol(6, "pkg.models.compile", SymbolKind.FUNCTION, "pkg/models.py", start_line=11, end_line=12),
        symbol(7, "re.compile", SymbolKind.EXTERNAL),
        symbol(8, "os.path.join", SymbolKind.EXTERNAL),
    ]
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("pkg.views.Page", 1),
        ("Page.render", 2),
        ("views.render", 3),
        ("VIEWS.PAGE", 1),
        (" pkg.views ", 0),
        ("compile", 6),
        ("re.compile", 7),
        ("path.join", 8),
        ("pkg/views.py:8", 2),
        ("./pkg/views.py:20", 1),
        ("pkg/views.py:2", 0),
        ("pkg/views.py:9999", 0),
    ],
)
def test_each_way_of_naming_a_symbol(name, key):
    assert resolve_symbol(READER, name).key == key


def test_an_id_wins_over_namesakes():
    one = symbol(0, "dev.open", path="dev.c")
    reader = MemoryReader([one, symbol(1, "dev.open.c", path="dev/open.c")])
    assert resolve_symbol(reader, "dev.open").key == 0


def test_more_than_one_is_a_question_back():
    with pytest.raises(UnknownSymbolError) as caught:
        resolve_symbol(READER, "Page")
    assert set(caught.value.candidates) == {"pkg.views.Page", "pkg.models.Page"}
    assert caught.value.exit_code == 2
    assert "pkg.models.Page" in str(caught.value)


def test_none_names_what_looks_alike():
    with pytest.raises(UnknownSymbolError) as caught:
        resolve_symbol(READER, "Page.rendr")
    assert set(caught.value.candidates) == {"pkg.views.Page.render", "pkg.views.render"}
    assert "did you mean" in str(caught.value)


@pytest.mark.parametrize("name", ["", "  ", "nothing/here.py:4", "zzzzzzzz", "a:b:c", ":3"])
def test_nonsense_is_one_line(name):
    with pytest.raises(UnknownSymbolError) as caught:
        resolve_symbol(READER, name)
    assert caught.value.candidates == ()
    assert "\n" not in str(caught.value)


def test_candidates_are_at_most_ten():
    reader = MemoryReader([symbol(i, f"m{i}.run", path=f"m{i}.py") for i in range(40)])
    with pytest.raises(UnknownSymbolError, match="40") as caught:
        resolve_symbol(reader, "run")
    assert len(caught.value.candidates) == 10
