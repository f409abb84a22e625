"""Options win over the environment, the environment over the preferences file."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import UsageError
from core.settings import Settings
from desktop.preferences import load_settings


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
