"""What file managers and desktops hand over."""

from __future__ import annotations

import pytest

from desktop.links import handed_over


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("file:///home/me/my%20project", "/home/me/my project"),
        ("file:///C:/source/old", "C:/source/old"),
        ("file:///srv/caf%E9", "/srv/caf\\xe9"),
        ("/home/me/100%25", "/home/me/100%25"),
        ("https://example.org/a.git", "https://example.org/a.git"),
        ("file-list", "file-list"),
    ],
)
def test_of_a_file_url_the_path_is_meant(given: str, path: str) -> None:
    assert handed_over(given) == path
