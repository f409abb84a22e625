"""An explanation as a Markdown document, or as one HTML file that needs nothing else.

Every sentence ends in its numbers. In Markdown they lead to the files beside the source (`path#L10-L20`, as forges write
it); in HTML to the list of places below, where the first lines of each can be unfolded, without secrets.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import quote

from core.context.redact import redact
from core.errors import SourceError
from core.model.explanation import Explanation, Paragraph, Told
from core.model.source import Place
from core.ports import FileReader

FORMATS = ("md", "html")
_SHOWN_LINES = 12
_LONGEST_LINE = 160
_CODE = re.compile(r"`([^`]+)`")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --quiet: #5c6670; --line: #d9dee3; --paper: #ffffff; --code: #f3f5f7; --link: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ec; --quiet: #98a3ad; --line: #343b42; --paper: #15191d; --code: #20262c; --link: #7ab7f5; } }
body { max-width: 58rem; margin: 2rem auto 6rem; padding: 0 1.5rem; color: var(--ink); background: var(--paper); font: 16px/1.6 system-ui, sans-serif; }
h1 { line-height: 1.2; } h2 { margin-top: 2.6rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; } h3 { margin: 1.6rem 0 .3rem; }
code, pre { font: 13.5px/1.5 ui-monospace, monospace; background: var(--code); border-radius: 4px; } code { padding: .1em .3em; } pre { padding: .7em .9em; overflow-x: auto; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
sup a { margin-left: .15em; } nav a { margin-right: 1.2em; } figure { margin: 1.5rem 0; overflow-x: auto; background: #fff; border-radius: 6px; } figure svg { max-width: 100%; height: auto; }
.places { font-size: .9rem; color: var(--quiet); } .places summary { cursor: pointer; } .places li:target { background: var(--code); }
"""  # noqa: E501 - a style sheet is read a rule a line


class _Numbers:
    """The number of each place, in the order of first mention."""

    def __init__(self) -> None:
        self.places: dict[Place, int] = {}

    def of(self, told: Told) -> list[tuple[int, Place]]:
        return [(self.places.setdefault(place, len(self.places) + 1), place) for place in told.places]


def markdown(explanation: Explanation, picture: str) -> str:
    """The document; `picture` is the diagram as Mermaid, or empty."""
    numbers = _Numbers()
    parts = [f"# {explanation.title}"]
    for chapter in explanation.chapters:
        parts.append(f"## {chapter.heading}")
        for paragraph in chapter.paragraphs:
            parts.append(_markdown_paragraph(paragraph, numbers, alone=len(chapter.paragraphs) == 1))
        if chapter.has_diagram and picture:
            parts.append(f"```mermaid\n{picture.strip()}\n```")
    places = [f"- [{n}] [{_written(place)}]({_target(place)})" for place, n in numbers.places.items()]
    parts += ["## Places", "\n".join(places)]
    return "\n\n".join(parts) + "\n"


def page(explanation: Explanation, picture: str, reader: FileReader) -> str:
    """The document as HTML with everything in it; `picture` is the diagram as SVG, or empty."""
    numbers = _Numbers()
    title = html.escape(explanation.title)
    headings = [chapter.heading for chapter in explanation.chapters]
    body = [f"<h1>{title}</h1>", "<nav>"]
    body += [f'<a href="#{_anchor(heading)}">{html.escape(heading)}</a>' for heading in (*headings, "Places")]
    body.append("</nav>")
    for chapter in explanation.chapters:
        body.append(f'<h2 id="{_anchor(chapter.heading)}">{html.escape(chapter.heading)}</h2>')
        for paragraph in chapter.paragraphs:
            body += _html_paragraph(paragraph, numbers, alone=len(chapter.paragraphs) == 1)
        if chapter.has_diagram and picture:
            body.append(f"<figure>{_inline(picture)}</figure>")
    body.append(f'<h2 id="{_anchor("Places")}">Places</h2><ol class="places">')
    texts: dict[str, list[str]] = {}
    body += [_html_place(place, n, reader, texts) for place, n in numbers.places.items()]
    body.append("</ol>")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}<style>{_STYLE}</style></head>\n<body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _markdown_paragraph(paragraph: Paragraph, numbers: _Numbers, *, alone: bool) -> str:
    said = [
        f"{told.text} {' '.join(f'[[{n}]]({_target(place)})' for n, place in numbers.of(told))}"
        for told in paragraph.sentences
    ]
    if paragraph.numbered:
        text = "\n".join(f"{step}. {line}" for step, line in enumerate(said, 1))
    elif alone and not paragraph.name:
        text = "\n".join(f"- {line}" for line in said)
    else:
        text = " ".join(said)
    return f"### {paragraph.name}\n\n{text}" if paragraph.name else text


def _html_paragraph(paragraph: Paragraph, numbers: _Numbers, *, alone: bool) -> Iterator[str]:
    said = [
        f"{_marked(told.text)}{''.join(_reference(n, place) for n, place in numbers.of(told))}"
        for told in paragraph.sentences
    ]
    if paragraph.name:
        yield f"<h3>{_marked(paragraph.name)}</h3>"
    if paragraph.numbered or (alone and not paragraph.name):
        tag = "ol" if paragraph.numbered else "ul"
        yield f"<{tag}>" + "".join(f"<li>{line}</li>" for line in said) + f"</{tag}>"
    else:
        yield f"<p>{' '.join(said)}</p>"


def _reference(n: int, place: Place) -> str:
    return f'<sup><a href="#p{n}" title="{html.escape(_written(place), quote=True)}">{n}</a></sup>'


def _html_place(place: Place, n: int, reader: FileReader, texts: dict[str, list[str]]) -> str:
    if place.path not in texts:
        try:
            texts[place.path] = reader.text(place.path).split("\n")
        except SourceError:
            texts[place.path] = []
    last = min(place.end_line, place.start_line + _SHOWN_LINES - 1)
    shown, _ = redact(texts[place.path], place.start_line, last, place.path)
    code = html.escape("\n".join(line[:_LONGEST_LINE] for line in shown))
    return f'<li id="p{n}"><details><summary>{html.escape(_written(place))}</summary><pre>{code}</pre></details></li>'


def _marked(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", html.escape(text, quote=False)))


def _inline(picture: str) -> str:
    return picture[picture.index("<svg") :] if "<svg" in picture else ""


def _anchor(heading: str) -> str:
    return re.sub(r"\W+", "-", heading.lower()).strip("-")


def _written(place: Place) -> str:
    lines = f"{place.start_line}" if place.start_line == place.end_line else f"{place.start_line}-{place.end_line}"
    return f"{place.path}:{lines}"


def _target(place: Place) -> str:
    return f"{quote(place.path)}#L{place.start_line}-L{place.end_line}"
