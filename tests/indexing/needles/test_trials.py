"""Stuffed prompts, and whether an answer to a planted fact is right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import ProviderError
from core.model.answer import Delta, Message, Reported
from core.model.needle import Way
from indexing.needles.planting import Planted
from indexing.needles.stuffing import stuffed
from indexing.needles.templates import Needle, NeedleKind, as_comment, needles
from indexing.needles.trials import Trials, facts_of, is_right

FACTS = [needle for needle in needles() if needle.kind is not NeedleKind.FUNCTION]
TRAM = next(needle for needle in FACTS if needle.id == "tram")
SECRET = "AKIA" + "QZ3M7XK2" * 2


class WordCounter:
    name = "words"

    def count(self, text: str) -> int:
        return len(re.findall(r"\w+|[^\w\s]|\n", text))


class Model:
    provider, model, host = "scripted", "parrot", None

    def __init__(self, *answers: str | ProviderError) -> None:
        self._answers = list(answers)
        self.heard: list[Sequence[Message]] = []

    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        self.heard.append(messages)
        answer = self._answers[min(len(self.heard), len(self._answers)) - 1]
        if isinstance(answer, ProviderError):
            if answer.why:  # what came before it broke off
                yield Delta(answer.why)
            raise answer
        yield Delta(answer, Reported(100, 5))


@pytest.mark.parametrize("needle", FACTS, ids=lambda needle: needle.id)
def test_every_fact_has_a_question_that_its_own_text_answers(needle: Needle) -> None:
    assert needle.ask.endswith("?")
    assert is_right(needle, as_comment(needle, needle.names[0], "python").replace("\n# ", " "))
    assert not is_right(needle, needle.ask)
    assert not is_right(needle, "The excerpts do not say so.")


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("Below 25 km/h [1].", True),
        ("It must stay below **25**.", True),
        ("It is 25.", True),
        ("It is 250.", False),
        ("It is 1.25 or 25.5.", False),
        ("See [25].", False),
        ("See line 25 and a.py:25-30.", False),
        ("", False),
    ],
)
def test_a_right_answer_holds_the_word_outside_of_citations(answer: str, right: bool) -> None:
    assert is_right(TRAM, answer) is right


@pytest.fixture
def tree(tmp_path: Path) -> tuple[Path, list[str], Planted]:
    """Twenty files of a hundred lines each, with the fact in the middle one; a binary one, and a secret."""
    paths = [f"pkg/file_{n:02}.py" for n in range(20)]
    (tmp_path / "pkg").mkdir()
    for n, path in enumerate(paths):
        lines = [f"value_{n}_{line} = {line}" for line in range(100)]
        if n == 9:
            lines[3] = f"key = '{SECRET}'"
        (tmp_path / path).write_text("\n".join(lines) + "\n")
    fact = as_comment(TRAM, "tram_speed", "python").split("\n")
    with (tmp_path / paths[10]).open("a") as file:
        file.write("\n".join(["", *fact, ""]))
    (tmp_path / "pkg" / "file_11.py").write_bytes(b"\xff\xfe\x00")
    return tmp_path, paths, Planted(TRAM, "tram_speed", 0, paths[10], 102, 101 + len(fact), 0.5)


@pytest.mark.parametrize("depth", [0.0, 0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("allowance", [800, 2_000, 6_000])
def test_a_stuffed_prompt_holds_the_fact_at_its_depth_within_its_length(
    tree: tuple[Path, list[str], Planted], depth: float, allowance: int
) -> None:
    root, paths, place = tree
    counter = WordCounter()
    text = stuffed(root, paths, place, depth, allowance, counter, CancellationToken())
    assert 0.8 * allowance < counter.count(text) <= allowance
    at = text.index("wire hangs low") / len(text)
    # The planted file itself takes up to a tenth of the prompt (of a short one up to 300), and the fact stands at its end.
    assert depth - 0.2 <= at <= depth + (0.2 if allowance >= 2_000 else 0.5)
    assert text.count("wire hangs low") == 1
    assert SECRET not in text
    headers = re.findall(r"^\[\d+\] (\S+):(\d+)-(\d+)", text, re.MULTILINE)
    assert len({path for path, *_ in headers}) == len(headers)
    for path, start, end in headers:
        lines = (root / path).read_text().split("\n")
        assert 1 <= int(start) <= int(end) <= len(lines)
        if SECRET not in lines[3]:
            assert "\n".join(lines[int(start) - 1 : int(end)]) in text


def test_a_tree_that_is_too_small_gives_no_prompt(tree: tuple[Path, list[str], Planted]) -> None:
    root, paths, place = tree
    assert stuffed(root, paths, place, 0.5, 1_000_000, WordCounter(), CancellationToken()) == ""


def test_trials_keep_what_was_asked_and_answered(tree: tuple[Path, list[str], Planted]) -> None:
    place = tree[2]
    model = Model("Below 25 [1].", "I do not know.")
    trials = Trials(lambda _question: model, WordCounter(), (0.5,))
    right = trials.from_source(place, 1.0, 2_000, "the text", CancellationToken())
    wrong = trials.from_source(place, 1.0, 4_000, "another text", CancellationToken())
    assert (right.right, right.way, right.length, right.depth) == (True, Way.STUFFED, 2_000, 0.5)
    assert (right.input_tokens, right.output_tokens, right.usd) == (100, 5, None)
    assert not wrong.right
    assert "the text" in model.heard[0][-1].content
    assert TRAM.ask in model.heard[0][-1].content
    assert trials.found == [right, wrong]


def test_a_refused_prompt_is_an_error_and_three_in_a_row_end_it(tree: tuple[Path, list[str], Planted]) -> None:
    refused = ProviderError("the prompt is too long")
    trials = Trials(lambda _question: model, WordCounter(), (0.5,))
    model = Model(refused)
    with pytest.raises(ProviderError):
        trials.from_source(tree[2], 1.0, 2_000, "x", CancellationToken())
    model = Model("25", refused)
    trials = Trials(lambda _question: model, WordCounter(), (0.5,))
    trials.from_source(tree[2], 1.0, 2_000, "x", CancellationToken())
    for _ in range(2):
        failed = trials.from_source(tree[2], 1.0, 2_000, "x", CancellationToken())
        assert (failed.right, failed.error) == (False, "the prompt is too long")
    with pytest.raises(ProviderError):
        trials.from_source(tree[2], 1.0, 2_000, "x", CancellationToken())


def test_an_answer_that_was_cut_off_is_judged_by_what_came(tree: tuple[Path, list[str], Planted]) -> None:
    for said, right in (("It is 25 km/h, since", True), ("Well, you see", False)):
        model = Model(ProviderError("stopped at the most it may answer", said))
        trials = Trials(lambda _question, model=model: model, WordCounter(), (0.5,))
        trial = trials.from_source(tree[2], 1.0, 2_000, "x", CancellationToken())
        assert (trial.right, trial.error, trial.answer) == (right, "", said)


def test_only_facts_are_asked_for_by_depth(tree: tuple[Path, list[str], Planted]) -> None:
    function = next(needle for needle in needles() if needle.kind is NeedleKind.FUNCTION)
    place = tree[2]
    planted = [
        Planted(TRAM, "b", 2, *(place.path, 1, 1, 0.9)),
        Planted(function, "c", 1, *(place.path, 1, 1, 0.5)),
        Planted(TRAM, "a", 0, *(place.path, 1, 1, 0.1)),
    ]
    assert [each.name for each in facts_of(planted)] == ["a", "b"]
