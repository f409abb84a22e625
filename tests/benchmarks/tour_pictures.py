"""Makes the pictures of the README and the tour:
`xvfb-run -s '-screen 0 1440x900x24' python -m tests.benchmarks.tour_pictures`.

A window is led through the sample project and photographed where the tour stops. Look at what comes out.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from desktop.qt.history import CodeLocation, DiagramLocation
from desktop.qt.theme import ThemeChoice
from resources import resource_path
from tests.benchmarks.window_driver import WindowDriver

QUESTION = "how is a parcel priced"
SIZE = (1280, 800)
SETTLE_SECONDS = 1.5


def main() -> int:
    """Write the pictures over those that are there."""
    driver = WindowDriver(*SIZE)
    window, workspace = driver.window, driver.window.workspace

    of_the_tour = resource_path("docs") / "pictures"

    def photograph(name: str, folder: Path = of_the_tour) -> None:
        driver.run_for(SETTLE_SECONDS)
        window.grab().save(str(folder / f"{name}.png"))
        sys.stdout.write(f"{folder / name}.png\n")

    photograph("welcome")
    source = Path(tempfile.mkdtemp(prefix="tour-")) / "sample"  # not where this program happens to lie
    shutil.copytree(resource_path("sample"), source)
    driver.open_card(str(source))
    photograph("card")
    window.preview.index_button.click()
    driver.until(driver.is_ready)
    driver.ask(QUESTION)
    photograph("answer")
    workspace.visit(CodeLocation("parcels/pricing.py", 36, 60))
    workspace.visit(DiagramLocation("calls", "parcels.pricing.PriceList.quote"))
    photograph("calls")
    window.commands.run("diagram.architecture")
    photograph("window", resource_path("pictures"))
    window.themes.choose(ThemeChoice.DARK)
    photograph("dark")
    window.themes.choose(ThemeChoice.LIGHT)
    window.commands.run("go.clones")
    photograph("clones")
    driver.close()
    shutil.rmtree(source.parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
