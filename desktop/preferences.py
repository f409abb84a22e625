"""Settings from where people put them: options win over the environment, the environment over the preferences file."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from core.errors import UsageError
from core.settings import Settings

Record = TypeVar("Record")

ENVIRONMENT = {
    "CODESTRATA_PROVIDER": ("provider", "provider"),
    "CODESTRATA_MODEL": ("provider", "model"),
    "CODESTRATA_BASE_URL": ("provider", "base_url"),
    "CODESTRATA_EMBEDDER": ("index", "embedder"),
    "CODESTRATA_DEVICE": ("index", "device"),
}
"""Variables that set one setting each: (section, name)."""


def load_settings(
    file: Path, environment: Mapping[str, str] = os.environ, options: Mapping[str, Mapping[str, Any]] | None = None
) -> Settings:
    """The settings of this run. `options` holds those given on the command line, by section; None leaves one alone.

    Raises UsageError for a preferences file that is not TOML, or names or types a setting wrongly.
    """
    settings = _merge(Settings(), _read(file), str(file))
    chosen: dict[str, dict[str, Any]] = {}
    for variable, (section, name) in ENVIRONMENT.items():
        if value := environment.get(variable):
            chosen.setdefault(section, {})[name] = value
    settings = _merge(settings, chosen, "the environment")
    given = {
        section: {name: value for name, value in values.items() if value is not None}
        for section, values in (options or {}).items()
    }
    return _merge(settings, given, "the command line")


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"the preferences in {file} cannot be read", str(error), "mend or remove that file") from error


def _merge(record: Record, values: Mapping[str, Any], where: str) -> Record:
    """`record` with `values` put into it, section by section."""
    known = {field.name for field in fields(record)}  # type: ignore[arg-type]
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise UsageError(
                f"there is no setting '{name}'", f"it is named in {where}", f"known are {', '.join(sorted(known))}"
            )
        before = getattr(record, name)
        if is_dataclass(before) and isinstance(value, Mapping):
            changes[name] = _merge(before, value, where)
        else:
            changes[name] = _typed(before, value, name, where)
    return replace(record, **changes)  # type: ignore[type-var]


def _typed(before: object, value: Any, name: str, where: str) -> Any:
    if isinstance(before, tuple) and isinstance(value, list | tuple):
        return tuple(map(str, value))
    if isinstance(before, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(before):
        kind = "section" if is_dataclass(before) else type(before).__name__
        raise UsageError(f"the setting '{name}' must be a {kind}", f"{where} gives {value!r}", "mend it there")
    return value
