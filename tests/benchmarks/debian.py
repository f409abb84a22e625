"""Source packages of Debian, fetched with the machine's own settings and without changing them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.benchmarks import corpus

_SETTINGS = Path("/etc/apt")


def source(package: str, scratch: Path) -> Path:
    """Download and unpack the newest source of a package, without Debian's changes; its top folder.

    Raises OSError or SubprocessError where there is no such package, or no Debian.
    """
    for folder in ("lists/partial", "cache/archives/partial", "parts"):
        (scratch / folder).mkdir(parents=True)
    _ask_for_sources(scratch / "parts")
    options = {
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": scratch / "parts",
        "Dir::State::lists": scratch / "lists",
        "Dir::Cache": scratch / "cache",
        "APT::Sandbox::User": "root",
    }
    given = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    corpus.run("apt-get", "-q", *given, "update", folder=scratch)
    corpus.run("apt-get", "-q", *given, "source", "--download-only", package, folder=scratch)
    (scratch / "source").mkdir()
    corpus.unpack(corpus.only(scratch, "*.orig.tar.*"), scratch / "source")
    return corpus.only(scratch / "source", "*")


def _ask_for_sources(folder: Path) -> None:
    """Write the machine's main Debian archives again, for source packages in place of binary ones. What was published for
    security alone soon makes room for its next version, and a mirror may lack it."""
    for path in sorted(_SETTINGS.glob("sources.list*")) + sorted(_SETTINGS.glob("sources.list.d/*.sources")):
        if path.is_file():
            stanzas = path.read_text(encoding="utf-8").split("\n\n")
            kept = [
                _for_sources(stanza)
                for stanza in stanzas
                if re.search(r"^(URIs:|deb ).*/debian/?(\s|$)", stanza, re.MULTILINE)
            ]
            (folder / path.name).write_text("\n\n".join(kept) + "\n", encoding="utf-8")


def _for_sources(stanza: str) -> str:
    return re.sub(r"^deb ", "deb-src ", re.sub(r"^Types:.*$", "Types: deb-src", stanza, flags=re.M), flags=re.M)
