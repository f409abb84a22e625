"""Sees to the system libraries that Qt wants: on Debian, as root, installs them; otherwise names them.

Run by the Makefile before the window or the tests start; it ends without an error either way, since the terminal works
without them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from desktop.display import missing_packages

_MINUTES = 10


def main() -> int:
    """Install or name what is missing."""
    packages = missing_packages()
    if not packages:
        return 0
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        sys.stderr.write(f"the window needs libraries of these Debian packages: {' '.join(packages)}\n")
        sys.stderr.write(f"install them with: sudo {' '.join(command)}\n")
        return 0
    sys.stderr.write(f"installing what the window needs: {' '.join(packages)}\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], command):
        done = subprocess.run(step, env=environment, stdout=subprocess.DEVNULL, timeout=_MINUTES * 60, check=False)
        if done.returncode:
            sys.stderr.write(f"'{' '.join(step)}' failed; the terminal works, the window may not open\n")
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
