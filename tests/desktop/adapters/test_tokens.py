from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.errors import MissingPartError
from desktop.adapters import tokens
from desktop.adapters.tokens import TiktokenCounter

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def counter() -> TiktokenCounter:
    return TiktokenCounter()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("hello world", 2),
        ("tiktoken is great!", 6),  # the example of OpenAI's cookbook
        ("antidisestablishmentarianism", 6),  # likewise
        ("2 + 2 = 4", 7),  # likewise
        ("お誕生日おめでとう", 9),  # likewise
        ("    return x\n", 4),
    ],
)
def test_known_counts(counter, text, count):
    assert counter.count(text) == count


def test_special_tokens_are_text(counter):
    assert counter.count("<|endoftext|>") > 1
    assert counter.count("a<|fim_prefix|>b") > 3


def test_lone_surrogates_are_counted(counter):
    assert counter.count("a\udc80b") > 0


def test_the_name_is_the_encodings(counter):
    assert counter.name == "cl100k_base"


@pytest.mark.parametrize("text", [" ", "a", "=", "\n", "=a", "中", " \n", "9"])
def test_long_runs_neither_fail_nor_take_long(counter, text):
    begin = time.perf_counter()
    count = counter.count(text * (2_000_000 // len(text)))
    assert 0 < count <= 3 * 2_000_000
    assert time.perf_counter() - begin < 10


def test_a_cut_adds_a_token_at_the_most(counter, monkeypatch):
    text = "x = 1\n" + " " * 9_000 + "y" * 9_000 + " end"
    whole = counter.count(text)
    monkeypatch.setattr(tokens, "_LONGEST_RUN", 500)
    monkeypatch.setattr(tokens, "_LONG_RUN", tokens.re.compile(r"(?<!\s)\s{500,}|(?<!\S)\S{500,}"))
    assert "".join(tokens._slices(text)) == text
    assert max(map(len, tokens._slices(text))) <= 510
    assert whole <= counter.count(text) <= whole + 2 * len(list(tokens._slices(text)))


def test_ordinary_text_is_not_cut():
    text = (ROOT / "core" / "ports.py").read_text(encoding="utf-8") * 50
    assert list(tokens._slices(text)) == [text]


def test_threads_share_one_encoding():
    counter = TiktokenCounter()
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(counter.count("hello world"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 8


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_bad_file_is_told(tmp_path, monkeypatch, damage):
    path = tmp_path / "cl100k_base.tiktoken"
    if damage == "changed":
        path.write_bytes(b"IQ== 0\n")
    monkeypatch.setattr(tokens, "resource_path", lambda *_: path)
    with pytest.raises(MissingPartError):
        TiktokenCounter().count("a")


def test_nothing_is_loaded_before_the_first_count_nor_anything_foreign_after_it():
    script = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise OSError('no network in this test')\n"
        "socket.socket.connect = refuse\n"
        "from desktop.adapters.tokens import TiktokenCounter\n"
        "counter = TiktokenCounter()\n"
        "before = 'tiktoken' in sys.modules\n"
        "count = counter.count('hello world')\n"
        "print(before, count, sorted({'llama_index', 'torch', 'PySide6', 'requests'} & set(sys.modules)))"
    )
    # An empty cache folder would make tiktoken's own loader download.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TIKTOKEN_CACHE_DIR": ""}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True, env=environment)
    assert done.stdout == "False 2 []\n"
