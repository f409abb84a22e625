"""Long work by slices."""

from __future__ import annotations

import time

import pytest

pytest.importorskip("PySide6", exc_type=ImportError)

from desktop.qt.slices import PAUSE, Slices


def steps(told: list[int], count: int, seconds: float = 0.0):
    for number in range(count):
        time.sleep(seconds)
        told.append(number)
        yield


def test_short_work_is_done_at_once(qtbot, monkeypatch):
    monkeypatch.setattr("desktop.qt.slices.SLICE_SECONDS", 10.0)
    told: list[int] = []
    slices = Slices()
    slices.run(steps(told, 3), lambda: told.append(-1))
    assert told == [0, 1, 2, -1]
    assert not slices.running


def test_long_work_lets_others_have_their_turn(qtbot):
    told: list[int] = []
    slices = Slices()
    slices.run(steps(told, 20, 0.005), lambda: told.append(-1))
    assert len(told) < 10
    qtbot.waitUntil(lambda: told[-1:] == [-1])
    assert told == [*range(20), -1]


def test_other_work_takes_the_place_of_what_is_under_way(qtbot):
    first: list[int] = []
    second: list[int] = []
    slices = Slices()
    slices.run(steps(first, 20, 0.005), lambda: first.append(-1))
    slices.run(steps(second, 20, 0.005), lambda: second.append(-1))
    begun = len(first)
    qtbot.waitUntil(lambda: second[-1:] == [-1])
    assert second == [*range(20), -1]
    assert len(first) == begun < 20


def test_work_may_begin_other_work_at_its_end(qtbot):
    told: list[int] = []
    slices = Slices()
    slices.run((), lambda: slices.run(steps(told, 20, 0.005), lambda: told.append(-1)))
    qtbot.waitUntil(lambda: told[-1:] == [-1])


def test_a_step_may_end_its_slice(qtbot, monkeypatch):
    monkeypatch.setattr("desktop.qt.slices.SLICE_SECONDS", 10.0)
    told: list[int] = []
    slices = Slices()
    slices.sliced.connect(lambda: told.append(-1))
    slices.run((told.append(number) or PAUSE for number in range(2)), lambda: told.append(-2))
    qtbot.waitUntil(lambda: told[-1:] == [-2])
    assert told == [0, -1, 1, -1, -1, -2]


def test_work_that_fails_is_given_up(qtbot):
    done: list[int] = []

    def failing():
        yield
        raise ValueError("no")

    slices = Slices()
    with pytest.raises(ValueError, match="no"):
        slices.run(failing(), lambda: done.append(1))
    assert not slices.running
    qtbot.wait(20)
    assert done == []
