"""Makes the pictures of the tour: `xvfb-run -s '-screen 0 1440x900x24' python -m tests.benchmarks.tour_pictures`.

A window is led through the sample project and photographed where the tour stops. Look at what comes out.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from core.settings import Settings
from desktop import assembly
from desktop.qt.application import make_application, make_window
from desktop.qt.history import CodeLocation, DiagramLocation
from resources import resource_path

QUESTION = "how is a parcel priced"
SECONDS = 120


def main() -> int:
    """Write the pictures over those that are there."""
    home = Path(tempfile.mkdtemp(prefix="codestrata-tour-"))
    os.environ["CODESTRATA_DATA_DIR"], os.environ["CODESTRATA_CONFIG_DIR"] = str(home / "data"), str(home / "config")
    application = make_application()
    store = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
    window = make_window(application, assembly.engine_command(), Settings(theme="light"), store)
    window.resize(1280, 800)
    window.show()
    workspace = window.workspace
    folder = resource_path("docs") / "pictures"

    def wait(ready: Callable[[], object]) -> None:
        deadline = time.monotonic() + SECONDS
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError
            application.processEvents()
            time.sleep(0.01)

    def photograph(name: str, ready: Callable[[], object]) -> None:
        wait(ready)
        settled = time.monotonic() + 1.5
        while time.monotonic() < settled:
            application.processEvents()
            time.sleep(0.01)
        window.grab().save(str(folder / f"{name}.png"))
        sys.stdout.write(f"{folder / name}.png\n")

    photograph("welcome", lambda: True)
    window.open_source(str(resource_path("sample")))
    wait(window.preview.isVisible)
    window.preview.index_button.click()
    wait(lambda: window.is_open() and not window.session.indexing and window.has_drawing())
    workspace.inquiry.ask_question(QUESTION)
    photograph("answer", window.has_answer)
    workspace.visit(CodeLocation("parcels/pricing.py", 36, 60))
    workspace.visit(DiagramLocation("calls", "parcels.pricing.PriceList.quote"))
    photograph("calls", lambda: True)
    window.commands.run("go.clones")
    photograph("clones", lambda: True)
    window.close()
    QApplication.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
