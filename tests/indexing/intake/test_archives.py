"""Archives, made here, good and hostile: nothing leaves the folder, nothing is taken in part, every omission is told."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import shutil
import stat
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cancellation import CancellationToken
from core.errors import CancelledError, SourceError
from core.model.source import SkipReason
from core.settings import ScanSettings
from indexing.intake import Workspace, open_source
from indexing.intake.tree import Limits
from indexing.scan import scan

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}
WHEN = 1_600_000_000


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where private folders are made; nothing may stay there."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def make_tar(*members: tuple[str, bytes] | tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size, info.mtime = len(member[1]), WHEN
                archive.addfile(info, io.BytesIO(member[1]))
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def make_zip(*members: tuple[str, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2020, 9, 13, 12, 26, 40)), data, zipfile.ZIP_DEFLATED)
        archive.comment = comment
    return out.getvalue()


def opened(tmp_path: Path, data: bytes, name: str = "project.bin", limits: Limits | None = None) -> Workspace:
    path = tmp_path / name
    path.write_bytes(data)
    return open_source(str(path), limits=limits)


def contents(workspace: Workspace) -> dict[bytes, bytes]:
    root = os.fsencode(workspace.root)
    return {
        os.path.relpath(os.path.join(folder, name), root): Path(os.fsdecode(os.path.join(folder, name))).read_bytes()  # noqa: PTH118
        for folder, _, names in os.walk(root)
        for name in names
    }


def refusal(tmp_path: Path, data: bytes, limits: Limits | None = None, name: str = "project.bin") -> str:
    with pytest.raises(SourceError) as caught:
        opened(tmp_path, data, name, limits)
    message = str(caught.value)
    assert "\n" not in message
    assert name in message
    assert caught.value.next_step
    assert not any((tmp_path / "temporary").iterdir()), "a private folder was left"
    return message


@pytest.mark.parametrize("compression", COMPRESS)
def test_a_tar_in_every_compression(tmp_path: Path, temporary: Path, compression: str) -> None:
    data = COMPRESS[compression](make_tar(("project-1.0/a.py", b"x = 1\n"), ("project-1.0/sub/b.py", b"y = 2\n")))
    with opened(tmp_path, data, "project-1.0.tar" + compression) as workspace:
        assert contents(workspace) == {b"a.py": b"x = 1\n", b"sub/b.py": b"y = 2\n"}
        assert workspace.name == "project-1.0"
        assert workspace.identity == str((tmp_path / f"project-1.0.tar{compression}").resolve())
        assert int((workspace.root / "a.py").stat().st_mtime) == WHEN
        private = next(temporary.iterdir())
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert workspace.root.is_relative_to(private.resolve())
    assert not any(temporary.iterdir())


def test_a_zip(tmp_path: Path) -> None:
    commit = "a" * 40
    data = make_zip(("top/", b""), ("top/a.py", b"x = 1\n"), ("top/b/c.py", b"y\n"), comment=commit.encode())
    with opened(tmp_path, data) as workspace:
        assert contents(workspace) == {b"a.py": b"x = 1\n", b"b/c.py": b"y\n"}
        assert int((workspace.root / "a.py").stat().st_mtime) == WHEN
        assert workspace.revision == commit


def test_only_a_single_top_folder_is_stripped(tmp_path: Path) -> None:
    for members, paths in [
        ([("a/x.py", b"1"), ("b/y.py", b"2")], {b"a/x.py", b"b/y.py"}),
        ([("a/x.py", b"1"), ("y.py", b"2")], {b"a/x.py", b"y.py"}),
        ([("a/b/c/x.py", b"1")], {b"b/c/x.py"}),
        ([("x.py", b"1")], {b"x.py"}),
        ([("a/x.py", b"1"), ("__MACOSX/a/._x.py", b"2")], {b"x.py"}),
    ]:
        with opened(tmp_path, make_zip(*members)) as workspace:
            assert set(contents(workspace)) == paths
        with opened(tmp_path, make_tar(*members)) as workspace:
            assert set(contents(workspace)) == paths


def test_the_same_archive_gives_the_same_files_and_a_changed_byte_another_time(tmp_path: Path) -> None:
    def stamps(data: bytes) -> dict[str, int]:
        with opened(tmp_path, data) as workspace:
            return {path.name: path.stat().st_mtime_ns for path in workspace.root.iterdir()}

    for make in (make_tar, make_zip):
        first = stamps(make(("a.py", b"x = 1\n"), ("b.py", b"y = 1\n")))
        assert stamps(make(("a.py", b"x = 1\n"), ("b.py", b"y = 1\n"))) == first
        changed = stamps(make(("a.py", b"x = 2\n"), ("b.py", b"y = 1\n")))
        assert changed["b.py"] == first["b.py"]
        assert changed["a.py"] != first["a.py"]
        assert changed["a.py"] // 10**9 == first["a.py"] // 10**9


def test_times_of_every_kind(tmp_path: Path) -> None:
    members = []
    for number, when in enumerate((-5, 0, 1e10, 1.5)):
        info = tarfile.TarInfo(f"{number}.py")
        info.mtime = when
        members.append(info)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info in members:
            archive.addfile(info)
    with opened(tmp_path, out.getvalue()) as workspace:
        latest = (tmp_path / "project.bin").stat().st_mtime
        seconds = [int((workspace.root / f"{number}.py").stat().st_mtime) for number in range(4)]
        assert seconds == [0, 0, int(latest), 1]


HOSTILE = ["../evil.py", "/tmp/evil-absolute.py", "a/../../evil.py", "C:/evil.py", "a/" * 150 + "evil.py", "x" * 300]


def test_no_member_leaves_the_folder(tmp_path: Path, temporary: Path) -> None:
    members = [("good/a.py", b"x"), *((name, b"evil") for name in HOSTILE)]
    for data in (make_tar(*members), make_zip(*members, ("..\\evil.py", b"evil"), ("\\\\host\\evil.py", b"evil"))):
        with opened(tmp_path, data) as workspace:
            assert set(contents(workspace)) == {b"a.py"}
            assert len(workspace.failed) == len(HOSTILE) + (2 if data.startswith(b"PK") else 0)
            assert all(failure.reason for failure in workspace.failed)
            found = scan(workspace, ScanSettings(), CancellationToken())
            assert [file.path for file in found.files] == ["a.py"]
            assert set(workspace.failed) <= set(found.failed)
            outside = [path for path in tmp_path.rglob("*evil*") if not path.is_relative_to(temporary)]
            assert not outside
    assert not Path("/tmp/evil-absolute.py").exists()


def test_links_and_devices_are_passed_over_and_nothing_is_written_through_them(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    data = make_tar(
        ("top/a.py", b"x"),
        special("top/link", tarfile.SYMTYPE, str(victim)),
        ("top/link/evil.py", b"evil"),
        special("top/file", tarfile.SYMTYPE, str(victim / "file")),
        ("top/file", b"evil"),
        special("top/hard", tarfile.LNKTYPE, "/etc/passwd"),
        special("top/device", tarfile.CHRTYPE),
        special("top/disk", tarfile.BLKTYPE),
        special("top/pipe", tarfile.FIFOTYPE),
    )
    with opened(tmp_path, data) as workspace:
        assert contents(workspace) == {b"a.py": b"x", b"link/evil.py": b"evil", b"file": b"evil"}
        assert not any(path.is_symlink() for path in workspace.root.rglob("*"))
        reasons = {skipped.path: skipped.reason for skipped in workspace.skipped}
        assert reasons == {
            "link": SkipReason.SYMLINK,
            "file": SkipReason.SYMLINK,
            "device": SkipReason.SPECIAL,
            "disk": SkipReason.SPECIAL,
            "pipe": SkipReason.SPECIAL,
        }
        assert [(failure.path, "hard link" in failure.reason) for failure in workspace.failed] == [("hard", True)]
    assert not any(victim.iterdir())


def test_a_link_in_a_zip_is_passed_over(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("top/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc")
        archive.writestr("top/link/passwd", "evil")
        archive.writestr("top/windows\\inner\\b.py", "y")
    with opened(tmp_path, out.getvalue()) as workspace:
        assert contents(workspace) == {b"link/passwd": b"evil", b"windows/inner/b.py": b"y"}
        assert [(skipped.path, skipped.reason) for skipped in workspace.skipped] == [("link", SkipReason.SYMLINK)]


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    with opened(tmp_path, make_tar((os.fsdecode(b"caf\xe9.py"), b"x"))) as workspace:
        found = scan(workspace, ScanSettings(), CancellationToken())
        assert [file.path for file in found.files] == ["caf\\xe9.py"]
    marked = make_zip(("naïve.py", b"x"))
    unmarked = make_zip(("caf_.py", b"x")).replace(b"caf_.py", b"caf\xe9.py")
    with opened(tmp_path, marked) as workspace:
        assert set(contents(workspace)) == {"naïve.py".encode()}
    with opened(tmp_path, unmarked) as workspace:
        assert set(contents(workspace)) == {b"caf\xe9.py"}


def test_of_two_with_one_name_the_last_is_taken(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped = make_zip(("a.py", b"first, and longer\n"), ("a.py", b"second\n"))
    for data in (make_tar(("a.py", b"first, and longer\n"), ("a.py", b"second\n")), zipped):
        with opened(tmp_path, data) as workspace:
            assert contents(workspace) == {b"a.py": b"second\n"}
            assert [failure.path for failure in workspace.failed] == ["a.py"]
            assert "several" in workspace.failed[0].reason


def test_a_file_and_a_folder_of_one_name(tmp_path: Path) -> None:
    with opened(tmp_path, make_tar(("a", b"file"), ("a/b.py", b"x"), ("c/d.py", b"y"), ("c", b"file"))) as workspace:
        assert contents(workspace) == {b"a": b"file", b"c/d.py": b"y"}
        assert {failure.path for failure in workspace.failed} == {"a/b.py", "c"}


def test_names_that_differ_only_in_case(tmp_path: Path) -> None:
    (tmp_path / "Case").touch()
    folds = (tmp_path / "case").exists()
    with opened(tmp_path, make_tar(("A.py", b"1"), ("a.py", b"2"))) as workspace:
        if folds:
            assert contents(workspace) == {b"A.py": b"1"}
            assert "case" in workspace.failed[0].reason
        else:
            assert contents(workspace) == {b"A.py": b"1", b"a.py": b"2"}


def test_what_version_control_keeps_is_passed_over(tmp_path: Path) -> None:
    data = make_tar(("top/.git/config", b"[core]\n"), ("top/.git/objects/aa/bb", b"x"), ("top/a.py", b"x"))
    with opened(tmp_path, data) as workspace:
        assert set(contents(workspace)) == {b"a.py"}
        assert [(skipped.path, skipped.reason) for skipped in workspace.skipped] == [(".git/", SkipReason.VERSION_CONTROL)]


def test_ignore_rules_above_the_temporary_folder_do_not_reach_in(tmp_path: Path, temporary: Path) -> None:
    (temporary / ".git").mkdir()
    (temporary / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (temporary / ".gitignore").write_text("*.py\n")
    with opened(tmp_path, make_tar(("a.py", b"x"), ("b.py", b"x"))) as workspace:
        assert len(scan(workspace, ScanSettings(), CancellationToken()).files) == 2


# What ends early or is damaged


@pytest.mark.parametrize("compression", COMPRESS)
def test_a_tar_that_ends_early_anywhere(tmp_path: Path, compression: str) -> None:
    noise = os.urandom(3_000)
    whole = COMPRESS[compression](make_tar(("top/a.py", noise), ("top/b.py", noise[::-1]))[: 512 * 14 + 512])
    with opened(tmp_path, whole, "whole"):
        pass
    for kept in {1, 6, 100, len(whole) // 3, len(whole) // 2, len(whole) - 600, len(whole) - 1 - 512 * (not compression)}:
        message = refusal(tmp_path, whole[:kept], name="project.tar")
        assert any(word in message for word in ("early", "damaged", "not that of")), (kept, message)


def test_what_was_read_until_then_is_named(tmp_path: Path) -> None:
    noise = os.urandom(50_000)
    data = make_tar(("top/first.py", noise), ("top/second.py", noise))
    message = refusal(tmp_path, data[:60_000])
    assert "ends early" in message
    assert "after 1 files, the last top/first.py" in message


def test_a_header_that_is_none_is_no_end(tmp_path: Path) -> None:
    data = bytearray(make_tar(("a.py", b"x"), ("b.py", b"y")))
    data[1024:1100] = os.urandom(76)
    assert "damaged" in refusal(tmp_path, bytes(data))


def test_damaged_bytes_within_a_compressed_archive(tmp_path: Path) -> None:
    noise = os.urandom(20_000)
    for data in (
        gzip.compress(make_tar(("a.py", noise))),
        make_zip(("a.py", noise)),
        lzma.compress(make_tar(("a.py", noise))),
    ):
        damaged = bytearray(data)
        damaged[10_000] ^= 0xFF
        assert "damaged" in refusal(tmp_path, bytes(damaged))


def test_a_zip_that_ends_early(tmp_path: Path) -> None:
    data = make_zip(("top/a.py", os.urandom(3_000)), ("top/b.py", os.urandom(3_000)))
    for kept in (4, 100, len(data) // 2, len(data) - 1):
        assert "ends early" in refusal(tmp_path, data[:kept])


def test_an_encrypted_zip(tmp_path: Path) -> None:
    data = bytearray(make_zip(("a.py", b"x = 1\n")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusal(tmp_path, bytes(data))


def test_a_zip_written_in_a_way_not_known(tmp_path: Path) -> None:
    data = bytearray(make_zip(("a.py", b"x = 1\n")))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 97
    assert "not known" in refusal(tmp_path, bytes(data))


def test_empty_archives(tmp_path: Path) -> None:
    for data in (make_tar(), gzip.compress(make_tar()), make_zip()):
        assert "no files" in refusal(tmp_path, data, name="project.tar")


WHOLE = [
    *(
        compress(make_tar(("top/a.py", b"x = 1\n" * 50), ("top/" + "long/" * 30 + "b.py", b"y")))
        for compress in COMPRESS.values()
    ),
    make_zip(("top/a.py", b"x = 1\n" * 50), ("top/b.py", b"y")),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), max_size=6),
    st.integers(0, 20_000) | st.none(),
    st.binary(max_size=40),
)
def test_any_damage_is_one_clear_error_or_a_workspace(
    tmp_path: Path, whole: bytes, changes: list[tuple[int, int]], kept: int | None, after: bytes
) -> None:
    data = bytearray(whole)
    for position, byte in changes:
        data[position % len(data)] = byte
    cut = bytes(data)[: kept if kept is None else kept % (len(data) + 1)] + after
    try:
        with opened(tmp_path, cut, "project.tar", Limits(total_bytes=5_000_000)) as workspace:
            scan(workspace, ScanSettings(), CancellationToken())
    except SourceError as error:
        assert "\n" not in str(error)  # noqa: PT017 - it need not be raised
    assert not any((tmp_path / "temporary").iterdir())


# Bounds


def test_a_bomb_is_stopped_early(tmp_path: Path) -> None:
    zeros = bytes(130_000_000)
    zipped = make_zip(("a.txt", zeros))
    assert len(zipped) < 150_000
    assert "unpacks to more than" in refusal(tmp_path, zipped)
    assert "unpacks to more than" in refusal(tmp_path, gzip.compress(make_tar(("a.txt", zeros))))


def test_a_bomb_in_members_that_are_passed_over_is_stopped_too(tmp_path: Path) -> None:
    data = gzip.compress(make_tar(("a.txt", bytes(3_000_000))), 9)
    assert "more than 1 MB" in refusal(tmp_path, data, Limits(total_bytes=1_000_000, member_bytes=1_000))


def test_the_number_of_members_is_bounded(tmp_path: Path) -> None:
    data = make_tar(*((f"{number}.py", b"") for number in range(11)))
    assert "more than 10 members" in refusal(tmp_path, data, Limits(members=10))
    with opened(tmp_path, data, limits=Limits(members=11)) as workspace:
        assert len(contents(workspace)) == 11


def test_a_member_that_is_too_large_is_told(tmp_path: Path) -> None:
    for data in (make_tar(("a.py", b"x"), ("b.py", b"y" * 200)), make_zip(("a.py", b"x"), ("b.py", b"y" * 200))):
        with opened(tmp_path, data, limits=Limits(member_bytes=100)) as workspace:
            assert set(contents(workspace)) == {b"a.py"}
            assert [(skipped.path, skipped.reason) for skipped in workspace.skipped] == [("b.py", SkipReason.TOO_LARGE)]


def test_an_extended_header_does_not_fill_the_memory(tmp_path: Path) -> None:
    info = special("x", tarfile.XHDTYPE)
    info.size = 5_000_000_000
    told = refusal(tmp_path, info.tobuf(tarfile.GNU_FORMAT) + bytes(1_000))
    # Python's own reader of archives has changed its mind within 3.11 about what it sees here.
    assert "too long" in told or "not that of a tar archive" in told


def test_a_chain_of_extended_headers_ends(tmp_path: Path) -> None:
    link = special("x", tarfile.XHDTYPE).tobuf(tarfile.GNU_FORMAT)
    assert "damaged" in refusal(tmp_path, link * 20_000)


@pytest.mark.skipif(shutil.which("tar") is None, reason="it takes the program tar to write one")
def test_a_file_with_a_giant_hole_takes_no_room(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_bytes(b"x")
    with (folder / "giant.py").open("wb") as file:
        file.truncate(20_000_000_000)
    subprocess.run(["tar", "-S", "-cf", "holes.tar", "project"], cwd=tmp_path, check=True)
    assert (tmp_path / "holes.tar").stat().st_size < 100_000
    with open_source(str(tmp_path / "holes.tar")) as workspace:
        assert set(contents(workspace)) == {b"a.py"}
        assert [(skipped.path, skipped.reason) for skipped in workspace.skipped] == [("giant.py", SkipReason.TOO_LARGE)]


def test_a_full_disk_is_named_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from indexing.intake import tree

    class Full(io.FileIO):
        def write(self, _data: object) -> int:  # type: ignore[override]
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(tree, "open", lambda descriptor, mode, buffering: Full(descriptor, mode), raising=False)
    message = refusal(tmp_path, make_tar(("a.py", b"x")))
    assert "no space left" in message
    assert "TMPDIR" in message


def test_opening_can_be_cancelled(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "a.tar").write_bytes(make_tar(("a.py", b"x")))
    token = CancellationToken()
    token.cancel()
    with pytest.raises(CancelledError):
        open_source(str(tmp_path / "a.tar"), token)
    assert not any(temporary.iterdir())


def test_an_archive_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "project.bin"
    path.write_bytes(make_zip(("a.py", b"x")))
    from indexing.intake import zip_archive

    unpack = zip_archive.write_zip
    monkeypatch.setattr(zip_archive, "write_zip", lambda *given: (unpack(*given), os.utime(path, (1, 1)))[0])
    with pytest.raises(SourceError, match="changed while"):
        open_source(str(path))
    assert not any((tmp_path / "temporary").iterdir())
