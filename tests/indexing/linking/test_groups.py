"""Which files are linked together."""

from __future__ import annotations

from posixpath import dirname

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexing.linking import groups
from indexing.linking.groups import Member, group_files

MOST = 100
FOLDER = st.lists(st.sampled_from("abc"), max_size=3).map("/".join)
PATH = st.builds(lambda folder, name: f"{folder}/{name}".lstrip("/"), FOLDER, st.sampled_from(["x.c", "y.c", "z.c"]))
TREE = st.dictionaries(PATH, st.sampled_from([0, 1, 30, 60, 99, 100, 150]), max_size=30)
FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MOST_BYTES", MOST)
    monkeypatch.setattr(groups, "WHOLE_BYTES", MOST)


def members(tree: dict[str, int]) -> list[Member]:
    return [Member(number, path, size) for number, (path, size) in enumerate(tree.items())]


def named(tree: dict[str, int]) -> dict[str, list[str]]:
    return {group.name: [member.path for member in group.members] for group in group_files(members(tree))}


@FIXTURE
@given(TREE)
def test_every_file_is_in_one_group_and_no_group_is_too_large(tree: dict[str, int]) -> None:
    found = group_files(members(tree))
    assert sorted(member.path for group in found for member in group.members) == sorted(tree)
    assert len({group.name for group in found}) == len(found)
    for group in found:
        paths = [member.path for member in group.members]
        assert paths == sorted(paths)
        assert sum(tree[path] for path in paths) <= MOST or len(paths) == 1
    assert [group.members[0].path for group in found] == sorted(group.members[0].path for group in found)
    assert group_files(reversed(members(tree))) == found


def test_a_small_source_is_one_group_and_none_is_none() -> None:
    assert named({"a/x.c": 50, "b/y.c": 50}) == {"": ["a/x.c", "b/y.c"]}
    assert group_files([]) == []


def test_a_folder_stays_together_where_it_is_small_enough() -> None:
    tree = {"a/x.c": 60, "a/b/y.c": 30, "c/x.c": 90, "z.c": 10}
    assert named(tree) == {"/ z.c": ["z.c"], "/ a/b/y.c": ["a/b/y.c", "a/x.c"], "/ c/x.c": ["c/x.c"]} or named(tree) == {
        "/ a/b/y.c": ["a/b/y.c", "a/x.c", "z.c"],
        "/ c/x.c": ["c/x.c"],
    }


@FIXTURE
@given(TREE, TREE)
def test_an_edit_elsewhere_moves_nothing(tree: dict[str, int], edit: dict[str, int]) -> None:
    """The groups of a folder that has to be divided are the same whatever is beside it."""
    inside = {f"own/{path}": size for path, size in tree.items()} | {"own/1.c": MOST, "own/2.c": MOST}
    beside = {f"other/{path}": size for path, size in edit.items()}

    def of_own(found: dict[str, list[str]]) -> dict[str, list[str]]:
        return {name: paths for name, paths in found.items() if dirname(name.split(" ")[0] + "x").startswith("own")}

    alone, together = of_own(named(inside)), of_own(named(inside | beside))
    assert alone == together
    assert sorted(path for paths in alone.values() for path in paths) == sorted(inside)
