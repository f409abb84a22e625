"""Every text of the window passes through here, so that it can be said in another language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

_CONTEXT = "window"


def tr(text: str, **values: object) -> str:
    """The text in the person's language; `{names}` in it are filled with `values` after it has been translated."""
    translated = QCoreApplication.translate(_CONTEXT, text)
    return translated.format(**values) if values else translated
