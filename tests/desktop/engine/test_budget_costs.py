"""What a budget would cost is told before anything is asked, and what a question then costs is no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.answering.prices import cost_in_usd
from core.cancellation import CancellationToken
from core.errors import UsageError
from core.settings import ProviderSettings, Settings
from desktop import assembly
from desktop.engine.methods import query_methods
from tests.indexing.trees import index_tree, write_tree

SOURCE = {f"shop/part_{n}.py": f"def price_{n}(basket):\n    return sum(item.cents for item in basket)\n" for n in range(40)}
PAID = Settings(provider=ProviderSettings(provider="anthropic", model="claude-sonnet-4-5"))


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(tmp_path / "config"))
    write_tree(tmp_path / "source", SOURCE)
    index_tree(tmp_path / "source", tmp_path / "index")
    return tmp_path / "index"


def call(method: str, settings: Settings, index: Path, **params: object) -> dict:
    methods = query_methods(assembly.open_service(settings), settings)
    return methods[method]({"index": str(index), **params}, lambda _event: None, CancellationToken())


def test_each_budget_has_its_cost_and_the_price_of_the_model(index: Path) -> None:
    told = call("costs", PAID, index, budgets=[1_000, 8_000])
    assert [cost["budget"] for cost in told["costs"]] == [1_000, 8_000]
    prices = [cost_in_usd("api.anthropic.com", "claude-sonnet-4-5", cost["budget"], 0) for cost in told["costs"]]
    assert None not in prices
    assert [cost["usd"] for cost in told["costs"]] == prices
    one, eight = told["costs"]
    assert eight["kv_cache_bytes"] == 8 * one["kv_cache_bytes"]
    assert one["attention_ratio"] == pytest.approx(64 * eight["attention_ratio"])


def test_nobody_is_paid_where_nobody_is_asked(index: Path) -> None:
    told = call("costs", Settings(), index, budgets=[8_000])
    assert "usd" not in told["costs"][0]
    assert told["whole_source_tokens"] == call("context", Settings(), index, question="price")["whole_source_tokens"]


@pytest.mark.parametrize("budgets", [[0], [-5], ["8000"], [True], list(range(1, 60)), 8_000])
def test_what_is_no_budget_is_refused(index: Path, budgets: object) -> None:
    with pytest.raises(UsageError, match="budgets"):
        call("costs", Settings(), index, budgets=budgets)
