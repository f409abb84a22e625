"""Links from a picture to the code: a pattern with places for the path and the line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter
from urllib.parse import quote

from core.errors import UsageError
from core.model.source import Place
from core.paths import to_os

_FIELDS = {"path", "line", "end_line"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SAFE_SCHEMES = ("http:", "https:")
RELATIVE = "{path}#L{line}"
"""Links for a picture that lies at the root of the source, as in a README on the web."""


@dataclass(frozen=True, slots=True)
class LinkPattern:
    """How a place is written as an address."""

    pattern: str

    def address(self, place: Place) -> str:
        """The address of a place; every odd byte of its path is escaped."""
        path = quote(to_os(place.path).encode("utf-8", "surrogateescape"), safe="/")
        return self.pattern.format(path=path, line=place.start_line, end_line=place.end_line)


def link_pattern(pattern: str) -> LinkPattern:
    """A pattern that can be filled in: `https://host/{path}#L{line}`, or one relative to the picture. UsageError for
    another, and for what would run something when clicked."""
    try:
        fields = {name for _, name, *form in Formatter().parse(pattern) if name is not None}
        bad = sorted(fields - _FIELDS)
    except ValueError as error:
        raise UsageError(f"{pattern} is no pattern of links", str(error), _EXAMPLE) from None
    scheme = _SCHEME.match(pattern)
    if bad or "path" not in fields:
        why = f"{{{bad[0]}}} is not known" if bad else "it has no {path}"
        raise UsageError(f"{pattern} is no pattern of links", why, _EXAMPLE)
    if scheme and scheme[0].lower() not in _SAFE_SCHEMES:
        raise UsageError(f"{pattern} is no pattern of links", f"a picture does not link to {scheme[0]}", _EXAMPLE)
    return LinkPattern(pattern)


_EXAMPLE = "write it as 'https://host/{path}#L{line}'"


def web_pattern(remote: str, commit: str, below: str = "") -> str:
    """The pattern of the web pages of a repository whose remote is `remote`, at a commit; `below` is the folder within it
    that the source is. Empty for a remote without a page."""
    found = _REMOTE.fullmatch(remote.strip())
    if found is None or not commit:
        return ""
    host, project = (found["host"] or found["ssh_host"]).lower(), (found["path"] or found["ssh_path"]).strip("/")
    prefix = f"{quote(below.strip('/'), safe='/')}/" if below.strip("/") else ""
    prefix = prefix.replace("{", "{{").replace("}", "}}")
    base = f"https://{host}/{quote(project.removesuffix('.git'), safe='/~')}"
    if "gitlab" in host:
        return f"{base}/-/blob/{commit}/{prefix}{{path}}#L{{line}}"
    if host == "bitbucket.org":
        return f"{base}/src/{commit}/{prefix}{{path}}#lines-{{line}}"
    if host in _GITEA:
        return f"{base}/src/commit/{commit}/{prefix}{{path}}#L{{line}}"
    return f"{base}/blob/{commit}/{prefix}{{path}}#L{{line}}"


_GITEA = frozenset({"codeberg.org", "gitea.com"})
_REMOTE = re.compile(
    r"(?:https?|ssh|git)://(?:[^@/\s]*@)?(?P<host>[\w.-]+)(?::\d+)?/(?P<path>[^\s?#]+)"
    r"|(?:[\w.-]+@)(?P<ssh_host>[\w.-]+):(?P<ssh_path>[^\s?#:]+)"
)
