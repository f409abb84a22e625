"""How many LLM tokens of code an answer may rest on, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from desktop.qt import figures
from desktop.qt.answer_replies import BudgetCost, CostsReply
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr

STOPS = (1_000, 2_000, 4_000, 8_000, 12_000, 16_000, 24_000, 32_000, 48_000, 64_000)
"""What a person can slide to; where the preferences say another number, that too."""


class BudgetSlider(QWidget):
    """A slider, and beside it the tokens with their price, or with the whole source where nobody is paid."""

    changed = Signal(int)
    """The budget a person has chosen, in LLM tokens."""

    def __init__(self) -> None:
        super().__init__()
        self._stops: Sequence[int] = STOPS
        self._costs: Mapping[int, BudgetCost] = {}
        self._whole = 0
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setPageStep(1)
        self.slider.setMinimumWidth(64)
        self.slider.valueChanged.connect(self._on_moved)
        self.line = label("", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.slider, 1)
        row.addWidget(self.line)
        self.set_budget(STOPS[3])

    @property
    def stops(self) -> Sequence[int]:
        """The budgets that can be chosen."""
        return self._stops

    @property
    def budget(self) -> int:
        """The one that is chosen."""
        return self._stops[self.slider.value()]

    def set_budget(self, tokens: int) -> None:
        """Stand at a budget, without telling."""
        self._stops = sorted({*STOPS, tokens})
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(self._stops) - 1)
        self.slider.setValue(self._stops.index(tokens))
        self.slider.blockSignals(False)
        self._tell()

    def show_costs(self, told: CostsReply | None) -> None:
        """What the stops cost, from now on; None where that is not known."""
        self._costs = {} if told is None else {cost["budget"]: cost for cost in told["costs"]}
        self._whole = 0 if told is None else told["whole_source_tokens"]
        self._tell()

    def _on_moved(self) -> None:
        self._tell()
        self.changed.emit(self.budget)

    def _tell(self) -> None:
        cost = self._costs.get(self.budget)
        self.line.setText(self._cost_line(cost))
        details = "\n".join([tr("How many tokens of code an answer may rest on"), *self._details(cost)])
        self.slider.setToolTip(details)
        self.line.setToolTip(details)
        self.slider.setAccessibleName(tr("Budget: {line}", line=self.line.text()))

    def _cost_line(self, cost: BudgetCost | None) -> str:
        """`8 k tokens · $0.024`, or `8 k of 31 M tokens`."""
        tokens = figures.count(self.budget)
        if cost is not None and cost.get("usd") is not None:
            return tr("{tokens} tokens  ·  {price}", tokens=tokens, price=figures.dollars(cost["usd"]))
        if self._whole > self.budget:
            return tr("{tokens} of {whole} tokens", tokens=tokens, whole=figures.count(self._whole))
        return tr("{tokens} tokens", tokens=tokens)

    def _details(self, cost: BudgetCost | None) -> list[str]:
        if cost is None:
            return []
        lines = [tr("The whole source has about {tokens} tokens", tokens=figures.grouped(self._whole))]
        if cost["attention_ratio"] > 1:
            times = figures.count(cost["attention_ratio"])
            lines.append(tr("Attention over the whole would cost {times} times as much", times=times))
        lines.append(tr("KV cache: {size}", size=figures.size(cost["kv_cache_bytes"])))
        return lines
