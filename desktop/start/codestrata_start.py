"""Where every Codestrata process starts, and the one module that must be found before our packages are.

Our packages have common names (`core`, `desktop`). A tree that is only to be looked at may hold folders of those names, or a
`pickle.py`, and may be the working directory or stand on PYTHONPATH. So before anything else is imported, both are taken off
`sys.path`, and the environment tells every child interpreter to leave them off too.
"""

import os
import sys

_OURS = ("desktop", "cli", "main.py")


def make_path_safe() -> None:
    """Take the working directory and PYTHONPATH off `sys.path`, here and for child processes.

    What the standard library, installed packages and their `.pth` files put there stays. Only modules that every
    interpreter has loaded by now are used: an import here could still find the wrong file.
    """
    # Unless it was told to be safe, the interpreter puts the working directory or the script's folder first.
    if not sys.flags.safe_path and sys.path:
        del sys.path[0]
    taken = []
    for entry in filter(None, os.environ.pop("PYTHONPATH", "").split(os.pathsep)):
        # The interpreter has made them absolute, unless the working directory is gone: then none of them is there.
        folder = entry if os.path.isabs(entry) or not _has_working_directory() else os.path.abspath(entry)
        if folder in sys.path:
            sys.path.remove(folder)
            taken.append(folder)
    # Someone who works on this program may have it nowhere but on PYTHONPATH.
    if not any(os.path.isfile(os.path.join(folder, *_OURS)) for folder in sys.path):
        sys.path.extend(folder for folder in taken if os.path.isfile(os.path.join(folder, *_OURS)))
    os.environ["PYTHONSAFEPATH"] = "1"


def _has_working_directory() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return False
    return True


def main() -> int:
    """Run the command line; the exit code is the program's."""
    make_path_safe()
    from desktop.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
