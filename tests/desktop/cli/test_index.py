"""What `codestrata index` says of precisions that there are, and of one that there is not."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from desktop.cli.index import index_command
from desktop.cli.main import run
from indexing.stores.codes import Precision


def test_the_precisions_that_can_be_named_are_those_there_are() -> None:
    [option] = [parameter for parameter in index_command.params if parameter.name == "precision"]
    assert isinstance(option.type, click.Choice)
    assert list(option.type.choices) == list(map(str, Precision))


def test_a_precision_in_the_preferences_that_is_not_one_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(tmp_path / "config"))
    (tmp_path / "config").mkdir()
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "one.py").write_text("one = 1\n")
    from desktop import locations

    locations.preferences_file().write_text('[index]\nprecision = "int4"\n')
    assert run(["index", str(tmp_path / "source"), "--index", str(tmp_path / "index"), "--quiet"]) == 2
    assert "there is no precision 'int4'; choose compact, int8, float16" in capsys.readouterr().err.replace("\n", " ")
    assert not (tmp_path / "index").exists()
