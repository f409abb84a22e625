"""Changing a few values of a TOML file and leaving the rest of it, comments too, as a person wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Value = str | int | float | bool | Sequence[str]


def edited(text: str, changes: Mapping[tuple[str, str], Value | None]) -> str:
    """The text with values put in by (table, key), the table empty for the top level; None takes one out.

    Raises ValueError where the text is not TOML.
    """
    import tomlkit

    document = tomlkit.parse(text)
    for (table, key), value in changes.items():
        inside = document.setdefault(table, tomlkit.table()) if table and value is not None else document
        if value is not None:
            inside[key] = list(value) if isinstance(value, list | tuple) else value
        elif (holder := document.get(table) if table else document) is not None:
            holder.pop(key, None)
            if table and not holder:
                document.pop(table)
    return tomlkit.dumps(document)
