"""Which reader a format has, by the name of its language."""

from __future__ import annotations

from types import MappingProxyType

from indexing.documents.build import read_calls, read_cmake, read_dockerfile, read_gradle, read_just, read_makefile
from indexing.documents.json_text import read_json
from indexing.documents.markup import read_html, read_xml
from indexing.documents.parts import Reader
from indexing.documents.prose import read_asciidoc, read_markdown, read_plain, read_restructuredtext
from indexing.documents.settings_text import read_ini, read_properties, read_toml
from indexing.documents.yaml_text import read_yaml

READERS = MappingProxyType[str, Reader](
    {
        "asciidoc": read_asciidoc,
        "cmake": read_cmake,
        "dockerfile": read_dockerfile,
        "gradle": read_gradle,
        "html": read_html,
        "ini": read_ini,
        "json": read_json,
        "just": read_just,
        "makefile": read_makefile,
        "markdown": read_markdown,
        "meson": read_calls,
        "properties": read_properties,
        "restructuredtext": read_restructuredtext,
        "starlark": read_calls,
        "svelte": read_html,
        "text": read_plain,
        "toml": read_toml,
        "vue": read_html,
        "xml": read_xml,
        "yaml": read_yaml,
    }
)
