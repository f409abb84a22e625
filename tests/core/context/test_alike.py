"""Folders that do the same thing, each in its own way."""

from __future__ import annotations

from core.context.alike import stands_in, unasked_alike

DEFINITIONS = [
    *((f"fs/{name}/write.c", f"{name}_write_back") for name in ("afs", "ceph", "nfs")),
    ("fs/writeback.c", "write_inode_now"),
]


def test_folders_whose_names_their_definitions_begin_with_are_alike() -> None:
    found = unasked_alike("how are pages written back", DEFINITIONS)
    assert found == {"fs/afs", "fs/ceph", "fs/nfs"}
    assert stands_in("fs/afs/deep/file.c", found)
    assert not stands_in("fs/writeback.c", found)


def test_what_the_question_names_is_what_it_is_about() -> None:
    assert "fs/nfs" not in unasked_alike("how does NFS write pages back", DEFINITIONS)


def test_a_lone_prefix_is_that_of_the_whole_source() -> None:
    assert not unasked_alike("how is a file read", [("src/ngx/a.c", "ngx_read"), ("src/ngx/b.c", "ngx_open")])


def test_folders_of_other_names_are_not_alike() -> None:
    assert not unasked_alike("how is a user saved", [(f"app/{name}/models.py", "User") for name in ("a", "b", "c")])
