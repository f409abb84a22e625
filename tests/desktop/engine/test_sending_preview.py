"""What a question would send is what it sends, and looking at it sends and records nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.cancellation import CancellationToken
from core.settings import ProviderSettings, Settings
from desktop import assembly
from desktop.engine.methods import query_methods
from tests.indexing.trees import index_tree, write_tree

SOURCE = {
    "shop/price.py": 'def price_of(basket):\n    """What it costs."""\n    return sum(item.cents for item in basket)\n',
    "shop/key.py": 'TOKEN = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"\n\n\ndef price_header():\n    return TOKEN\n',
}


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(tmp_path / "config"))
    write_tree(tmp_path / "source", SOURCE)
    index_tree(tmp_path / "source", tmp_path / "index")

    def call(method: str, settings: Settings, **params: Any) -> Any:
        methods = query_methods(assembly.open_service(settings), settings)
        return methods[method]({"index": str(tmp_path / "index"), **params}, lambda _event: None, CancellationToken())

    return call


def test_without_a_model_it_shows_what_one_would_get(ask: Any) -> None:
    found = ask("sending", Settings(), question="how is a basket priced")
    assert (found["provider"], found["host"]) == ("", None)
    assert found["messages"][0]["role"] == "system"
    said = json.dumps(found["messages"])
    assert "how is a basket priced" in said
    assert "def price_of(basket)" in said
    assert found["tokens"] > 0


def test_it_names_the_host_and_neither_asks_for_consent_nor_records(ask: Any) -> None:
    settings = Settings(provider=ProviderSettings(provider="openai-like", model="m", base_url="http://models.example/v1"))
    found = ask("sending", settings, question="what is the price header")
    assert (found["model"], found["host"]) == ("m", "models.example")
    assert "ghp_abcdefghijklmnopqrstuvwxyz0123456789" not in json.dumps(found["messages"])
    assert ask("ledger", settings) == []
    assert ask("history", settings)["answers"] == []
