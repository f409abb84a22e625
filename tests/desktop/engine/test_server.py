"""The engine's lines: requests side by side, one end each, and no line that breaks them."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from core.cancellation import CancellationToken
from core.errors import UsageError
from desktop.engine.server import Emit, Params, Server, Throttle


def echo(params: Params, emit: Emit, token: CancellationToken) -> Any:
    emit({"event": "text", "text": "on its way"})
    return params["source"]


def refuse(params: Params, emit: Emit, token: CancellationToken) -> Any:
    raise UsageError("no", "because", "do this")


def break_down(params: Params, emit: Emit, token: CancellationToken) -> Any:
    raise ZeroDivisionError("a bug")


def serve(*lines: Any) -> list[dict[str, Any]]:
    output = io.BytesIO()
    encoded = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    Server({"echo": echo, "refuse": refuse, "break": break_down}, output).serve(encoded)
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_a_request_gives_its_events_and_then_its_result() -> None:
    assert serve({"id": 1, "method": "echo", "params": {"source": "x"}}) == [
        {"id": 1, "event": "text", "text": "on its way"},
        {"id": 1, "result": "x"},
    ]


def test_an_error_carries_what_why_next_and_the_exit_code() -> None:
    [answer] = serve({"id": "a", "method": "refuse"})
    assert answer == {
        "id": "a",
        "error": {"what": "no", "why": "because", "next": "do this", "message": "no: because; do this", "exit_code": 2},
    }


def test_a_bug_costs_one_request_only() -> None:
    answers = serve({"id": 1, "method": "break"}, {"id": 2, "method": "echo", "params": {"source": 1}})
    by_id = {answer["id"]: answer for answer in answers if "event" not in answer}
    assert "failed inside the engine" in by_id[1]["error"]["message"]
    assert by_id[2] == {"id": 2, "result": 1}


@pytest.mark.parametrize(
    "line",
    [b"no json", b"[1]", b'"text"', b'{"id": 1}', b'{"id": 1, "method": 2}', b'{"id": 1, "method": "echo", "params": 3}'],
)
def test_a_line_that_is_no_request_is_answered_and_passed_over(line: bytes) -> None:
    answers = serve(line, {"id": 2, "method": "echo", "params": {"source": "still here"}})
    assert "not a request" in answers[0]["error"]["message"]
    assert answers[-1]["result"] == "still here"


def test_an_unknown_method_and_a_missing_parameter_are_named() -> None:
    [unknown] = serve({"id": 1, "method": "dance"})
    assert "no method 'dance'" in unknown["error"]["message"]
    answers = serve({"id": 1, "method": "echo"})
    assert "needs the parameter 'source'" in answers[-1]["error"]["message"]


def test_cancelling_reaches_the_request_and_the_end_of_input_cancels_the_rest() -> None:
    started = threading.Event()

    def wait(params: Params, emit: Emit, token: CancellationToken) -> Any:
        started.set()
        for _ in range(1000):
            token.check("waiting")
            threading.Event().wait(0.01)
        return "never"

    def lines() -> Iterator[bytes]:
        yield b'{"id": 7, "method": "wait"}'
        started.wait(10)
        yield b'{"method": "cancel", "params": {"id": 7}}'
        yield b'{"id": 8, "method": "wait"}'

    output = io.BytesIO()
    Server({"wait": wait}, output).serve(lines())
    answers = {answer["id"]: answer for answer in map(json.loads, output.getvalue().splitlines())}
    assert answers[7]["error"]["exit_code"] == 130
    assert answers[8]["error"]["exit_code"] == 130


def test_a_throttle_lets_every_new_stage_through() -> None:
    throttle = Throttle(per_second=0.001)
    assert [throttle.passes(stage) for stage in ("a", "a", "b", "b", "a")] == [True, False, True, False, True]


@pytest.mark.parametrize(
    "line",
    [
        b'{"method": "cancel", "params": {"id": [1]}}',
        b'{"id": 1, "method": "echo", "params": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"id": true, "method": "echo", "params": {"source": 1}}',
    ],
    ids=["cancel of a list", "deep nesting", "true for an id"],
)
def test_a_line_with_an_odd_id_or_nesting_does_not_end_the_process(line: bytes) -> None:
    answers = serve(line, {"id": 2, "method": "echo", "params": {"source": "still here"}})
    assert answers[-1] == {"id": 2, "result": "still here"}
    assert not any("result" in answer for answer in answers[:-1])


def test_half_a_surrogate_pair_does_not_make_a_line_that_is_no_utf_8() -> None:
    answers = serve(b'{"id": 1, "method": "echo", "params": {"source": "\\ud800 x"}}')
    assert answers[-1] == {"id": 1, "result": "? x"}
