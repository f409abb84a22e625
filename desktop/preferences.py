"""Settings from where people put them: options win over the environment, the environment over the preferences file."""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from core.errors import UsageError
from core.settings import ProviderSettings, Settings

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


def change(file: Path, section: str, values: Mapping[str, Any]) -> None:
    """Put settings of one section into the preferences, and leave everything else there as it is, comments included.

    Raises UsageError for a file that cannot be read or written.
    """
    import tomlkit
    from filelock import FileLock

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_name(f"{file.name}.lock")):
            _read(file)  # which tells what is wrong with it
            document = tomlkit.parse(file.read_text("utf-8")) if file.exists() else tomlkit.document()
            document.setdefault(section, tomlkit.table()).update(values)
            _replace(file, tomlkit.dumps(document))
    except OSError as error:
        raise UsageError(
            f"the preferences in {file} cannot be written", str(error), "see to that, then try again"
        ) from error


def _replace(file: Path, text: str) -> None:
    """Write a file so that a reader sees it as it was or as it is now."""
    file = file.resolve()  # a link, as people keep for their dotfiles, stays one
    descriptor, name = tempfile.mkstemp(prefix=file.name, dir=file.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as new:
        new.write(text)
    if file.exists():
        Path(name).chmod(file.stat().st_mode & 0o777)
    Path(name).replace(file)


def with_provider(before: ProviderSettings, provider: str) -> ProviderSettings:
    """The settings with another provider chosen: the address and the model of the one before are not its own."""
    if provider in ("", before.provider):
        return before
    return replace(before, provider=provider, base_url="", model="", context_window=0)


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
        if isinstance(before, ProviderSettings) and isinstance(value, Mapping) and isinstance(value.get("provider"), str):
            before = with_provider(before, value["provider"])
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
