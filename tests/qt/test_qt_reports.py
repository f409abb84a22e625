"""What the window tells when it fails itself."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QPushButton

from desktop.qt.reports import Reports
from desktop.redacted_log import RedactingFormatter
from tests.planted_secrets import planted


def raised() -> tuple[type[BaseException], BaseException, object]:
    try:
        raise ValueError("as planned")
    except ValueError as error:
        return type(error), error, error.__traceback__


def test_an_error_nobody_caught_is_told_once_and_can_be_copied(opened, qtbot):
    opened.reports.take(*raised())
    qtbot.waitUntil(opened.banner.isVisible)
    assert "as planned" in opened.banner.why.text()
    opened.banner.steps[0].click()
    sheet = opened.sheets.current
    assert sheet.accessibleName() == "Report"
    qtbot.waitUntil(lambda: "Traceback" in sheet.text.toPlainText())
    next(button for button in sheet.findChildren(QPushButton) if button.text() == "Copy").click()
    assert "ValueError: as planned" in QApplication.clipboard().text()
    opened.banner.hide()
    opened.reports.take(*raised())
    qtbot.wait(50)
    assert not opened.banner.isVisible(), "the same is not told again and again"


def test_interrupting_is_no_failure(qtbot, tmp_path):
    reports = Reports(tmp_path)
    with qtbot.assertNotEmitted(reports.failed):
        reports.take(KeyboardInterrupt, KeyboardInterrupt(), None)


def test_a_report_and_the_log_hold_no_secret(qtbot, tmp_path):
    files, secrets = planted(3)
    reports = Reports(tmp_path)
    said = []
    reports.failed.connect(said.append)
    handler = logging.FileHandler(tmp_path / "window.log")
    handler.setFormatter(RedactingFormatter("%(message)s"))
    logging.getLogger("desktop.qt").addHandler(handler)
    try:
        for secret in secrets:
            try:
                raise ValueError(f"cannot read {secret.path}: {files[secret.path]}")
            except ValueError as error:
                reports.take(type(error), error, error.__traceback__)
            said.append(reports.text())
    finally:
        logging.getLogger("desktop.qt").removeHandler(handler)
        handler.close()
    told = "\n".join([*said, (tmp_path / "window.log").read_text()])
    assert told.count("Traceback") > len(secrets)
    parts = [part for secret in secrets for part in secret.secret.replace("\\n", "\n").split("\n") if part]
    assert not [part for part in parts if part in told]


PROBE = """
import sys, ctypes
from pathlib import Path
from PySide6.QtCore import QCoreApplication, qWarning
from desktop.qt.reports import Reports
application = QCoreApplication([])
reports = Reports(Path(sys.argv[1]))
reports.install()
qWarning("a warning of Qt")
if sys.argv[2] == "raise":
    raise RuntimeError("uncaught")
ctypes.string_at(0)
"""


def run_probe(folder, how):
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", PROBE, str(folder), how]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_log_holds_what_was_raised_and_what_qt_said(tmp_path, qtbot):
    run_probe(tmp_path / "logs", "raise")
    text = Reports(tmp_path / "logs").text()
    assert "a warning of Qt" in text
    assert "RuntimeError: uncaught" in text


def test_a_crash_of_native_code_is_told_at_the_next_start(tmp_path, qtbot, window):
    assert run_probe(tmp_path / "logs", "crash").returncode != 0
    reports = Reports(tmp_path / "logs")
    assert "string_at" in reports.earlier
    window.reports = reports
    window.tell_earlier_crash()
    assert "crashed" in window.banner.what.text()
    window.banner.steps[0].click()
    qtbot.waitUntil(lambda: "Crash of the run before" in window.sheets.current.text.toPlainText())


def test_a_folder_that_cannot_be_written_costs_the_log_alone(tmp_path, qtbot, caplog):
    (tmp_path / "file").write_text("")
    handlers = list(logging.getLogger().handlers)
    Reports(tmp_path / "file" / "logs").install()
    assert logging.getLogger().handlers == handlers
    assert "no log is written" in caplog.text
