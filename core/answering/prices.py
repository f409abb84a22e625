"""What models cost, from the dated table in `resources/prices.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.model.language_model import ModelInfo, Price

_DATED = re.compile(r"(-latest|-\d{8}|-\d{4}-\d{2}-\d{2})$")
"""How providers name one version of a model; it costs what the model costs."""


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The models by host, then by name; `checked` is the day the prices were looked up, `source` where."""

    checked: str
    source: str
    hosts: dict[str, dict[str, ModelInfo]]

    def find(self, host: str | None, model: str) -> ModelInfo | None:
        """What the table says of a model, or of the one that a dated name is a version of; None where it says nothing."""
        models = self.hosts.get(host or "", {})
        return models.get(model) or models.get(_DATED.sub("", model))


def cost_in_usd(host: str | None, model: str, input_tokens: int, output_tokens: int) -> float | None:
    """What a request cost by the table, None where it names no price."""
    known = price_table().find(host, model)
    return known.price.usd(input_tokens, output_tokens) if known and known.price else None


@cache
def price_table() -> PriceTable:
    """The table that is shipped."""
    told = tomllib.loads(files("resources").joinpath("prices.toml").read_text(encoding="utf-8"))
    hosts = {host: {name: _model(name, row) for name, row in models.items()} for host, models in told["hosts"].items()}
    return PriceTable(str(told["checked"]), told["source"], hosts)


def _model(name: str, row: dict[str, float]) -> ModelInfo:
    price = Price(
        row["input"], row["output"], int(row.get("long_from", 0)), row.get("long_input", 0.0), row.get("long_output", 0.0)
    )
    return ModelInfo(name, int(row["window"]) if "window" in row else None, price)
