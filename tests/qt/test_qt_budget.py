"""The budget of a question: a slider, and beside it what that costs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.qt import figures
from desktop.qt.widgets.budget_slider import STOPS, BudgetSlider


def told(whole: int, *, priced: bool = False):
    costs = [
        {"budget": stop, "kv_cache_bytes": stop * 131_072, "attention_flops": 1.0, "attention_ratio": (whole / stop) ** 2,
         **({"usd": stop * 3e-6} if priced else {})}
        for stop in STOPS
    ]  # fmt: skip
    return {"whole_source_tokens": whole, "costs": costs}


def test_the_keyboard_slides_from_stop_to_stop_and_tells(qtbot):
    slider = BudgetSlider()
    qtbot.addWidget(slider)
    slider.set_budget(8_000)
    chosen = []
    slider.changed.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_End):
        QTest.keyClick(slider.slider, key)
    assert chosen == [12_000, 8_000, 4_000, STOPS[-1]]
    assert slider.budget == STOPS[-1]


def test_the_line_tells_the_price_or_the_whole_source(qtbot):
    slider = BudgetSlider()
    qtbot.addWidget(slider)
    slider.set_budget(8_000)
    assert slider.line.text() == f"{figures.count(8_000)} tokens"
    slider.show_costs(told(31_000_000))
    assert slider.line.text() == f"{figures.count(8_000)} of {figures.count(31_000_000)} tokens"
    assert slider.slider.accessibleName() == f"Budget: {slider.line.text()}"
    slider.show_costs(told(31_000_000, priced=True))
    assert slider.line.text() == f"{figures.count(8_000)} tokens  ·  $0.024"
    assert "Attention over the whole would cost" in slider.slider.toolTip()
    slider.show_costs(told(5_000))
    assert slider.line.text() == f"{figures.count(8_000)} tokens", "a source that fits is no more than its tokens"
    slider.show_costs(None)
    assert slider.line.text() == f"{figures.count(8_000)} tokens"


def test_a_budget_of_the_preferences_is_a_stop_of_its_own(qtbot):
    slider = BudgetSlider()
    qtbot.addWidget(slider)
    slider.set_budget(5_500)
    assert slider.budget == 5_500
    assert list(slider.stops) == sorted({*STOPS, 5_500})
    QTest.keyClick(slider.slider, Qt.Key.Key_Left)
    assert slider.budget == 4_000


def test_the_next_question_has_the_budget_that_was_slid_to(opened, qtbot):
    inquiry = opened.workspace.inquiry
    qtbot.waitUntil(lambda: "of" in inquiry.budget.line.text())
    QTest.keyClick(inquiry.budget.slider, Qt.Key.Key_Right)
    assert inquiry.ask.asked("why")["budget"] == inquiry.budget.budget == 12_000


def test_prices_are_as_short_as_they_say_something():
    shown = [figures.dollars(amount) for amount in (12.5, 1.2, 0.24, 0.024, 0.0024, 0.00012, 0.00000012)]
    assert shown == ["$12.50", "$1.20", "$0.24", "$0.024", "$0.0024", "$0.00012", "<\u202f$0.0001"]
