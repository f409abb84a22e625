"""Where every Codestrata process starts, and the one module that must be found before our packages are.

Our packages have common names (`core`, `desktop`). A tree that is only to be looked at may hold folders of those names, or a
`pickle.py`, and may be the working directory or stand on PYTHONPATH. So before anything else is imported, both are taken off
`sys.path`, and the environment tells every child interpreter to leave them off too.
"""

import os
import sys


def _is_ours(folder: str) -> bool:
    """Whether our packages are installed in this folder, as in a checkout that is worked on."""
    return os.path.isfile(os.path.join(folder, "desktop", "start", "codestrata_start.py")) and folder == _checkout()


def _checkout() -> str:
    """The folder that would be the project's checkout, were this file in one."""
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


def _make_path_safe() -> None:
    """Take the working directory and PYTHONPATH off `sys.path`, here and for child processes."""
    home = os.path.dirname(os.path.realpath(__file__))
    unsafe = {os.path.realpath(entry) for entry in os.environ.pop("PYTHONPATH", "").split(os.pathsep) if entry}
    try:
        unsafe.add(os.path.realpath(os.getcwd()))
    except FileNotFoundError:
        pass  # the working directory has been deleted: nothing can be imported from it
    kept = []
    for entry in sys.path:
        folder = os.path.realpath(entry) if entry else ""
        if entry and (folder not in unsafe or folder == home or _is_ours(folder) or folder in _interpreter_paths()):
            kept.append(entry)
    sys.path[:] = kept
    os.environ["PYTHONSAFEPATH"] = "1"


def _interpreter_paths() -> set[str]:
    """The folders of the standard library and of installed packages, safe even when they are the working directory.

    Only modules that every interpreter has loaded by now are used: an import here could still find the wrong file.
    """
    library = os.path.dirname(os.path.realpath(os.__file__))
    site = sys.modules.get("site")
    packages = site.getsitepackages() if site is not None else []
    return {library, os.path.join(library, "lib-dynload"), *map(os.path.realpath, packages)}


def main() -> int:
    """Run the command line; the exit code is the program's."""
    _make_path_safe()
    from desktop.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
