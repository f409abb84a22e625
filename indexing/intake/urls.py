"""Git URLs: which are taken, what stays of one that holds credentials, and what it is called."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urlsplit

from core.errors import SourceError

_URL = re.compile(r"-?[A-Za-z][A-Za-z0-9+.-]*://|-?[\w.-]+@[\w.\[\]:-]+?:(?!\\)")
_SHORT = re.compile(r"(?P<user>[\w.-]+)@(?P<host>[\w.-]+|\[[0-9A-Fa-f:.]+\]):(?P<path>[^\x00-\x20\x7f]+)")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")
_CREDENTIALS = re.compile(r"(?<=//).*@", re.DOTALL)
_PORTS = {"http": 80, "https": 443, "ssh": 22, "git": 9418}
_REDIRECTED = {"http": "http:https", "https": "https"}


@dataclass(frozen=True, slots=True)
class GitUrl:
    """`address` is what git is given and what is stored and shown: no password is in it. `user` and `password` are for
    http(s) alone and go to `host`; `protocols` are those that git may speak on the way; `local` is a `file:` URL's path."""

    address: str
    name: str
    protocols: str
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    local: Path | None = None


def is_url(spec: str) -> bool:
    """Whether `spec` is written as a URL, or as git's `user@host:path`."""
    return _URL.match(spec) is not None


def shown(spec: str) -> str:
    """A source as it may be shown and logged: a URL without its credentials, anything else as it is."""
    if not is_url(spec):
        return spec
    try:
        return parse_url(spec).address
    except SourceError:
        return _without_credentials(spec)


def parse_url(spec: str) -> GitUrl:
    """Take a git URL apart. Raises SourceError, with no credentials in it, for one that is not taken."""
    safe = _without_credentials(spec)
    if _UNPRINTABLE.search(spec) or spec.startswith("-"):
        raise SourceError(f"cannot open {safe}", "it is not a URL", "check it")
    if "://" not in spec:
        return _short(spec, safe)
    try:
        parts = urlsplit(spec)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError as error:
        raise SourceError(f"cannot open {safe}", "it is not a URL", "check its host and port") from error
    if scheme == "file":
        return _file(parts, safe)
    if scheme not in _PORTS:
        known = "https, ssh, git and file URLs are"
        raise SourceError(f"cannot open {safe}", f"{scheme} URLs are not supported", f"{known}; or give a folder")
    if parts.query or parts.fragment:
        raise SourceError(f"cannot open {safe}", "a git URL has no '?' or '#'", "leave that part out")
    path = parts.path.rstrip("/")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not host or not path or any(part.startswith("-") for part in (unquote(host), user, unquote(path)[1:])):
        raise SourceError(f"cannot open {safe}", "it names no repository on a host", "check it")
    if _UNPRINTABLE.search(unquote(host) + user + password):
        raise SourceError(f"cannot open {safe}", "it is not a URL", "check it")
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port and port != _PORTS[scheme] else ""
    if scheme in _REDIRECTED:
        return GitUrl(f"{scheme}://{place}{path}", _name(path), _REDIRECTED[scheme], user, password, f"{scheme}://{place}")
    login = f"{quote(user)}@" if user and scheme == "ssh" else ""
    return GitUrl(f"{scheme}://{login}{place}{path}", _name(path), scheme)


def _without_credentials(spec: str) -> str:
    """What is left to show of a URL that cannot be taken apart."""
    return re.split(r"[?#]", _CREDENTIALS.sub("", spec), maxsplit=1)[0]


def _short(spec: str, safe: str) -> GitUrl:
    found = _SHORT.fullmatch(spec)
    if not found or any(found[part].startswith("-") for part in ("user", "host", "path")):
        raise SourceError(f"cannot open {safe}", "it names no repository on a host", "check it")
    path = found["path"].rstrip("/")
    return GitUrl(f"{found['user']}@{found['host'].lower()}:{path}", _name(path), "ssh")


def _file(parts: SplitResult, safe: str) -> GitUrl:
    if parts.netloc.lower() not in {"", "localhost"}:
        raise SourceError(f"cannot open {safe}", "a file URL names no host", "write file:///path")
    path = os.path.realpath(os.fsdecode(unquote_to_bytes(parts.path)) or "/")
    return GitUrl("file://" + quote(os.fsencode(path)), _name(path), "", local=Path(path))


def _name(path: str) -> str:
    last = path.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    return last.removesuffix(".git") or last or "repository"
