"""Tokens of COBOL, Fortran, Pascal, SQL and Visual Basic: comments and layout do not count, all else does."""

from __future__ import annotations

import pytest

from indexing.folding.lexing import tokenise


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        (
            "cobol",
            "000100 ADD-UP.\n000200     ADD 1 TO A.\n",
            "       ADD-UP.\n      * Said.\n           ADD 1\n             TO A.\n",
        ),
        ("fortran", "      CALL F(A,\n     $  B)\n", "      CALL F(A, B) ! said\n"),
        ("fortran", "  call f(a, &\n  b)\n", "  call f(a,b) ! said\n\n"),
        ("pascal", "begin F('a'); end;", "begin { said }\n  F('a'); // too\nend;"),
        ("sql", "BEGIN f('a'); END;", "BEGIN -- said\n  f('a'); /* too */\nEND;"),
        ("vb", "F 1, _\n  2\n", "F 1,  2 ' said\n\n"),
    ],
)
def test_comments_and_layout_do_not_count(language: str, one: str, other: str) -> None:
    tokens = tokenise(one.encode(), language)
    assert tokens
    assert [token for token in tokens if token != b"\n"] == [
        token for token in tokenise(other.encode(), language) or () if token != b"\n"
    ]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("cobol", "           MOVE 'A' TO B.\n", "           MOVE 'C' TO B.\n"),
        ("fortran", "a = 1\nb = 2\n", "a = 1 b = 2\n"),
        ("pascal", "F('a')", "F('A')"),
        ("sql", "f('a')", "f('b')"),
        ("vb", 'F "a"', 'F "b"'),
        ("vb", "F\nG", "F G"),
    ],
)
def test_what_is_said_counts(language: str, one: str, other: str) -> None:
    assert tokenise(one.encode(), language) != tokenise(other.encode(), language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("cobol", "      D    DISPLAY 'X'.\n"),
        ("cobol", "AB0100     MOVE A TO B.\n"),
        ("fortran", "!$omp parallel do\ndo i = 1, 2\n"),
        ("fortran", "#ifdef A\ncall f()\n#endif\n"),
        ("pascal", "{$IFDEF A} F; {$ENDIF}"),
        ("sql", 'SELECT "Case" FROM a'),
        ("sql", "f(q'[it's]')"),
        ("text", "a b"),
    ],
)
def test_what_is_unclear_gives_no_tokens(language: str, text: str) -> None:
    assert tokenise(text.encode(), language) is None
