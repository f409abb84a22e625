"""Where examples come from: real files after accidents, odd names and rules, broken archives."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from pathlib import Path

from hypothesis import strategies as st

from indexing.languages.registry import language_of
from tests.fuzz.checks import Example

GOLDEN = Path(__file__).parents[1] / "indexing" / "languages" / "golden"
_MAX_SEED = 40_000
_SEEDS_A_LANGUAGE = 40
_PIECES = [
    b"(", b")", b"{", b"}", b"[", b"]", b"<", b">", b'"', b"'", b"`", b"\\", b"\n", b"\r", b"\r\n", b"\t", b"\x00",
    b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"/*", b"*/", b"//", b"#", b"--", b'"""', b"<<EOF\n", b"${", b"#{", b"%{", b"=",
    b"=begin\n",
    b"==", b"::", b"->", b"=>", b";", b",", b".", b"..", b":", b"@", b"\xc3\xa4", b"\xf0\x9f\x98\x80", b"\xe3\x81\x82",
    b"\xe2\x80\xa8", b"0x", b"1e999", b"class ", b"def ", b"function ", b"end\n", b"if ", b"else ", b"import ", b"return ",
    b"#ifdef A\n", b"#endif\n", b"#define A(x) x##x\n", b"MODULE ", b"BEGIN ", b"END ", b"PROGRAM ", b"PERFORM ", b"\x0c",
]  # fmt: skip
_ENCODINGS = ["utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252", "shift_jis", "gb18030", "utf-8-sig", "cp037"]


def seeds(corpus: str) -> dict[str, list[bytes]]:
    """Real files by language: our own golden sources, and those below the folder `corpus`, where one is given."""
    found: dict[str, list[bytes]] = {}
    for root in [GOLDEN, *([Path(corpus)] if corpus else [])]:
        for folder, _, names in os.walk(root):
            for name in names:
                path = Path(folder, name)
                if path.is_symlink() or not path.is_file():
                    continue
                with path.open("rb") as file:
                    content = file.read(_MAX_SEED)
                known = found.setdefault(language_of(name, content), [])
                if len(known) < _SEEDS_A_LANGUAGE:
                    known.append(content)
    return found


@st.composite
def mutated(draw: st.DrawFn, files: list[bytes]) -> bytes:
    """A real file after a few accidents."""
    content = draw(st.sampled_from(files)) if files else b""
    for _ in range(draw(st.integers(0, 6))):
        start, end = sorted((draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))))
        match draw(st.sampled_from(["cut", "double", "insert", "nest", "bytes", "swap", "truncate", "glue"])):
            case "cut":
                content = content[:start] + content[end:]
            case "double":
                content = content[:end] + content[start : min(end, start + 2_000)] * draw(st.integers(1, 20)) + content[end:]
            case "insert":
                content = content[:start] + b"".join(draw(st.lists(st.sampled_from(_PIECES), max_size=8))) + content[start:]
            case "nest":
                piece, depth = draw(st.sampled_from(_PIECES)), draw(st.sampled_from([10, 300, 5_000]))
                content = content[:start] + piece * depth + content[start:]
            case "bytes":
                content = content[:start] + draw(st.binary(max_size=20)) + content[start:]
            case "swap":
                content = content[end:] + content[start:end] + content[:start]
            case "truncate":
                content = content[:end]
            case "glue":
                content = content[:start] + draw(st.sampled_from(files))[:5_000] + content[start:]
    if draw(st.integers(0, 9)) == 0:
        content = content.decode("utf-8", "replace").encode(draw(st.sampled_from(_ENCODINGS)), "replace")
    return content


def parse_examples(language: str, files: list[bytes]) -> st.SearchStrategy[Example]:
    """Mostly mutated files, now and then any bytes."""
    pieces = st.lists(st.sampled_from(_PIECES) | st.binary(max_size=3), max_size=200).map(b"".join)
    content = mutated(files) | mutated(files) | pieces | st.binary(max_size=300)
    return content.map(lambda data: Example("parse", language, data))


def encoding_examples(files: list[bytes]) -> st.SearchStrategy[Example]:
    """Bytes, texts in many encodings, and mixtures."""
    encoded = st.builds(lambda text, name: text.encode(name, "replace"), st.text(max_size=200), st.sampled_from(_ENCODINGS))
    declared = st.sampled_from(["utf-8", "utf-7", "rot13", "idna", "unicode_escape", "cp037", "hz", "euc_jp", "x", "base64"])
    marked = declared.map(lambda name: f"# -*- coding: {name} -*-\n".encode())
    piece = st.binary(max_size=200) | encoded | marked
    content = st.lists(piece, max_size=4).map(b"".join) | mutated(files)
    return content.map(lambda data: Example("encoding", "", data))


def _as_name(part: bytes) -> bytes:
    """Bytes as the name of one file."""
    name = part.replace(b"/", b"").replace(b"\x00", b"")
    return b"z" if name in (b"", b".", b"..") else name


_NAMES = st.sampled_from(
    [b"a", b"b.py", b"src", b"test", b"vendor", b".git", b"HEAD", b"node_modules", b"x y", b"-rf", b"*", b"!a"]
)
_PART = _NAMES | st.binary(min_size=1, max_size=12).map(_as_name)
_RULE_NAMES = st.sampled_from(
    [b".gitignore", b".ignore", b".cursorignore", b".codestrataignore", b".gitattributes", b".gitmodules"]
)
_RULE = st.text('ab*?[]!\\/ #-^:=.\t\r"py', max_size=12).map(str.encode) | st.binary(max_size=12)
_ATTRIBUTE = st.sampled_from(
    [b"linguist-generated", b"-linguist-vendored", b"linguist-language=C++", b"binary", b"path = a", b""]
)
_RULES = st.lists(st.tuples(_RULE, _ATTRIBUTE).map(b" ".join), max_size=5).map(b"\n".join)


def tree_examples() -> st.SearchStrategy[Example]:
    """Folders with odd names, odd rules and odd files."""
    folder = st.lists(_PART, max_size=3).map(lambda parts: b"".join(part + b"/" for part in parts))
    special = st.sampled_from(["fifo", "link"])
    plain = st.tuples(st.tuples(folder, _PART).map(b"".join), st.binary(max_size=40) | special)
    ruled = st.tuples(st.tuples(folder, _RULE_NAMES).map(b"".join), _RULES | special)
    git_file = st.tuples(
        folder.map(lambda above: above + b".git"), st.sampled_from([b"gitdir: ../x", b"gitdir: /etc", b"gitdir:"])
    )
    tree = st.lists(plain | plain | ruled | git_file, max_size=14)
    return tree.map(lambda entries: Example("tree", tree=tuple(entries)))


@st.composite
def archive_examples(draw: st.DrawFn) -> Example:
    """Small archives, broken somewhere."""
    ending = draw(st.sampled_from(["zip", "tar", "tar.gz", "tar.xz", "tar.bz2", "tar.zst", "bundle"]))
    buffer = io.BytesIO()
    name = draw(st.text(max_size=10) | st.sampled_from(["../a", "/a", "a/../../b", "a\\b", "C:x", "a", "link/x", "."]))
    data = draw(st.binary(max_size=200))
    if ending == "zip":
        with zipfile.ZipFile(buffer, "w", draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))) as packed:
            packed.writestr(zipfile.ZipInfo(name.encode("utf-8", "replace").decode() or "a"), data)
    else:
        mode = {"tar.gz": "w:gz", "tar.xz": "w:xz", "tar.bz2": "w:bz2"}.get(ending, "w")
        with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
            member = tarfile.TarInfo(name.encode("utf-8", "replace").decode())
            member.size = len(data)
            member.type = draw(
                st.sampled_from([tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, b"S", b"x"])
            )
            archive.addfile(member, io.BytesIO(data))
    content = buffer.getvalue()
    if ending == "bundle":
        content = b"# v2 git bundle\n" + b"a" * 40 + b" refs/heads/main\n\n" + data
    return Example("archive", ending, draw(mutated([content]) | st.just(content)))
