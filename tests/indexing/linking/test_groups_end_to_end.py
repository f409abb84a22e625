"""A source that is linked in many groups has the graph that it has when all of it is seen at once, also after edits."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.model.graph import Confidence
from indexing import link_plan
from indexing.linking import groups
from tests.indexing.trees import graph_of, index_tree, is_settled, write_tree

AREAS = ("orders", "prices", "stock", "users")


def python_tree() -> dict[str, str]:
    """Packages whose classes inherit, hold, return and call each other's."""
    files = {"shop/__init__.py": "", "shop/base.py": BASE}
    for number, area in enumerate(AREAS):
        other = AREAS[(number + 1) % len(AREAS)]
        files[f"shop/{area}/__init__.py"] = f"from shop.{area}.model import *\nfrom .service import make_{area}\n"
        files[f"shop/{area}/model.py"] = PYTHON_MODEL.format(area=area, kind=area.title())
        files[f"shop/{area}/service.py"] = PYTHON_SERVICE.format(
            area=area, kind=area.title(), other=other, other_kind=other.title()
        )
    return files


BASE = '''class Record:
    """What all records can do."""

    def save(self):
        return self.check()

    def check(self):
        return True
'''
PYTHON_MODEL = """from shop.base import Record


class {kind}(Record):
    def __init__(self):
        self.parts = []

    def check(self):
        return super().check()

    def {area}_total(self):
        return len(self.parts)
"""
PYTHON_SERVICE = """import json

from shop import {other}
from shop.{other}.model import {other_kind} as Other
from ..base import Record
from .model import {kind}


def make_{area}():
    return {kind}()


def run_{area}():
    other = Other()
    other.save()
    other.{other}_total()
    made = {other}.make_{other}()
    made.{other}_total()
    first = make_{area}()
    first.save()
    json.dumps(first.parts)
    return Record()
"""


def java_tree() -> dict[str, str]:
    files = {"java/com/shop/base/Record.java": JAVA_BASE}
    for number, area in enumerate(AREAS):
        other = AREAS[(number + 1) % len(AREAS)]
        names = {"area": area, "kind": area.title(), "other": other, "other_kind": other.title()}
        files[f"java/com/shop/{area}/{area.title()}.java"] = JAVA_MODEL % names
        files[f"java/com/shop/{area}/{area.title()}Service.java"] = JAVA_SERVICE % names
    return files


JAVA_BASE = """package com.shop.base;

public class Record {
    protected int count;
    public boolean save() { return check(); }
    public boolean check() { return true; }
}
"""
JAVA_MODEL = """package com.shop.%(area)s;

import com.shop.base.Record;

public class %(kind)s extends Record {
    private final %(kind)sService service = new %(kind)sService();
    @Override public boolean check() { return super.check(); }
    public int total() { return count; }
    public %(kind)sService service() { return service; }
}
"""
JAVA_SERVICE = """package com.shop.%(area)s;

import com.shop.%(other)s.*;
import java.util.List;

public class %(kind)sService {
    private %(other_kind)s held;
    static %(kind)s make() { return new %(kind)s(); }
    void run(%(other_kind)s given) {
        given.total();
        held.save();
        held.service().run(null);
        make().total();
    }
}
"""


def c_tree() -> dict[str, str]:
    files = {"c/include/base.h": "struct record { int count; };\nint record_save(struct record *r);\n"}
    files["c/lib/base.c"] = (
        '#include "base.h"\n\nstatic int check(void) { return 1; }\nint record_save(struct record *r) { return check(); }\n'
    )
    for number, area in enumerate(AREAS):
        other = AREAS[(number + 1) % len(AREAS)]
        names = {"area": area, "other": other}
        files[f"c/include/{area}.h"] = C_HEADER % names
        files[f"c/{area}/{area}.c"] = C_SOURCE % names
    return files


C_HEADER = """#ifndef %(area)s_H
#define %(area)s_H
#include "base.h"
#define %(area)s_LIMIT 10
struct %(area)s { struct record base; int (*run)(void); };
int %(area)s_total(struct %(area)s *self);
#endif
"""
C_SOURCE = """#include <stdio.h>
#include "%(area)s.h"
#include "%(other)s.h"

static int check(void) { return 0; }

int %(area)s_total(struct %(area)s *self)
{
    struct %(other)s held;
    printf("%%d", check());
    record_save(&held.base);
    return %(other)s_total(&held);
}
"""


def caseless_tree() -> dict[str, str]:
    """Fortran and Pascal, which write one name in many ways."""
    files = {}
    for number, area in enumerate(AREAS):
        other = AREAS[(number + 1) % len(AREAS)]
        files[f"fortran/{area}/{area}.f90"] = (
            f"module {area.upper()}_mod\n  use {other.title()}_Mod\ncontains\n"
            f"  subroutine {area}_run(n)\n    integer :: n\n    call {other.upper()}_RUN(n)\n  end subroutine\nend module\n"
        )
        files[f"cobol/{area}/{area}.cbl"] = (
            f"       IDENTIFICATION DIVISION.\n       PROGRAM-ID. {area.upper()}-MAIN.\n       PROCEDURE DIVISION.\n"
            f"       MAIN-PARA.\n           CALL '{other}-main'.\n           STOP RUN.\n"
        )
        files[f"php/{area}/{area}.php"] = (
            f"<?php\nnamespace Shop\\{area.title()};\n\nuse Shop\\{other.title()}\\{other.title()};\n\n"
            f"class {area.title()} {{\n    public function run() {{\n        $x = new {other.upper()}();\n"
            "        $x->RUN();\n    }\n}\n"
        )
    return files


def script_tree() -> dict[str, str]:
    files = {"js/base.js": "export class Record {\n  save() { return this.check(); }\n  check() { return true; }\n}\n"}
    for number, area in enumerate(AREAS):
        other = AREAS[(number + 1) % len(AREAS)]
        files[f"js/{area}/index.js"] = (
            f"export * from './model.js';\nexport {{ make as make_{area} }} from './service.js';\n"
        )
        files[f"js/{area}/model.js"] = (
            f"import {{ Record }} from '../base.js';\n\nexport class {area.title()} extends Record {{\n"
            f"  check() {{ return super.check(); }}\n  total() {{ return 1; }}\n}}\n"
        )
        files[f"js/{area}/service.js"] = (
            f"import {{ {area.title()} }} from './model.js';\nimport * as other from '../{other}/index.js';\n\n"
            f"export function make() {{ return new {area.title()}(); }}\n\n"
            f"export function run() {{\n  make().total();\n  other.make_{other}().total();\n"
            f"  new other.{other.title()}().save();\n}}\n"
        )
        files[f"rs/src/{area}.rs"] = (
            f"use crate::{other}::{other.title()};\n\npub struct {area.title()} {{ pub count: u32 }}\n\n"
            f"impl {area.title()} {{\n    pub fn new() -> Self {{ {area.title()} {{ count: 0 }} }}\n"
            f"    pub fn total(&self) -> u32 {{ let o = {other.title()}::new(); o.total() }}\n}}\n"
        )
        files[f"go/{area}/{area}.go"] = (
            f'package {area}\n\nimport "example.com/shop/go/{other}"\n\ntype {area.title()} struct {{ Count int }}\n\n'
            f"func New() *{area.title()} {{ return &{area.title()}{{}} }}\n\n"
            f"func (x *{area.title()}) Total() int {{ return {other}.New().Total() }}\n"
        )
        files[f"rb/{area}.rb"] = (
            f"require_relative '{other}'\n\nclass {area.title()}\n  def self.make\n    new\n  end\n\n"
            f"  def total!\n    {other.title()}.make.total!\n  end\nend\n"
        )
        files[f"sh/{area}/run.sh"] = f"source ../{other}/run.sh\n\n{area}-run() {{\n  {other}-run\n}}\n"
        files[f"ex/{area}.ex"] = (
            f"defmodule Shop.{area.title()} do\n  alias Shop.{other.title()}\n\n"
            f"  def ready?, do: {other.title()}.ready?()\nend\n"
        )
        files[f"full/{area}.cs"] = (
            f"namespace Shop.{area.title()} {{\n  public class {area.title()}Box {{\n    public static int Run()\n"
            f"    {{ return Shop.{other.title()}.{other.title()}Box.Run(); }}\n  }}\n}}\n"
        )
        files[f"full/{area}.ex"] = (
            f"defmodule Full.{area.title()} do\n  def ready?, do: Full.{other.title()}.ready?()\nend\n"
        )
        files[f"full/{area}.pm"] = f"package Shop::{area.title()};\nsub run {{ return Shop::{other.title()}::run(); }}\n1;\n"
        files[f"full/{area}.php"] = (
            f"<?php\nnamespace Shop\\{area.title()};\nfunction run() {{ return \\Shop\\{other.title()}\\run(); }}\n"
        )
    files["rs/src/lib.rs"] = "".join(f"pub mod {area};\n" for area in AREAS)
    return files


TREES = {
    "python": python_tree,
    "java": java_tree,
    "c": c_tree,
    "caseless": caseless_tree,
    "scripts": script_tree,
}


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)


def make_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups of a file or two, of which an update links only small ones whole."""
    monkeypatch.setattr(groups, "MOST_BYTES", 300)
    monkeypatch.setattr(groups, "WHOLE_BYTES", 0)
    monkeypatch.setattr(link_plan, "_MOST_AT_ONCE", 400)
    monkeypatch.setattr(link_plan, "_BUNDLE_BYTES", 500)


@pytest.mark.parametrize("name", sorted(TREES))
def test_edges_do_not_depend_on_how_the_source_is_grouped(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(tmp_path / "source", TREES[name]())
    assert not index_tree(tmp_path / "source", tmp_path / "whole").files.degraded
    whole = graph_of(tmp_path / "whole")
    assert len(whole) > 3 * len(AREAS)
    make_small(monkeypatch)
    assert not index_tree(tmp_path / "source", tmp_path / "grouped").files.degraded
    grouped = graph_of(tmp_path / "grouped")
    assert grouped <= whole
    # Classes below that only another group has are not looked for: a group sees what it imports, not what imports it.
    below = {(item[0], item[1]) for item in whole if item[2] == "overrides"}
    for source, target, kind, confidence, path, line in whole - grouped:
        assert (kind, confidence) == ("calls", Confidence.INFERRED)
        called = {item[1] for item in grouped if item[0] == source and item[2] == "calls" and item[4:] == (path, line)}
        assert any((target, method) in below for method in called)


def test_only_what_an_argument_carries_is_lost_between_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carried = "def call(f):\n    return f()\n"
    giving = "from lib.calls import call\n\n\ndef work():\n    return 1\n\n\ndef go():\n    call(work)\n"
    pad = "# " + "x" * 600 + "\n"
    write_tree(tmp_path / "source", {"lib/calls.py": carried + pad, "app/main.py": giving + pad})
    index_tree(tmp_path / "source", tmp_path / "whole")
    make_small(monkeypatch)
    index_tree(tmp_path / "source", tmp_path / "grouped")
    whole, grouped = graph_of(tmp_path / "whole"), graph_of(tmp_path / "grouped")
    assert ("app.main.go", "lib.calls.call", "calls", "exact", "app/main.py", 9) in grouped
    assert {edge[:3] for edge in whole - grouped} == {("lib.calls.call", "app.main.work", "calls")}
    assert {edge[3] for edge in whole if edge[3] == Confidence.EXACT} == {"exact"}
    assert grouped <= whole


FILES = ("a/one.py", "a/two.py", "b/one.py", "b/__init__.py", "c/one.c", "c/two.c", "c/all.h")
NAMES = ("f", "g", "h")
DEFINED = st.lists(st.sampled_from(NAMES), max_size=3, unique=True)
USED = st.lists(st.tuples(st.sampled_from(["a.one", "a.two", "b", "b.one"]), st.sampled_from([*NAMES, "*"])), max_size=3)
CONTENT = st.tuples(DEFINED, USED, st.lists(st.sampled_from(NAMES), max_size=3), st.booleans())
EDITS = st.lists(
    st.dictionaries(st.sampled_from(FILES), st.none() | CONTENT, min_size=1, max_size=2), min_size=1, max_size=3
)


def text_of(path: str, content: tuple[list[str], list[tuple[str, str]], list[str], bool]) -> str:
    """A file that defines names, imports some and calls some; padded so that some groups are too large to link at once."""
    defined, imported, called, flag = content
    pad = "x" * (450 if flag else 30)
    if path.endswith(".py"):
        lines = [f"from {module} import {name}" for module, name in imported]
        lines += [f"def {name}():\n" + "".join(f"    {n}()\n" for n in called) + "    return 1" for name in defined]
        return "\n".join([*lines, f"# {pad}"]) + "\n"
    if path.endswith(".h"):
        return "".join(f"int {name}(void);\n" for name in defined) + f"/* {pad} */\n"
    body = "".join(f"    {n}();\n" for n in called)
    sort = "static " if len(called) == 1 else ""
    return (
        ('#include "all.h"\n' if flag else "")
        + "".join(f"{sort}int {name}(void)\n{{\n{body}    return 1;\n}}\n" for name in defined)
        + f"/* {pad} */\n"
    )


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(first=st.fixed_dictionaries(dict.fromkeys(FILES, CONTENT)), edits=EDITS)
@pytest.mark.usefixtures("small_groups")
def test_after_any_edits_the_graph_is_that_of_a_fresh_index(
    first: dict[str, tuple[list[str], list[tuple[str, str]], list[str], bool]],
    edits: list[dict[str, tuple[list[str], list[tuple[str, str]], list[str], bool] | None]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = tmp_path_factory.mktemp("tree")
    source, folder = place / "source", place / "index"
    write_tree(source, {path: text_of(path, content) for path, content in first.items()})
    index_tree(source, folder)
    there = set(first)
    for number, edit in enumerate(edits):
        write_tree(
            source,
            {
                path: None if content is None else text_of(path, content)
                for path, content in edit.items()
                if content is not None or path in there
            },
        )
        there = {path for path in {*there, *edit} if (source / path).exists()}
        if not there:
            return
        index_tree(source, folder)
        graph_of(folder)
        index_tree(source, folder, settle=True)
        assert is_settled(folder)
        fresh = place / f"fresh{number}"
        index_tree(source, fresh)
        assert graph_of(folder) == graph_of(fresh)
