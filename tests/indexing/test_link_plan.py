"""What an edit makes stale, how much of it is linked at once, and that the rest is settled later."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError
from core.progress import Stage
from core.settings import Settings
from indexing import link_plan, link_tasks
from indexing.embedding.static import StaticEmbedder
from indexing.intake import open_source
from indexing.link_plan import LinkPlan, plan_links
from indexing.link_tasks import link_batch
from indexing.linking import groups
from indexing.pipeline import Job, build
from indexing.stores.sqlite.facts import StoredFacts
from indexing.stores.sqlite.reader import open_snapshot
from indexing.stores.sqlite.writer import IndexWriter
from tests.indexing.stores.packing import packed_code
from tests.indexing.trees import graph_of, index_tree, is_settled, write_tree


def padded(text: str, size: int, comment: str) -> str:
    """A source of that many bytes, so that groups are what they have to be."""
    return text + comment + "x" * (size - len(text) - len(comment) - 1) + "\n"


SOURCES = {
    "a/one.py": padded("def f():\n    return 1\n\n\ndef own():\n    return f()\n", 110, "# "),
    "a/two.py": padded("from a.one import f\n\n\ndef g():\n    return f()\n", 110, "# "),
    "b/use.py": padded("from a.two import g\n\n\ndef h():\n    return g()\n", 200, "# "),
    "c/apart.py": padded("def alone():\n    return 2\n", 200, "# "),
    "lib/one.c": padded("int total(void) { return 1; }\n", 200, "// "),
    "app/main.c": padded("int total(void);\nint run(void) { return total(); }\n", 200, "// "),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The index of `SOURCES`, each of whose folders is a group, which is large where it has more than one file."""
    monkeypatch.setattr(groups, "MOST_BYTES", 300)
    monkeypatch.setattr(groups, "WHOLE_BYTES", 0)
    write_tree(tmp_path / "source", SOURCES)
    index_tree(tmp_path / "source", tmp_path / "index")
    return tmp_path / "index"


def plan_after(folder: Path, *, settle: bool = False, **edits: str | None) -> tuple[LinkPlan, dict[int, str]]:
    """The plan after files (`a__one_py`) were put or removed, and the paths of ids."""
    named = {_path(name): text for name, text in edits.items()}
    with IndexWriter(folder) as writer:
        before = StoredFacts(folder)
        paths = {m.id: m.path for found in before.members().values() for m in found}
        before.close()
        writer.remove(path for path, text in named.items() if text is None)
        writer.put(packed_code(path, text) for path, text in named.items() if text is not None)
        unlinked = writer.links.unlinked()
        generation = writer.commit()
        facts = StoredFacts(folder)
        plan = plan_links(folder, generation, facts, writer.links.groups(), unlinked, settle=settle)
        paths |= {m.id: m.path for found in facts.members().values() for m in found}
        facts.close()
    return plan, paths


def cancel_linking(source: Path, folder: Path, after: int) -> None:
    """Index a source, and cancel the run when so many groups are linked."""
    token = CancellationToken()
    with open_source(str(source)) as workspace:
        run = build(Job(workspace, folder, Settings(), StaticEmbedder()), token)
        step = next(run)
        while step.stage is not Stage.LINK or step.done < after:
            step = next(run)
        token.cancel()
        with pytest.raises(CancelledError):
            list(run)


def _path(name: str) -> str:
    stem, _, ending = name.replace("__", "/").rpartition("_")
    return f"{stem}.{ending}"


def linked(plan: LinkPlan, paths: dict[int, str]) -> list[tuple[list[str], bool]]:
    return sorted(([paths[key] for key in task.members], task.whole) for task in plan.tasks)


A, B, C, LIB, APP = ["a/one.py", "a/two.py"], ["b/use.py"], ["c/apart.py"], ["lib/one.c"], ["app/main.c"]


def test_a_group_that_was_never_linked_is_linked_though_its_family_has_not_changed(folder: Path) -> None:
    """A run that was cancelled while it linked all anew leaves some groups of a family, and no file that changed since."""
    with IndexWriter(folder) as writer:
        facts = StoredFacts(folder)
        [use] = (m.id for m in facts.members()["python"] if m.path == B[0])
        facts.close()
        writer.links.drop_groups(name for name, group in writer.links.groups().items() if use in group.basis.members)
        writer.commit()
    plan, paths = plan_after(folder, lib__one_c=SOURCES["lib/one.c"].replace("1", "2"))
    assert (B, True) in linked(plan, paths)


def test_nothing_is_linked_where_nothing_changed(folder: Path) -> None:
    assert plan_after(folder)[0] == LinkPlan((), (), ())


def test_an_edit_that_others_cannot_notice_links_its_own_group(folder: Path) -> None:
    plan, paths = plan_after(folder, c__apart_py=SOURCES["c/apart.py"].replace("return 2", "return 3"))
    assert linked(plan, paths) == [(C, True)]
    plan, paths = plan_after(folder, a__one_py=SOURCES["a/one.py"] + "# more\n")
    assert linked(plan, paths) == [(A, True), (C, True)], "what is not linked yet stays to be"


def test_an_edit_is_noticed_by_those_who_looked_into_the_file_and_mention_what_changed(folder: Path) -> None:
    plan, paths = plan_after(folder, a__two_py=SOURCES["a/two.py"].replace("def g()", "def g(x)"))
    assert linked(plan, paths) == [(A, True), (B, True)]
    plan, paths = plan_after(folder, a__two_py=SOURCES["a/two.py"] + "\n\ndef unsaid():\n    return 3\n")
    assert linked(plan, paths) == [(A, True)]


def test_where_names_need_no_import_a_new_one_reaches_all_that_mention_it(folder: Path) -> None:
    plan, paths = plan_after(folder, new__total_c=padded("int total(void) { return 5; }\n", 200, "// "))
    assert [row for row in linked(plan, paths) if row[0] == APP] == [(APP, True)]
    assert (["new/total.c"], True) in linked(plan, paths)


def test_an_edit_does_not_concern_other_families(folder: Path) -> None:
    plan, paths = plan_after(folder, c__apart_py=SOURCES["c/apart.py"].replace("alone", "total"))
    assert linked(plan, paths) == [(C, True)]


def test_a_removed_file_is_noticed_and_its_group_is_gone(folder: Path) -> None:
    plan, paths = plan_after(folder, lib__one_c=None)
    assert linked(plan, paths) == [(APP, True)]
    assert len(plan.gone) == 1
    assert plan.gone[0].startswith("c: ")


def test_what_takes_longest_comes_first_though_it_be_smaller(folder: Path) -> None:
    plan, _ = plan_after(folder, c__apart_c="int x;\n" * 20, a__one_py="def f(): pass\n")
    costs = [task.cost for task in plan.tasks]
    assert costs == sorted(costs, reverse=True)
    first, second = plan.tasks[:2]
    assert (first.family, second.family) == ("python", "c")
    assert first.size < second.size


def test_of_a_large_group_what_changed_and_what_leads_there_is_linked_and_the_rest_waits(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_plan, "_MOST_AT_ONCE", 1)
    monkeypatch.setattr(link_plan, "_WORTH_ALL", 0)
    edit = SOURCES["a/one.py"].replace("def f()", "def f(x)")
    plan, paths = plan_after(folder, a__one_py=edit)
    assert linked(plan, paths) == [(A, False)], "two has an edge to what changed"
    assert plan.unsettled == ("python: / a/one.py", "python: / b/use.py")
    assert linked(*plan_after(folder, settle=True)) == [(A, True), (B, True)]
    monkeypatch.setattr(link_plan, "_BUNDLE_BYTES", 10)
    assert linked(*plan_after(folder)) == [(A[:1], False), (A[1:], False)]


def test_what_was_linked_in_part_is_linked_whole_by_a_run_that_settles(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_plan, "_MOST_AT_ONCE", 1)
    monkeypatch.setattr(link_plan, "_WORTH_ALL", 0)
    write_tree(tmp_path / "source", {"a/one.py": SOURCES["a/one.py"].replace("def f()", "def f(x)")})
    index_tree(tmp_path / "source", folder)
    assert not is_settled(folder)
    assert plan_after(folder)[0] == LinkPlan((), (), ())
    assert linked(*plan_after(folder, settle=True)) == [(A, True), (B, True)]
    index_tree(tmp_path / "source", folder, settle=True)
    assert is_settled(folder)
    assert plan_after(folder, settle=True)[0] == LinkPlan((), (), ())


ROUTES = """import os
from lib.tools import pick, Tool

LIMIT = pick(3)


class Base:
    def run(self):
        return pick(LIMIT)


class Case(Base):
    def run(self):
        import json

        return json.dumps(super().run())

    @staticmethod
    def made():
        return Tool().use()


def first():
    return Case().run()


def second():
    held = [first, Case.made]
    return held[0]()
"""
TOOLS = """def pick(n):
    return Tool()


class Tool:
    def use(self):
        return other()


def other():
    return pick(1)
"""


@pytest.mark.parametrize(
    ("path", "edit"),
    [
        ("app/routes.py", ("def first", "# why\n# so\ndef first")),
        ("app/routes.py", ("return Tool().use()", "return Tool().use(), first()")),
        ("app/routes.py", ("def run(self):\n        import json", "def walk(self):\n        import json")),
        ("app/routes.py", ("import pick, Tool", "import pick, other as Tool")),
        ("app/routes.py", ("LIMIT = pick(3)", "LIMIT = 3")),
        ("app/routes.py", ("class Case(Base)", "class Case(Tool)")),
        ("lib/tools.py", ("def pick(n):\n    return Tool()", "def pick(n):\n    return other()")),
        ("lib/tools.py", ("def use", "def put")),
        ("lib/tools.py", ("class Tool", "class Other:\n    pass\n\n\nclass Tool")),
        ("lib/tools.py", (TOOLS, "def nothing(): pass\n")),
    ],
)
def test_a_large_group_of_which_parts_are_linked_has_the_edges_of_a_fresh_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, edit: tuple[str, str]
) -> None:
    monkeypatch.setattr(link_plan, "_MOST_AT_ONCE", 1)
    monkeypatch.setattr(link_plan, "_WORTH_ALL", 0)
    sources = {"app/routes.py": ROUTES, "lib/tools.py": TOOLS, "app/more.py": "from app.routes import second\n\nsecond()\n"}
    write_tree(tmp_path / "source", sources)
    index_tree(tmp_path / "source", tmp_path / "index")
    write_tree(tmp_path / "source", {path: sources[path].replace(*edit)})
    index_tree(tmp_path / "source", tmp_path / "index")
    assert not is_settled(tmp_path / "index")
    index_tree(tmp_path / "source", tmp_path / "fresh")
    assert graph_of(tmp_path / "index") == graph_of(tmp_path / "fresh")


def test_a_file_that_a_cancelled_run_linked_in_part_is_linked_as_a_whole_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its edges are those of now already, and would be moved to other lines once more."""
    for name, value in (("_MOST_AT_ONCE", 1), ("_WORTH_ALL", 0), ("_BUNDLE_BYTES", 1)):
        monkeypatch.setattr(link_plan, name, value)
    # Two lines below each that an edge leads from stands something else.
    use = "from lib.tools import pick\n\nLIMIT = held\n\ndef use():\n    pick(1)\n\n    own = held\n"
    sources = {"app/a.py": use, "app/b.py": use, "lib/tools.py": TOOLS}
    write_tree(tmp_path / "source", sources)
    index_tree(tmp_path / "source", tmp_path / "index")
    write_tree(tmp_path / "source", {path: f"# moved\n# twice\n{text}" for path, text in sources.items()})
    cancel_linking(tmp_path / "source", tmp_path / "index", after=2)
    index_tree(tmp_path / "source", tmp_path / "index")
    index_tree(tmp_path / "source", tmp_path / "fresh")
    assert graph_of(tmp_path / "index") == graph_of(tmp_path / "fresh")


def test_a_large_group_that_a_file_came_to_is_settled_later(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its members stay others than those it was last linked with until it is: that is no reason to wait once more."""
    monkeypatch.setattr(groups, "WHOLE_BYTES", 10_000)
    index_tree(tmp_path / "source", tmp_path / "whole")
    monkeypatch.setattr(link_plan, "_MOST_AT_ONCE", 1)
    monkeypatch.setattr(link_plan, "_WORTH_ALL", 0)
    write_tree(tmp_path / "source", {"a/three.py": "from a.one import own\n\n\ndef late():\n    return own()\n"})
    index_tree(tmp_path / "source", tmp_path / "whole")
    assert not is_settled(tmp_path / "whole")
    assert plan_after(tmp_path / "whole")[0] == LinkPlan((), (), ())
    index_tree(tmp_path / "source", tmp_path / "whole", settle=True)
    assert is_settled(tmp_path / "whole")
    index_tree(tmp_path / "source", tmp_path / "fresh")
    assert graph_of(tmp_path / "whole") == graph_of(tmp_path / "fresh")


def test_a_run_that_is_cancelled_while_it_links_is_made_good_by_the_next(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = tmp_path / "cancelled"
    cancel_linking(tmp_path / "source", fresh, after=3)
    graph_of(fresh)
    index_tree(tmp_path / "source", fresh)
    assert graph_of(fresh) == graph_of(folder)
    with open_snapshot(fresh) as reader, open_snapshot(folder) as other:
        assert reader.edge_counts() == other.edge_counts()
        keys = [symbol.key for symbol in reader.all_symbols()]
        assert sorted(reader.edges_to(keys), key=repr) == sorted(reader.edges(), key=repr)


def test_what_goes_wrong_in_a_worker_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, _ = plan_after(folder, c__apart_py="def alone(): pass\n", a__one_py="def f(): pass\n")

    def stumbling(*_: object) -> None:
        raise IndexError("a bug")

    monkeypatch.setattr(link_tasks, "find_world", stumbling)
    results = link_batch(plan.tasks)
    link_tasks.close_session()
    assert [result.task for result in results] == list(plan.tasks)
    assert {result.problem for result in results} == {"linker failed: IndexError('a bug')"}
    assert all(not result.files for result in results)
