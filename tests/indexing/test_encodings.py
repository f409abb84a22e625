"""Whatever a file is written in, its text gives its bytes back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.encodings import decode, detect_encoding

JAPANESE = "# 日本語のコメントです。この関数は文字列を返します\n"
RUSSIAN = "# Это комментарий на русском языке, функция возвращает строку\n"
FRENCH = "# Cette fonction renvoie la chaîne de caractères encodée; préféré à l'été\n"
GERMAN = "/* Größe der Übergabe prüfen, Rückgabe für Änderungen */\n"
CODE = "int main(void) { return 0; }\n" * 20


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_come_back(content: bytes) -> None:
    encoding = detect_encoding(content)
    assert decode(content, encoding).encode(encoding) == content


@settings(deadline=None)
@given(
    st.sampled_from([b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"]),
    st.binary(max_size=60),
)
def test_any_bytes_after_a_byte_order_mark_come_back(mark: bytes, rest: bytes) -> None:
    encoding = detect_encoding(mark + rest)
    assert decode(mark + rest, encoding).encode(encoding) == mark + rest


@settings(deadline=None)
@given(st.text())
def test_utf8_is_read_as_utf8(text: str) -> None:
    content = text.encode("utf-8", "ignore")
    if not content.startswith((b"\xef\xbb\xbf", b"\xff")):
        assert decode(content, detect_encoding(content)).encode() == content


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "utf-8"),
        (JAPANESE, "utf-8-sig"),
        (JAPANESE, "utf-16"),
        (JAPANESE, "utf-32"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (FRENCH, "cp1252"),
        (GERMAN, "latin-1"),
        ("// 这是一个中文注释，函数返回字符串，数据库连接\n", "gb18030"),
        ("// 이것은 한국어 주석입니다. 함수는 문자열을 반환합니다\n", "euc_kr"),
    ],
)
def test_legacy_comments_are_read(text: str, encoding: str) -> None:
    content = (CODE + text * 3).encode(encoding)
    assert decode(content, detect_encoding(content)) == CODE + text * 3


@pytest.mark.parametrize("order", ["le", "be"])
def test_both_byte_orders_are_read(order: str) -> None:
    content = ("\ufeff" + CODE + RUSSIAN).encode(f"utf-16-{order}")
    encoding = detect_encoding(content)
    assert decode(content, encoding).removeprefix("\ufeff") == CODE + RUSSIAN
    assert decode(content, encoding).encode(encoding) == content


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ("# -*- coding: koi8-r -*-\n", "koi8_r"),
        ("# vim: set fileencoding=iso-8859-5 :\n", "iso8859_5"),
        ('<?xml version="1.0" encoding="ISO-8859-5"?>\n', "iso8859_5"),
    ],
)
def test_a_file_is_believed_about_itself(declaration: str, encoding: str) -> None:
    content = (declaration + "# Да\n").encode(encoding)
    assert decode(content, detect_encoding(content)) == declaration + "# Да\n"


@pytest.mark.parametrize("name", ["unicode_escape", "utf-7", "rot13", "zip", "no-such-codec", "../../evil", "idna"])
def test_a_declared_codec_that_would_change_plain_code_is_not_believed(name: str) -> None:
    content = f"# coding: {name}\nx = '\\u0041+AGE-'\n".encode() + b"# \xe9\n"
    encoding = detect_encoding(content)
    assert encoding == "cp1252"
    assert "\\u0041" in decode(content, encoding)


def test_a_wrong_declaration_is_not_believed() -> None:
    content = "# coding: ascii\n# café\n".encode()
    assert detect_encoding(content) == "utf-8"
