"""Numbers as people read them: `7.4 k`, `12.3 M`, `3.2 MB`, `1 min 20 s`."""

from __future__ import annotations

from core.language_names import language_name
from desktop.qt.words import tr

_THIN = "\u202f"
"""A narrow no-break space between a number and its unit."""
_MINUTE = 60
_LEAST_PRICE = 0.0001
"""What is less is not worth telling."""
_HOUR = 3600


def count(number: float) -> str:
    """Three significant figures at most: 980, 7.4 k, 12.3 M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit * 0.9995:
            value = number / limit
            return f"{value:.0f}{_THIN}{unit}" if value >= 100 else f"{value:.1f}".removesuffix(".0") + f"{_THIN}{unit}"
    return f"{number:.0f}"


def grouped(number: int) -> str:
    """Every digit, in groups of three, as diagrams and the command line write it: 12,345."""
    return f"{number:,}"


def size(number: float) -> str:
    """Bytes in units of 1,000: 812 B, 34 KB, 3.2 MB."""
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if number >= limit * 0.9995:
            value = number / limit
            return f"{value:.0f}{_THIN}{unit}" if value >= 10 else f"{value:.1f}".removesuffix(".0") + f"{_THIN}{unit}"
    return f"{number:.0f}{_THIN}B"


def dollars(amount: float) -> str:
    """Two significant figures below a dollar, cents from there on: $0.0024, $0.024, $1.20."""
    if amount >= 1:
        return f"${amount:.2f}"
    return f"${amount:.2g}" if amount >= _LEAST_PRICE else f"<{_THIN}${_LEAST_PRICE:.4f}"


def duration(seconds: float) -> str:
    """0.4 s, 12 s, 1 min 20 s, 2 h 5 min."""
    if seconds < 10:
        return f"{seconds:.1f}".removesuffix(".0") + f"{_THIN}s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole}{_THIN}s"
    if whole < _HOUR:
        minutes, rest = divmod(whole, _MINUTE)
        return f"{minutes}{_THIN}min" + (f" {rest}{_THIN}s" if rest else "")
    hours, rest = divmod(whole, _HOUR)
    return f"{hours}{_THIN}h" + (f" {rest // _MINUTE}{_THIN}min" if rest >= _MINUTE else "")


def source(identity: str) -> str:
    """A source in one line; several are one a line."""
    return identity.replace("\n", " + ")


def source_name(identity: str) -> str:
    """What a source is called, by its path alone."""
    return " + ".join(
        one.rstrip("/\\").replace("\\", "/").rpartition("/")[2].removesuffix(".git") or one for one in identity.split("\n")
    )


def plural(number: int, one: str, many: str = "") -> str:
    """`1 file`, `12 files`."""
    return f"{grouped(number)} {tr(one if number == 1 else many or one + 's')}"


def lines(start: int, end: int) -> str:
    """`12` or `12–18`."""
    return f"{start}" if end <= start else f"{start}–{end}"


def language(name: str) -> str:
    """A language's name as its people write it."""
    return language_name(name)


_REASONS = {
    "ignored": "ignored by rules", "binary": "binary", "too_large": "too large", "empty": "empty", "symlink": "links",
    "special": "not plain files", "version_control": "version control",
    "submodule": "git submodules that are not there",
    "needs_extra": "PDF documents, which the extra codestrata[documents] reads",
}  # fmt: skip


def skip_reason(name: str) -> str:
    """Why files were left out, in words."""
    return tr(_REASONS.get(name, name.replace("_", " ")))
