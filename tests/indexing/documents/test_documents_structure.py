"""Each format: which symbols, chunks and references come out of a file of its kind."""

from __future__ import annotations

import json

import pytest

from core.model.chunk import ChunkKind
from core.model.symbol import ReferenceKind
from core.settings import ChunkSettings
from indexing.documents.chunking import Document
from indexing.documents.reading import read_document
from indexing.languages.lines import Lines
from indexing.languages.registry import language_of

SMALL = ChunkSettings(max_bytes=400, min_bytes=40)


def read(language: str, text: str, settings: ChunkSettings = SMALL) -> Document:
    content = text.encode()
    return read_document(language, content, Lines(content), settings)


def symbols(document: Document) -> list[str]:
    return [f"{one.kind} {one.nesting} {one.span.start_line}-{one.span.end_line}" for one in document.facts.definitions[1:]]


def chunks(text: str, document: Document) -> list[str]:
    """`first line of the chunk | outline`."""
    content = text.encode()
    return [f"{content[one.start : one.end].decode().splitlines()[0]} | {one.outline}" for one in document.pieces]


def targets(document: Document) -> list[str]:
    assert {one.kind for one in document.facts.references} <= {ReferenceKind.READ}
    return [f"{one.line} {one.target}" for one in document.facts.references]


def test_makefile_targets_keep_their_recipes_and_comments() -> None:
    text = (
        "CC ?= cc\nLDLIBS = -lm\nOBJECTS := io.o net/http.o\n\n# builds all\nall: $(OBJECTS)\n"
        "\t$(CC) -o app $^ \\\n\t\t-lm\n\n"
        ".PHONY: all clean\nclean:\n\trm -f app\n\nVERSION = 1\n%.o: %.c\n\t$(CC) -c $<\n\ndefine RUN\nlong: text\nendef\n"
        "debug: CFLAGS = -g\n"
    )
    document = read("makefile", text)
    assert symbols(document) == ["function all 6-8", "function clean 11-12", "macro RUN 18-20"]
    assert targets(document)[:2] == ["3 io.c", "3 net/http.c"]
    assert "# builds all | all" in chunks(text, document)


def test_cmake_targets_and_functions() -> None:
    text = (
        "project(shop C)\nadd_library(core STATIC\n  src/core.c)\ntarget_link_libraries(core m)\n\n"
        "function(check_flag name)\n  message(x)\nendfunction()\n\nadd_executable(${APP} app.c)\n"
    )
    document = read("cmake", text)
    assert symbols(document) == ["constant shop 1-1", "constant core 2-3", "function check_flag 6-8"]
    assert targets(document) == ["3 src/core.c", "10 app.c"]
    assert document.facts.references[0].scope == 2


def test_stages_tasks_rules_and_recipes() -> None:
    docker = read("dockerfile", "FROM golang:1.22 AS build\nRUN make\n\nFROM --platform=x scratch\nCOPY --from=build a b\n")
    assert symbols(docker) == ["constant build 1-2"]
    gradle = read("gradle", "android {\n  a 1\n}\ntask lint(type: Exec) {\n  x\n}\ndef version() {\n  1\n}\n")
    assert symbols(gradle) == ["function lint 4-6", "function version 7-9"]
    starlark = read("starlark", 'load("//x")\ncc_library(\n    name = "io",\n    srcs = ["io.c"],\n)\n')
    assert "constant io 2-5" in symbols(starlark)
    assert symbols(read("just", "set x := 1\n\n# runs\nrun target:\n  echo\n")) == ["function run 4-5"]


def test_package_description_names_the_package_and_its_scripts() -> None:
    text = json.dumps(
        {"name": "shop", "version": "1", "scripts": {"build": "tsc", "lint:fix": "eslint"}, "files": [{"scripts": {}}]},
        indent=2,
    )
    document = read("json", text)
    assert symbols(document) == [
        "constant shop 2-2", "field scripts 4-7", "function scripts.build 5-5", "function scripts.lint:fix 6-7"
    ]  # fmt: skip


def test_json_is_taken_apart_only_where_it_must() -> None:
    long = {f"k{n}": "v" * 60 for n in range(9)}
    text = json.dumps({"small": {"a": {"b": 1}, "pad": "x" * 60}, "large": long}, indent=1)
    outlines = [line.partition(" | ")[2] for line in chunks(text, read("json", text))]
    assert outlines[0] == "small"
    assert len(outlines) > 2
    assert all(outline.startswith("large") for outline in outlines[1:])


def test_json_on_one_line_is_cut_at_its_keys() -> None:
    text = json.dumps({f"k{n}": {"value": "x" * 80} for n in range(30)})
    found = chunks(text, read("json", text))
    assert len(found) == 30
    assert all(line.startswith(('"k', '{"k')) for line in found)


def test_json_with_comments_keeps_its_keys() -> None:
    document = read("json", '{\n  // don\'t "open\n  "compilerOptions": {"strict": true}, /* " */\n  "include": {}\n}')
    assert [one.nesting for one in document.facts.definitions[1:]] == ["compilerOptions", "include"]


def test_yaml_keys_outside_of_lists_and_block_texts() -> None:
    text = (
        "name: CI\non: push\njobs:\n  build:\n    steps:\n      - name: x\n        run: |\n          make: all\n"
        "          other:\n  test:\n    needs: build\nscript: >-\n  key:\n    no: key\nlast:\n- a:\n  b:\nend:\n  x: 1\n"
    )
    assert symbols(read("yaml", text)) == [
        "field jobs 3-11", "field jobs.build 4-9", "field jobs.test 10-11", "field script 12-14", "field last 15-17",
        "field end 18-19",
    ]  # fmt: skip


def test_documents_of_a_stream_have_their_names() -> None:
    text = "".join(
        f"---\nkind: Service\nmetadata:\n  labels: {{}}\n  name: svc{n}\nspec:\n  a: {'x' * 50}\n" for n in range(2)
    )
    document = read("yaml", text)
    assert [line.partition(" | ")[2] for line in chunks(text, document)] == ["Service svc0", "Service svc1"]
    assert "constant svc1 8-14" in symbols(document)


def test_toml_tables_nest_by_name() -> None:
    text = (
        '[project]\nname = "shop"\n[project.scripts]\nshop = "shop.cli:main"\n[tool.lint]\nx = """\n[no]\n"""\n'
        '[tool.lint.rules]\ny = [\n    ["a"]\n]\n'
    )
    document = read("toml", text)
    assert symbols(document) == [
        "field project 1-4", "constant project.shop 2-2", "field project.scripts 3-4", "function project.scripts.shop 4-4",
        "field tool.lint 5-12", "field tool.lint.rules 9-12",
    ]  # fmt: skip
    assert targets(document) == ["4 shop.cli.main"]


def test_ini_sections_and_groups_of_properties() -> None:
    ini = "; first\n[alpha]\n" + "a = 1\n" * 8 + "# about beta\n[beta]\n" + "b = com.shop.Cart\n" * 4
    document = read("ini", ini)
    assert symbols(document) == ["field alpha 2-10", "field beta 12-16"]
    assert chunks(ini, document) == ["; first | alpha", "# about beta | beta"]
    assert targets(document) == ["13 com.shop.Cart"]
    properties = "jdbc.url=x\njdbc.user=" + "y" * 50 + "\n# mail\nmail.host=z\nmail.port=" + "1" * 50 + "\n"
    assert chunks(properties, read("properties", properties)) == ["jdbc.url=x | jdbc", "# mail | mail"]


def test_xml_elements_with_names() -> None:
    beans = (
        '<?xml version="1.0"?>\n<!-- <bean id="no"/> -->\n<beans>\n  <bean id="cart" class="com.shop.Cart">\n'
        '    <property name="size" value="1"/>\n  </bean>\n  <import resource="other/beans.xml"/>\n</beans>\n'
    )
    document = read("xml", beans)
    assert symbols(document) == ["constant cart 4-6", "constant cart.size 5-6"]
    assert targets(document) == ["4 com.shop.Cart", "7 other/beans.xml"]
    ant = '<project>\n<target name="compile">\n<javac a="/>"/>\n</target>\n</project>'
    assert symbols(read("xml", ant)) == ["function compile 2-5"]
    maven = "<project>\n <parent><artifactId>up</artifactId></parent>\n <artifactId>shop</artifactId>\n</project>"
    assert symbols(read("xml", maven)) == ["constant shop 3-4"]
    assert symbols(read("xml", '<svg><g id="a"/></svg>')) == []


def test_html_is_cut_at_headings_and_scripts_stand_alone() -> None:
    filler = "<p>" + "word " * 20 + "</p>\n"
    text = (
        f"<html><body>\n{filler}<h1>Top &amp; <b>all</b></h1>\n{filler}<script>\n{'var h = 1;' * 20}\n'<h2>no</h2>'"
        f"</script>\n"
        f"{filler}<!-- <h1>no</h1> --><h2>Sub</h2>\n{filler}</body></html>"
    )
    document = read("html", text)
    assert [line.partition(" | ")[2] for line in chunks(text, document)] == [
        "", "Top & all", "Top & all > script", "Top & all", "Top & all > Sub"
    ]  # fmt: skip
    assert {piece.kind for piece in document.pieces} == {ChunkKind.SECTION}


def test_prose_names_code_and_paths() -> None:
    text = (
        "# Guide\n\nUse `Cart.add()` and ``shop.cart.Cart`` of [the cart](../src/cart.py#L10), see src/io/file.c.\n"
        "Not `word`, not https://example.org/a/b.html nor e.g. this; `run_all` is, and kfree_skb() too.\n"
        "```python\nimport hidden.module.name\n```\n:func:`~shop.cart.total` :class:`the cart <shop.cart.Cart>`\n"
    )
    assert targets(read("markdown", text)) == [
        "3 Cart.add", "3 shop.cart.Cart", "3 ../src/cart.py", "3 src/io/file.c", "4 run_all", "4 kfree_skb",
        "8 shop.cart.total",
    ]  # fmt: skip


def test_directives_name_code_and_not_their_first_word() -> None:
    text = "A\n===\n\n.. note:: The rest\n\n.. c:function:: struct cart *cart_of(int n)\n.. class:: Cart(x)\n"
    assert targets(read("restructuredtext", text + ".. kernel-doc:: lib/io.c\n")) == ["6 cart_of", "7 Cart", "8 lib/io.c"]


def test_a_target_is_told_once_a_section() -> None:
    text = "# A\n" + "`f_a` `f_a` " * 9 + "\n\n# B\n`f_a`\n"
    assert targets(read("markdown", text)) == ["2 f_a", "5 f_a"]


def test_plain_text_with_underlined_headings_is_cut_at_them() -> None:
    text = "".join(f"Part {n}\n======\n\n{'word ' * 20}\n\n" for n in range(3))
    assert [piece.outline for piece in read("text", text).pieces] == ["Part 0", "Part 1", "Part 2"]
    assert {piece.kind for piece in read("text", "plain\n" * 9).pieces} == {ChunkKind.TEXT}


def notebook(cells: list[dict[str, object]], indent: int | None = 1) -> str:
    return json.dumps({"cells": cells, "metadata": {"kernelspec": {"language": "python", "name": "python3"}}}, indent=indent)


CELLS: list[dict[str, object]] = [
    {"cell_type": "markdown", "source": ["# Sales\n", "uses `shop.cart.Cart`"]},
    {
        "cell_type": "code",
        "outputs": [{"text": ["secret_output"], "data": {"source": "no"}}],
        "source": ["%matplotlib inline\n", "import os"],
    },
    {
        "cell_type": "code",
        "source": ["def total(x):\n", "    '''All \\\"of\\\" it.'''\n", "    return add(x)\n"],
        "outputs": [],
    },
    {"cell_type": "code", "source": "%%bash\ndef no", "outputs": []},
]


@pytest.mark.parametrize("indent", [1, None])
def test_notebook_cells_are_chunks_that_quote_the_file(indent: int | None) -> None:
    text = notebook(CELLS, indent)
    document = read("jupyter", text, ChunkSettings())
    excerpts = [text.encode()[piece.start : piece.end].decode() for piece in document.pieces]
    assert len(excerpts) == 4
    assert [json.loads(f"[{excerpt}]") for excerpt in excerpts] == [
        source if isinstance(source := cell["source"], list) else [source] for cell in CELLS
    ]
    assert not any("secret_output" in excerpt for excerpt in excerpts)
    assert {piece.outline for piece in document.pieces} == {"Sales"}


def test_code_of_a_notebook_has_its_symbols_where_the_file_has_them() -> None:
    text = notebook(CELLS)
    document = read("jupyter", text, ChunkSettings())
    (total,) = [one for one in document.facts.definitions if one.name == "total"]
    rows = text.splitlines()
    assert "def total" in rows[total.name_line - 1]
    assert "return add" in rows[total.span.end_line - 1]
    assert "def total" in text.encode()[total.span.start : total.span.end].decode()
    assert [one.module for one in document.facts.imports] == ["os"]
    assert "import os" in rows[document.facts.imports[0].line - 1]
    (mention,) = [one for one in document.facts.references if one.target == "shop.cart.Cart"]
    assert "uses" in rows[mention.line - 1]
    piece = document.pieces[2]
    assert document.facts.definitions[piece.definition].name == "total"


def test_json_that_is_no_notebook_is_json() -> None:
    assert symbols(read("jupyter", '{"nbformat": {"x": 1}}')) == ["field nbformat 1-1"]


@pytest.mark.parametrize(
    ("path", "language"), [("a/x.ipynb", "jupyter"), ("Makefile", "makefile"), ("a.yml", "yaml"), ("justfile", "just")]
)
def test_formats_are_known_by_their_names(path: str, language: str) -> None:
    assert language_of(path) == language
