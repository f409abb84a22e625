"""Whether a window can be opened, by the libraries of the system."""

from __future__ import annotations

import sys

import pytest

from core.errors import MissingPartError
from desktop import display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have what Qt wants")


@pytest.fixture
def no_x(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system with all that Qt wants but what it wants for X."""
    monkeypatch.setattr(display, "LIBRARIES", {"libc.so.6": "libc6"})
    monkeypatch.setattr(display, "WINDOW_LIBRARIES", {"libno-such-thing.so.1": "libno-such-thing1"})


@pytest.mark.parametrize("platform", [{}, {"QT_QPA_PLATFORM": "xcb"}, {"QT_QPA_PLATFORM": "wayland;xcb"}])
def test_a_window_under_x_wants_the_libraries_of_x(no_x: None, platform: dict[str, str]) -> None:
    with pytest.raises(MissingPartError, match=r"libraries that Qt needs are missing.*libno-such-thing1"):
        display.check_libraries(platform)


@pytest.mark.parametrize("platform", ["offscreen", "wayland"])
def test_another_platform_opens_without_the_libraries_of_x(no_x: None, platform: str) -> None:
    display.check_libraries({"QT_QPA_PLATFORM": platform})
