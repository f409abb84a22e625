"""Everything that comes along is named with its licence."""

from __future__ import annotations

from desktop.licences import parts


def test_the_program_and_what_it_rests_on_are_listed() -> None:
    found = {part.name.lower(): part for part in parts()}
    assert parts()[0].name == "codestrata"
    assert found["codestrata"].licence == "Apache-2.0"
    assert "LGPL" in found["pyside6_essentials"].licence
    assert found["numpy"].version
    assert {"python", "cl100k_base (tokenizer vocabulary)"} <= set(found)
    unknown = [part.name for part in parts() if not part.licence]
    assert len(unknown) <= len(found) // 10, unknown
