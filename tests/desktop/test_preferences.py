"""Options win over the environment, the environment over the preferences file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from core.settings import Settings
from desktop.preferences import InvalidSettingsError, forced_by, load_settings, save_settings, setting_of
from desktop.toml_edit import edited


def test_each_source_of_settings_wins_over_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "preferences.toml"
    file.write_text(
        'theme = "dark"\n[provider]\nmodel = "a"\nprovider = "p"\ntimeout_seconds = 5\n[index]\ndevice = "cpu"\n'
    )
    environment = {"CODESTRATA_MODEL": "b", "CODESTRATA_DEVICE": "cuda"}
    found = load_settings(file, environment, {"provider": {"model": "c", "provider": None}})
    assert found.theme == "dark"
    assert (found.provider.provider, found.provider.model, found.provider.timeout_seconds) == ("p", "c", 5.0)
    assert found.index.device == "cuda"


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml", {}) == Settings()


def test_a_key_in_the_environment_selects_no_provider(tmp_path: Path) -> None:
    environment = {"OPENAI_API_KEY": "secret", "OPENAI_BASE_URL": "http://127.0.0.1:1"}
    assert load_settings(tmp_path / "none.toml", environment).provider.provider == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [("not toml", "cannot be read"), ("colour = 1", "no setting 'colour'"), ("theme = 3", "must be a str"),
     ("index = 3", "must be a section"), ("[index]\nworkers = true", "must be a int")],
)  # fmt: skip
def test_a_wrong_preferences_file_is_told_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "preferences.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=says) as caught:
        load_settings(file, {})
    assert "\n" not in str(caught.value)


# Saving

WRITTEN = """# mine
theme = "dark"   # at night

[provider]
provider = "openai-like"
# the big one
model = "a"

[scan]
ignore = [
    "*.min.js",  # generated
    "dist/",
]
max_file_bytes = 10
"""


def test_saving_changes_what_was_asked_and_keeps_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "preferences.toml"
    file.write_text(WRITTEN)
    before = load_settings(file, {})
    after = save_settings(file, before, {"provider.model": 'b "quoted" ü', "scan.ignore": ("x/",), "editor": "e {path}"})
    assert load_settings(file, {}) == after
    assert (after.provider.model, after.scan.ignore, after.theme) == ('b "quoted" ü', ("x/",), "dark")
    text = file.read_text()
    assert "# mine" in text
    assert "# the big one" in text
    assert "generated" not in text, "the old value is gone whole"


def test_the_default_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "preferences.toml"
    settings = save_settings(file, Settings(), {"watch": False, "retrieval.budget": 4_000})
    assert load_settings(file, {}) == settings
    save_settings(file, settings, {"watch": True, "retrieval.budget": Settings().retrieval.budget})
    assert load_settings(file, {}) == Settings()
    assert "watch" not in file.read_text()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("text_size", 10, "from 80 to 200"), ("scan.max_file_bytes", 0, "from 1 to"), ("provider.base_url", "localhost", "http://"),
     ("provider.base_url", "http://me:secret@host", "password"), ("editor", "code", "{path}"),
     ("editor", "code 'x {path}", "quote"), ("editor", "code {path} {column}", "{line}"), ("theme", "blue", "auto"),
     ("scan.ignore", ("/",), "pattern"), ("retrieval.budget", 3, "tokens")],
)  # fmt: skip
def test_what_is_wrong_is_told_by_setting_and_not_written(tmp_path: Path, name: str, value: object, says: str) -> None:
    file = tmp_path / "preferences.toml"
    with pytest.raises(InvalidSettingsError) as caught:
        save_settings(file, Settings(), {name: value, "watch": False})
    assert list(caught.value.problems) == [name]
    assert says in caught.value.problems[name]
    assert not file.exists()


@pytest.mark.parametrize("text", ['provider = {model = "a"}\n', 'provider.model = "a"\n', '[provider]\nmodel = "a"\n'])
def test_a_table_is_changed_however_it_is_written(tmp_path: Path, text: str) -> None:
    file = tmp_path / "preferences.toml"
    file.write_text(text)
    after = save_settings(file, load_settings(file, {}), {"provider.model": "b"})
    assert load_settings(file, {}) == after
    assert file.read_text() == text.replace('"a"', '"b"')


def test_what_is_no_toml_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "preferences.toml"
    file.write_text("theme = 'x'\ntheme = 'y'\n")
    with pytest.raises(UsageError):
        save_settings(file, Settings(), {"provider.model": "b"})
    assert file.read_text() == "theme = 'x'\ntheme = 'y'\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be"):
        save_settings(tmp_path / "file" / "preferences.toml", Settings(), {"watch": False})


KEYS = st.sampled_from(["theme", "editor", "provider.model", "provider.base_url", "scan.ignore", "watch", "text_size"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=12)


@hypothesis.settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(KEYS, TEXTS, st.integers(80, 200)), max_size=5))
def test_whatever_is_saved_is_read_back(changes: list[tuple[str, str, int]]) -> None:
    text = 'theme = "dark"\n# end'
    for name, words, number in changes:
        typed = {"scan.ignore": (words, "a/"), "watch": False, "text_size": number}.get(name, words)
        section, _, key = name.rpartition(".")
        text = edited(text, {(section, key): typed})
        read = tomllib.loads(text)
        assert (read[section] if section else read)[key] == (list(typed) if isinstance(typed, tuple) else typed)
    assert "# end" in text


def test_a_variable_that_decides_a_setting_is_named() -> None:
    assert forced_by("provider.model", {"CODESTRATA_MODEL": "m"}) == "CODESTRATA_MODEL"
    assert forced_by("provider.model", {}) == ""
    assert forced_by("theme", {"CODESTRATA_MODEL": "m"}) == ""


def test_a_setting_is_found_by_its_name() -> None:
    assert setting_of(Settings(), "retrieval.budget") == 8_000
    with pytest.raises(KeyError):
        setting_of(Settings(), "retrieval.color")
