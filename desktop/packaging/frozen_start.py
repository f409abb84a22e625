"""Where every process of the frozen program starts; PyInstaller reads it (see `codestrata.spec`).

It needs none of what `codestrata_start` does: its interpreter looks for modules inside of it alone.
"""

import multiprocessing
import os
import runpy
import sys

_OWN = ("core.", "indexing.", "desktop.")


def _give_libraries_back() -> None:
    """Let other programs (git, an editor) find the system's libraries: the path to those in here has done its work when
    this process began. Our own processes are told to set it anew, which they would not as children of one that has."""
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


def main() -> int:
    """Run a module of ours where a process of ours asks for it, else the command line."""
    from desktop.own_process import RUN_MODULE

    if len(sys.argv) > 2 and sys.argv[1] == RUN_MODULE and sys.argv[2].startswith(_OWN):
        module = sys.argv[2]
        sys.argv = [module, *sys.argv[3:]]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return 0
    from desktop.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    multiprocessing.freeze_support()  # a worker of the indexer goes no further
    _give_libraries_back()
    sys.exit(main())
