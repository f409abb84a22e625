"""Which URLs are taken, and that no credentials stay in what is stored or shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SourceError
from indexing.intake import identity_of, shown
from indexing.intake.urls import is_url, parse_url

SECRET = "s3cr3t-t0ken"


@pytest.mark.parametrize(
    ("spec", "address", "name"),
    [
        ("https://example.org/a/b.git", "https://example.org/a/b.git", "b"),
        ("HTTPS://Example.ORG:443/a/b/", "https://example.org/a/b", "b"),
        (f"https://me:{SECRET}@example.org:8443/a/b", "https://example.org:8443/a/b", "b"),
        (f"https://{SECRET}@example.org/@scope/b", "https://example.org/@scope/b", "b"),
        (f"ssh://git:{SECRET}@example.org:22/a", "ssh://git@example.org/a", "a"),
        ("git@Example.org:a/b.git", "git@example.org:a/b.git", "b"),
        ("git://[::1]:9419/a", "git://[::1]:9419/a", "a"),
    ],
)
def test_what_a_url_becomes(spec: str, address: str, name: str) -> None:
    url = parse_url(spec)
    assert (url.address, url.name) == (address, name)
    assert is_url(spec)
    assert identity_of(spec) == shown(spec) == address
    assert identity_of(address) == address
    assert SECRET not in url.address + url.name


def test_credentials_are_kept_apart_for_git_alone() -> None:
    url = parse_url("https://me%40x:p%3Aw@example.org/a")
    assert (url.user, url.password) == ("me@x", "p:w")
    assert parse_url("http://example.org/a").protocols == "http:https"
    assert parse_url("https://example.org/a").protocols == "https"
    assert parse_url("git@example.org:a").protocols == "ssh"


@pytest.mark.parametrize(
    "spec",
    [
        "--upload-pack=touch /tmp/x://h/a",
        "-ohttps://example.org/a",
        "-x@example.org:a",
        "ssh://-oProxyCommand=touch%20x/a",
        "ssh://%2DoProxyCommand=x/a",
        "ssh://-l@example.org/a",
        "git@-oProxyCommand=x:a",
        "git@example.org:-a",
        "https://example.org/-a",
        "ftp://example.org/a",
        "ext::sh -c touch% x://a",
        f"rsync://me:{SECRET}@example.org/a",
        f"https://me:{SECRET}@example.org",
        f"https://me:{SECRET}@example.org:port/a",
        f"https://me:{SECRET}@example.org/a?token={SECRET}",
        f"https://me:{SECRET}@[::1/a",
        f"https://me:{SECRET}/with-slash@example.org/a",
        "https://example.org/a b",
        "https://example.org/a\nb",
        "https://me%0aquit=1@example.org/a",
        "file://host/a",
    ],
)
def test_what_is_refused(spec: str) -> None:
    if not is_url(spec):
        assert spec.startswith(("ext::", "--upload", "git@-o"))
        return
    with pytest.raises(SourceError) as caught:
        parse_url(spec)
    assert SECRET not in str(caught.value)
    assert SECRET not in shown(spec)
    assert caught.value.next_step
    assert "\n" not in str(caught.value)


@given(st.text("ab:/@.-[]%0?# \\", max_size=30).map(lambda text: f"https://me:{SECRET}@{text}"))
def test_a_secret_is_never_shown(spec: str) -> None:
    assert SECRET not in shown(spec)
    try:
        assert SECRET not in identity_of(spec)
    except SourceError as error:
        assert SECRET not in str(error)  # noqa: PT017 - it need not be raised


@given(st.text(max_size=40))
def test_any_text_has_one_identity_or_is_refused(spec: str) -> None:
    try:
        identity = identity_of(spec.replace("\x00", ""))
    except SourceError:
        return
    assert identity


def test_what_is_local_goes_by_its_real_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "b").symlink_to(tmp_path / "a.zip")
    monkeypatch.chdir(tmp_path)
    for spec in ("a.zip", "./a.zip", "b", "x/../a.zip"):
        assert identity_of(spec) == str(tmp_path.resolve() / "a.zip")
    assert parse_url(f"file://{tmp_path}/x/").local == tmp_path.resolve() / "x"
    assert parse_url(f"file://{tmp_path}/%63af%C3%A9").local == tmp_path.resolve() / "café"
    assert identity_of(f"file://localhost{tmp_path}/./b") == f"file://{tmp_path.resolve()}/a.zip"
    assert not is_url("C:\\x")
    assert not is_url("a/b@c:d")
    assert os.fsencode(identity_of(os.fsdecode(b"caf\xe9"))).endswith(b"caf\\xe9")
