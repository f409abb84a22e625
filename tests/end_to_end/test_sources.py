"""Every form of SOURCE through the command: index, find, verify, and nothing to do the second time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tarfile
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command import COMMAND, Run, end
from tests.end_to_end.test_bad_input import refused

QUESTION = ("search", "how is a parcel's price worked out", "--json")


@pytest.fixture
def sources(sample: Path, tmp_path: Path) -> dict[str, str]:
    """The sample project in every form."""
    folder = tmp_path / "sources"
    shutil.copytree(sample, folder / "parcels")
    shutil.make_archive(str(folder / "zipped"), "zip", folder, "parcels")
    for ending in ("gz", "xz", "bz2"):
        with tarfile.open(folder / f"packed.tar.{ending}", f"w:{ending}") as archive:
            archive.add(folder / "parcels", "parcels-1.0")
    git(folder / "parcels", "init", "-q", "-b", "main")
    git(folder / "parcels", "add", ".")
    git(folder / "parcels", "commit", "-qm", "first")
    git(folder, "clone", "-q", "--bare", "parcels", "bare.git")
    git(folder / "parcels", "bundle", "create", "-q", str(folder / "whole.bundle"), "main")
    return {
        "zip": str(folder / "zipped.zip"),
        "gz": str(folder / "packed.tar.gz"),
        "xz": str(folder / "packed.tar.xz"),
        "bz2": str(folder / "packed.tar.bz2"),
        "bare": str(folder / "bare.git"),
        "bundle": str(folder / "whole.bundle"),
        "url": f"file://{folder}/parcels",
    }


def git(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


def private(tmp_path: Path) -> dict[str, str]:
    """An environment with a temporary folder and data of its own."""
    for name in ("temporary", "data"):
        (tmp_path / name).mkdir(exist_ok=True)
    return {"TMPDIR": str(tmp_path / "temporary"), "CODESTRATA_DATA_DIR": str(tmp_path / "data")}


def paths(done: Any) -> list[str]:
    return [result["path"] for result in done.json["results"]]


@pytest.mark.parametrize("form", ["zip", "gz", "xz", "bz2", "bare", "bundle", "url"])
def test_a_source_is_indexed_found_verified_and_known_again(
    run: Run, sources: dict[str, str], tmp_path: Path, sample_index: Path, form: str
) -> None:
    source, env = sources[form], private(tmp_path)
    first = run("index", source, "--json", env=env)
    assert first.code == 0, first.err
    assert first.err.splitlines()[0] == "opening"
    assert first.json["source"] == source
    assert not first.json["files"]["failed"]
    if form in {"bare", "bundle", "url"}:
        assert len(first.json["revision"]) == 40
    expected = run(*QUESTION, "--index", str(sample_index))
    found = run(*QUESTION, "--source", source, env=env)
    assert paths(found) == paths(expected)
    assert found.json["stale_files"] == 0
    assert run("verify", "--source", source, env=env).code == 0
    again = run("index", source, "--json", "--quiet", env=env)
    assert again.json["files"]["indexed"] == again.json["files"]["removed"] == 0
    assert again.json["files"]["unchanged"] == first.json["files"]["indexed"]
    assert not any((tmp_path / "temporary").iterdir())
    assert [entry["source"] for entry in run("list", "--json", env=env).json] == [source]


def test_an_archive_that_has_changed_is_stale_and_updated(run: Run, tmp_path: Path) -> None:
    env, source = private(tmp_path), tmp_path / "a.zip"

    def write(version: str) -> None:
        with zipfile.ZipFile(source, "w") as archive:
            archive.writestr(zipfile.ZipInfo("top/a.py"), f"def version():\n    return {version}\n")
            archive.writestr(zipfile.ZipInfo("top/b.py"), "def other():\n    return 1\n")

    write("1")
    assert run("index", str(source), "--quiet", env=env).code == 0
    assert run("search", "version", "--source", str(source), "--json", env=env).json["stale_files"] == 0
    write("2")  # the same size, and the same time in the archive
    assert run("search", "version", "--source", str(source), "--json", env=env).json["stale_files"] == 2
    files = run("index", str(source), "--json", "--quiet", env=env).json["files"]
    assert (files["indexed"], files["unchanged"]) == (1, 1)
    found = run("search", "version", "--source", str(source), "--json", env=env).json
    assert found["stale_files"] == 0
    assert "return 2" in found["results"][0]["text"]


def test_what_an_archive_left_out_is_in_the_report(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.tar"
    with tarfile.open(source, "w") as archive:
        for name, kind in (("a.py", tarfile.REGTYPE), ("link", tarfile.SYMTYPE), ("../out.py", tarfile.REGTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, "a.py", 0
            if name == "a.py":
                data = tmp_path / "data.py"
                data.write_text("x = 1\n")
                info.size = 6
                with data.open("rb") as content:
                    archive.addfile(info, content)
            else:
                archive.addfile(info)
    files = run("index", str(source), "--json", "--quiet", env=private(tmp_path)).json["files"]
    assert files["indexed"] == 1
    assert files["skipped"] == {"symlink": 1}
    assert files["failed"] == [{"path": "../out.py", "reason": "its name leads out of the source"}]


def test_a_host_that_cannot_be_reached(run: Run, tmp_path: Path) -> None:
    began = time.monotonic()
    done = run("index", "https://me:s3cr3t@example.invalid/project.git", "--quiet", env=private(tmp_path))
    refused(done, "https://example.invalid/project.git", "cannot be reached", "network")
    assert "s3cr3t" not in done.err
    assert time.monotonic() - began < 30
    assert not any((tmp_path / "temporary").iterdir())
    missing = run("search", "x", "--source", "https://me:s3cr3t@example.invalid/project.git", env=private(tmp_path))
    refused(missing, "is not indexed")
    assert "s3cr3t" not in missing.err


def test_a_damaged_archive(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.tar.gz"
    with tarfile.open(source, "w:gz") as archive:
        archive.add(COMMAND.parent / "python", "python")
    source.write_bytes(source.read_bytes()[:-20])
    refused(run("index", str(source), "--quiet", env=private(tmp_path)), "a.tar.gz", "early")
    assert not any((tmp_path / "temporary").iterdir())
    assert not (tmp_path / "data" / "indexes").exists()


def test_the_index_of_a_folder_whose_name_is_not_utf8_is_found(run: Run, tmp_path: Path) -> None:
    env, folder = private(tmp_path), os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    Path(folder).mkdir()
    Path(folder, "a.py").write_text("def version():\n    return 1\n")
    os.utime(Path(folder, "a.py"), (1_600_000_000, 1_600_000_000))
    assert run("index", folder, "--quiet", env=env).code == 0
    for options in ({"source": folder}, {"cwd": Path(folder)}):
        given = ("--source", options["source"]) if "source" in options else ()
        found = run("search", "version", "--json", *given, env=env, cwd=options.get("cwd"))
        assert found.code == 0, found.err
        assert found.json["stale_files"] == 0


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_was_unpacked_goes_with_a_run_that_is_ended(
    home: Path, tmp_path: Path, run: Run, number: signal.Signals
) -> None:
    temporary = tmp_path / "temporary"
    env = {**os.environ, **private(tmp_path), "CODESTRATA_CONFIG_DIR": str(home / "config")}
    source = tmp_path / "large.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for item in range(6_000):
            archive.writestr(f"top/m{item}.py", f"def f{item}(x):\n    return x + {item}\n" * 20)
    process = subprocess.Popen([str(COMMAND), "index", str(source), "--quiet"], env=env, stderr=subprocess.PIPE)
    end(process, number, lambda: any(temporary.glob("*/tree/top/m10*.py")))
    assert not any(temporary.iterdir())


def test_what_a_killed_run_left_goes_with_the_next(home: Path, tmp_path: Path, run: Run) -> None:
    temporary = tmp_path / "temporary"
    env = {**os.environ, **private(tmp_path), "CODESTRATA_CONFIG_DIR": str(home / "config")}
    source = tmp_path / "a.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for item in range(6_000):
            archive.writestr(f"top/m{item}.py", f"x = {item}\n")
    process = subprocess.Popen([str(COMMAND), "index", str(source), "--quiet", "--executor", "serial"], env=env)
    while not any(temporary.glob("*/tree/top/m10*.py")):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert any(temporary.iterdir())
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("top/a.py", "x = 1\n")
    assert run("index", str(source), "--quiet", env=private(tmp_path)).code == 0
    assert not any(temporary.iterdir())
