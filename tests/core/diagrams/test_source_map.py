"""What the code uses from outside, named as one would install or include it."""

from __future__ import annotations

import pytest

from core.diagrams.source_map import library_of
from core.model.symbol import Symbol, SymbolKind


@pytest.mark.parametrize("language", ["c", "cpp", "objective-c"])
@pytest.mark.parametrize(
    ("name", "library"), [("sys/stat.h", "sys/stat.h"), ("NSLog", ""), ("a.b", ""), ("q/list.hpp", "q/list.hpp")]
)
def test_the_c_family_names_headers_alone(language: str, name: str, library: str) -> None:
    assert library_of(outside(language, name)) == library


@pytest.mark.parametrize(
    ("language", "name", "library"),
    [
        ("python", "numpy.linalg.norm", "numpy"),
        ("python", "<builtin>.len", ""),
        ("javascript", "@scope/package/part", "@scope/package"),
        ("go", "github.com/owner/project/pkg.Func", "github.com/owner/project"),
        ("java", "org.junit.jupiter.api.Test", "org.junit.jupiter"),
    ],
)
def test_other_languages_name_what_is_installed(language: str, name: str, library: str) -> None:
    assert library_of(outside(language, name)) == library


def outside(language: str, name: str) -> Symbol:
    return Symbol(1, name, name, name, SymbolKind.EXTERNAL, language, "", 0, 0, "", "", -1)
