"""Only whole statements may differ in what is folded by likeness."""

from __future__ import annotations

import pytest

from indexing.folding.edits import EditKind
from indexing.folding.explain import Original, difference
from indexing.folding.streams import Extent, tokens_of

KEPT = """static int igb_poll(struct igb_ring *ring, int budget)
{
    int done = 0;
    while (done < budget && igb_more(ring)) {
        igb_clean(ring, done, 16);
        done += igb_count(ring);
        igb_refill(ring);
    }
    ring->stats.packets += done;
    return done;
}
"""


def compared(
    old: str, new: str, *, paths: tuple[str, str] = ("net/igb/main.c", "net/igc/main.c"), all_: bool = False
) -> bool:
    """Whether the copy with `new` for `old` differs in statements alone."""
    return edited(old, new, paths=paths, all_=all_) is EditKind.STATEMENTS


def edited(
    old: str, new: str, *, paths: tuple[str, str] = ("net/igb/main.c", "net/igc/main.c"), all_: bool = False
) -> EditKind:
    copy = KEPT.replace("igb", "igc") if all_ else KEPT
    changed = copy.replace(old, new)
    assert old == new or changed != copy
    kept, other = (tokens_of(text.encode(), "c", Extent(0, len(text.encode()), True)) for text in (KEPT, changed))
    return difference(kept, other, *paths)[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    return done;", "    trace(ring);\n    return done;"),
        ("        igb_refill(ring);\n", ""),
        ("int done = 0;", "int done = 0, before = 5;\n    use(before);"),
        ("static int", "int"),
        ("int budget", "u32 budget"),
    ],
)
def test_statements_are_statements(old: str, new: str) -> None:
    assert compared(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("16", "32"),
        ("done < budget", "done <= budget"),
        ("+= done", "-= done"),
        ("&& igb_more(ring)", ""),
        ("done < budget", "done < budget && ring"),
        ("igb_clean", "igb_drop"),
        ("return done", "return !done"),
        ("return done", "return done + 1"),
        ("done, 16", "done, LIMIT"),
        ("ring->stats.packets", "ring->stats.bytes"),
        ("igb_refill(ring)", "igb_refill(ring, done)"),
    ],
)
def test_what_both_have_is_the_same(old: str, new: str) -> None:
    assert edited(old, new) is EditKind.WITHIN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    ring->stats.packets += done;\n", "    if (done) {\n        ring->stats.packets += done;\n    }\n"),
        (
            "    ring->stats.packets += done;\n",
            "    if (!done)\n        stop(ring);\n    else\n        ring->stats.packets += done;\n",
        ),
        ("        igb_refill(ring);\n", "        for (;;) {\n            igb_refill(ring);\n        }\n"),
    ],
)
def test_what_both_have_is_not_the_same_under_a_condition(old: str, new: str) -> None:
    """A `for` was folded into the same one under an `if`: whether it runs is no statement that comes."""
    assert edited(old, new) is EditKind.MIXED


def test_a_condition_with_all_that_hangs_on_it_is_a_statement() -> None:
    assert compared("    return done;", "    if (done) {\n        trace(ring);\n    }\n    return done;")
    assert compared(
        "    return done;", "    if (!done)\n        trace(ring);\n    else\n        stop(ring);\n    return done;"
    )
    assert compared("    while (done", "    {\n    }\n    while (done")


def test_names_may_differ_by_the_names_of_their_places() -> None:
    assert compared("igc_refill(ring);", "igc_refill(ring);\n        trace(ring);", all_=True)
    assert not compared("igc_clean", "e1000_clean", all_=True)
    assert not compared("", "", all_=True, paths=("one.c", "two.c"))


def test_a_function_of_another_name_does_something_else() -> None:
    assert not compared("igb_poll", "igb_drain")


@pytest.mark.parametrize(
    ("kept", "copy", "kind"),
    [
        (b"remove", b"contains", EditKind.WITHIN),
        (b"dir_rmdir_done", b"dir_create_done", EditKind.WITHIN),
        (b"rotate_left", b"rotate_right", EditKind.WITHIN),
        (b"poll_reset", b"poll_fill", EditKind.WITHIN),
        (b"enc_open", b"enc_open_noattr", EditKind.VARIANT),
        (b"igb_reset", b"igc_reset_task", EditKind.VARIANT),
        (b"rtl92c_set_key", b"rtl8723be_set_key", EditKind.VARIANT),
    ],
)
def test_what_comes_or_goes_is_no_copy_of_what_has_another_name(kept: bytes, copy: bytes, kind: EditKind) -> None:
    """`contains` was folded into `remove`, which only has a statement more; a name that only says more is a variant."""
    one = b"int %s(struct q *q, int key)\n{\n\tlock(q);\n\tif (q->head == key)\n\t\tdrop(q, key);\n\treturn 1;\n}\n"
    other = one.replace(b"\t\tdrop(q, key);\n", b"\t\tdrop(q, key);\n\tcount(q);\n") % copy
    paths = ("net/igb/poll.c", "net/igc/poll.c")
    sides = (tokens_of(text, "c", Extent(0, len(text), True)) for text in (one % kept, other))
    assert difference(*sides, *paths)[1] is kind


@pytest.mark.parametrize(
    ("kept", "copy", "kind"),
    [
        (b"rtl92c_set_key", b"_rtl8723be_set_key", EditKind.MIXED),
        (b"e1000_limit_rx", b"limitrx", EditKind.MIXED),
        (b"set_dac_level", b"set_bt_power", EditKind.WITHIN),
        (b"path_a_rx", b"path_b_rx", EditKind.WITHIN),
        (b"rtl92c", b"rtl8723be", EditKind.WITHIN),
    ],
)
def test_a_statement_more_is_no_copy_of_a_function_that_is_for_something_else(
    kept: bytes, copy: bytes, kind: EditKind
) -> None:
    one = b"void %s(struct d *d, u8 level)\n{\n\tu8 p[1];\n\tp[0] = level;\n\tfill(d, 0x64, 1, p);\n}\n" % kept
    other = b"void %s(struct d *d, u8 level)\n{\n\tu8 p[1];\n\tp[0] = level;\n\tlog(d);\n\tfill(d, 0x62, 1, p);\n}\n" % copy
    sides = (tokens_of(text, "c", Extent(0, len(text), True)) for text in (one, other))
    assert difference(*sides)[1] is kind


def test_a_set_of_python_is_no_statement() -> None:
    kept = b"def widen(bounds):\n    log(bounds)\n    return join(bounds, {INFINITY})\n"
    copy = b"def widen(bounds):\n    log(bounds)\n    return join(bounds, -oo)\n"
    one, other = (tokens_of(text, "python", Extent(0, len(text), True)) for text in (kept, copy))
    assert difference(one, other)[1] is EditKind.WITHIN


def test_braces_around_values_are_no_statement() -> None:
    """A test of `set(int)` was folded into that of `set(int...)`: the braces of `new int[] {8}` counted as a block."""
    kept = b"void grow(Bits bits) {\n\tbits.set(new int[] {8});\n\tcheck(bits.get(8));\n}\n"
    copy = kept.replace(b"new int[] {8}", b"8")
    one, other = (tokens_of(text, "java", Extent(0, len(text), True)) for text in (kept, copy))
    assert difference(one, other)[1] is EditKind.WITHIN


def test_a_statement_more_does_not_make_another_condition_the_same() -> None:
    assert edited("done < budget && igb_more(ring)) {", "done <= budget && igb_more(ring)) {\n        trace(ring);") is (
        EditKind.MIXED
    )


def test_a_statement_beside_a_changed_one_is_not_all_that_differs() -> None:
    """`dec_refs` was folded into `inc_refs`: with a check before it the changed call counted as a statement that came."""
    one = b"void inc_refs(struct page *page)\n{\n\tstruct sub *sub = of(page);\n\tlock(sub);\n\tatomic_inc(&sub->refs);\n}\n"
    other = one.replace(b"atomic_inc(", b"CHECK(sub);\n\tatomic_dec(").replace(b"inc_refs", b"dec_refs")
    sides = (tokens_of(text, "c", Extent(0, len(text), True)) for text in (one, other))
    assert difference(*sides)[1] is EditKind.WITHIN


@pytest.mark.parametrize(
    ("paths", "kind"),
    [
        (("fs/read_write.c", "fs/read_write.c"), EditKind.WITHIN),
        (("fs/write.c", "fs/read.c"), EditKind.MIXED),
    ],
)
def test_words_of_the_path_of_both_tell_neither_apart(paths: tuple[str, str], kind: EditKind) -> None:
    """`vfs_read` was folded into `vfs_write`, both of `read_write.c`."""
    one = b"int vfs_write(struct file *file)\n{\n\tint ret = check(WRITE, file);\n\tbegin(file);\n\tret = do_write(file);\n"
    one += b"\tlog(file, ret);\n\treturn ret;\n}\n"
    other = one.replace(b"\tbegin(file);\n", b"").replace(b"write", b"read").replace(b"WRITE", b"READ")
    sides = (tokens_of(text, "c", Extent(0, len(text), True)) for text in (one, other))
    assert difference(*sides, *paths)[1] in {kind, EditKind.STATEMENTS if kind is EditKind.MIXED else kind}


def test_how_a_copy_differs_is_told_without_a_judgement() -> None:
    texts = [KEPT, KEPT.replace("done, 16", "done, 32"), KEPT.replace("igb_more(ring)", "budget")]
    kept, *copies = (tokens_of(text.encode(), "c", Extent(0, len(text.encode()), True)) for text in texts)
    original = Original(kept, "net/igb/main.c")
    for copy in copies:
        told, kind = difference(kept, copy, "net/igb/main.c", "net/igc/main.c")
        assert kind is EditKind.WITHIN
        assert original.difference(copy, "net/igc/main.c", judged=False) == (told, EditKind.MIXED)
        assert original.difference(copy, "net/igc/main.c") == (told, kind)
