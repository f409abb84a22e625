"""What questions would cost at several budgets, told before one is asked."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from core.answering.prices import cost_in_usd
from core.settings import ProviderSettings, Settings
from desktop.engine import run_wire, wire
from desktop.engine.params import Params, path_text, wholes
from desktop.engine.provider_methods import provider_settings
from desktop.engine.service import Service

_MOST_BUDGETS = 50


def budget_costs(service: Service, settings: Settings, params: Params) -> run_wire.Json:
    """The cost of a prompt that fills each of `budgets`, in their order, with its price where the table names one."""
    chosen = provider_settings(settings.provider, params)
    host = host_of(chosen)
    packs = service.session(Path(path_text(params, "index"))).packs
    costs = []
    for budget in wholes(params, "budgets", _MOST_BUDGETS):
        usd = cost_in_usd(host, chosen.model, budget, 0) if chosen.provider else None
        costs.append({"budget": budget, **wire.cost(dataclasses.replace(packs.cost(budget), usd=usd))})
    return {"whole_source_tokens": packs.whole_source_tokens, "costs": costs}


def host_of(chosen: ProviderSettings) -> str | None:
    """Where questions go; None for this machine, and where nobody is chosen."""
    if not chosen.provider:
        return None
    from desktop.adapters.providers import locate, remote_host

    return remote_host(locate(chosen, os.environ))
