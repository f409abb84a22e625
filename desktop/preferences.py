"""Settings from where people put them: options win over the environment, the environment over the preferences file.

A setting is named as in that file: `theme`, `provider.model`. `save_settings` checks a person's changes and writes them.
"""

from __future__ import annotations

import os
import shlex
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

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
THEMES = ("auto", "light", "dark")
TEXT_SIZES = (80, 200)
"""In percent, from and to."""
BUDGETS = (500, 1_000_000)
LARGEST_FILE = 1_000_000_000


class InvalidSettingsError(UsageError):
    """Changes that cannot be saved; `problems` tells by setting what is wrong with it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        setting, problem = next(iter(problems.items()))
        super().__init__(f"the setting '{setting}' cannot be {'that' if problem else 'saved'}", problem, "")
        self.problems = problems


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
    _put(file, {(section, name): value for name, value in values.items()})


def with_provider(before: ProviderSettings, provider: str) -> ProviderSettings:
    """The settings with another provider chosen: the address and the model of the one before are not its own."""
    if provider in ("", before.provider):
        return before
    return replace(before, provider=provider, base_url="", model="", context_window=0)


def setting_of(settings: Settings, name: str) -> Any:
    """The value of a setting. KeyError for a name that is none."""
    value: Any = settings
    for part in name.split("."):
        if part not in {field.name for field in fields(value)}:
            raise KeyError(name)
        value = getattr(value, part)
    return value


def forced_by(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The variable of the environment that decides a setting, whatever the file says; empty where none does."""
    place = tuple(name.rpartition(".")[::2])
    return next((variable for variable, of in ENVIRONMENT.items() if of == place and environment.get(variable)), "")


def save_settings(file: Path, settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """Write changes by name of a setting into the preferences file; returns `settings` with them.

    What is changed to its default is taken out of the file. The file is replaced whole, and only where something differs.
    Raises InvalidSettingsError with everything that is wrong (nothing is written then), and UsageError where the file cannot
    be read or written.
    """
    sections: dict[str, Any] = {}
    for name, value in changes.items():
        section, _, key = name.rpartition(".")
        (sections.setdefault(section, {}) if section else sections)[key] = value
    changed = _merge(settings, sections, "the preferences")
    problems = {name: problem for name in changes if (problem := _problem(name, setting_of(changed, name)))}
    if problems:
        raise InvalidSettingsError(problems)
    defaults = Settings()
    places: dict[tuple[str, str], Any] = {}
    for name in changes:
        section, _, key = name.rpartition(".")
        value = setting_of(changed, name)
        places[section, key] = None if value == setting_of(defaults, name) else value
    _put(file, places)
    return changed


def _problem(name: str, value: Any) -> str:
    """What is wrong with a setting's value, in a sentence; empty where nothing is."""
    check = _CHECKS.get(name)
    return check(value) if check is not None else ""


def _within(low: int, high: int, unit: str) -> Callable[[Any], str]:
    return lambda value: "" if low <= value <= high else f"Give {unit} from {low:,} to {high:,}."


def _check_url(value: str) -> str:
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        return "Give an address like http://localhost:8000/v1."
    return "Leave user and password out of the address." if "@" in parts.netloc else ""


def _check_editor(value: str) -> str:
    if not value:
        return ""
    try:
        words = shlex.split(value)
    except ValueError:
        return "A quote is not closed."
    if not any("{path}" in word for word in words[1:]):
        return "Say with {path} where the file's path goes, as in: code --goto {path}:{line}"
    unknown = value.replace("{path}", "").replace("{line}", "")
    return "Only {path} and {line} can be filled in." if "{" in unknown or "}" in unknown else ""


def _check_patterns(value: tuple[str, ...]) -> str:
    odd = next((pattern for pattern in value if "\n" in pattern or "\0" in pattern or pattern in {"/", "!", "!/"}), None)
    return "" if odd is None else f"'{odd}' is no pattern."


_CHECKS: Mapping[str, Callable[[Any], str]] = {
    "theme": lambda value: "" if value in THEMES else f"Choose {', '.join(THEMES)}.",
    "text_size": _within(*TEXT_SIZES, "percent"),
    "editor": _check_editor,
    "scan.max_file_bytes": _within(1, LARGEST_FILE, "bytes"),
    "scan.ignore": _check_patterns,
    "retrieval.budget": _within(*BUDGETS, "tokens"),
    "provider.base_url": _check_url,
}


def _put(file: Path, places: Mapping[tuple[str, str], Any]) -> None:
    """Write values by (section, name), None for a default, into the preferences; nothing where nothing differs. One process
    does so at a time."""
    from filelock import FileLock

    from desktop.toml_edit import edited

    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(file.with_name(f"{file.name}.lock")):
            _read(file)  # which tells what is wrong with it
            text = file.read_text("utf-8") if file.exists() else ""
            if (new := edited(text, places)) != text:
                _replace(file, new)
    except OSError as error:
        raise UsageError(
            f"the preferences in {file} cannot be written", error.strerror or str(error), "see to that, then try again"
        ) from error


def _replace(file: Path, text: str) -> None:
    """Put the text in the file's place in one step: whoever reads it sees the old or the new."""
    file = file.resolve()  # a link, as people keep for their dotfiles, stays one
    descriptor, beside = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as new:
            new.write(text)
        if file.exists():
            Path(beside).chmod(file.stat().st_mode & 0o777)
        Path(beside).replace(file)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise


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
