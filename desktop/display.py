"""Whether a window can be opened here, found out without importing Qt."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Mapping

from core.errors import MissingPartError

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libXrender.so.1": "libxrender1",
}
"""What Qt and Graphviz load from the system on Linux, with or without a window, and the Debian package that has it."""

WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a window under X needs besides."""
_X = "xcb"


def available(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether there is a display, or Qt was told to do without one."""
    if not sys.platform.startswith("linux"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def missing_packages(*, window: bool = True) -> list[str]:
    """The Debian packages whose libraries cannot be loaded here; none on other systems than Linux."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = {**LIBRARIES, **(WINDOW_LIBRARIES if window else {})}
    return sorted({package for library, package in wanted.items() if not _loads(library)})


def draws_by_x(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether Qt is to draw under X, or may choose to: told of another platform (`offscreen`, `wayland`), it will not."""
    return _X in environment.get("QT_QPA_PLATFORM", _X)


def check_libraries(environment: Mapping[str, str] = os.environ) -> None:
    """Raise MissingPartError, naming the packages, where Qt could not start."""
    if packages := missing_packages(window=draws_by_x(environment)):
        command = f"apt-get install {' '.join(packages)}"
        how = f"as root run '{command}'" if shutil.which("apt-get") else f"install the libraries of {', '.join(packages)}"
        raise MissingPartError("the window cannot be opened", "libraries that Qt needs are missing on this system", how)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
