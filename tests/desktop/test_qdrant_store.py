"""`--store qdrant=URL` through the command line, in this process: a life on a server, and a server that is gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("qdrant_client")

from desktop.cli.main import run
from indexing.stores import qdrant_connection
from tests.qdrant_server import QdrantServer

pytestmark = pytest.mark.filterwarnings("ignore:Local mode:UserWarning")
QUESTION = "where is an order priced"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[QdrantServer]:
    monkeypatch.setattr(qdrant_connection.call, "__defaults__", ((0.0,),))
    with QdrantServer().running() as running:
        yield running


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(tmp_path / "config"))
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "orders.py").write_text("def price_of(order):\n    return sum(line.price for line in order.lines)\n")
    (folder / "stock.py").write_text("def reserve(item, amount):\n    item.left -= amount\n")
    return folder


@pytest.fixture
def asked(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that must succeed on the index; returns what it prints."""

    def ask(*words: str) -> str:
        capsys.readouterr()
        code = run([*words, "--index", str(tmp_path / "index")])
        said = capsys.readouterr()
        assert code == 0, said.err
        return said.out

    return ask


def test_a_life_on_a_server(source: Path, tmp_path: Path, server: QdrantServer, asked: Callable[..., str]) -> None:
    asked("index", str(source), "--store", f"qdrant={server.url}", "--quiet")
    assert [path.name for path in (tmp_path / "index" / "vectors").iterdir()] == ["qdrant.json"]
    [best, *_] = json.loads(asked("search", QUESTION, "--json"))["results"]
    assert best["path"] == "orders.py"
    assert "dense" in best["origins"]
    asked("verify")
    (source / "added.py").write_text("def priced_otherwise(order):\n    return 'an order is priced here'\n")
    asked("index", str(source), "--quiet")  # the store is remembered
    assert "added.py" in [hit["path"] for hit in json.loads(asked("search", QUESTION, "--json"))["results"]]
    asked("verify")
    asked("index", str(source), "--quiet", "--rebuild")  # also here
    asked("verify")
    assert len(server.engine.get_collections().collections) == 1
    asked("index", str(source), "--quiet", "--store", "faiss")
    asked("verify")
    assert not server.engine.get_collections().collections
    asked("index", str(source), "--quiet", "--store", f"qdrant={server.url}")
    asked("remove", "--yes")
    assert not (tmp_path / "index").exists()
    assert not server.engine.get_collections().collections


def test_a_server_that_fails_loses_nothing(
    source: Path, tmp_path: Path, server: QdrantServer, asked: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*words: str) -> str:
        assert run([*words, "--index", str(tmp_path / "index")]) == 2
        said = capsys.readouterr()
        assert not said.out
        [line] = said.err.splitlines()
        return line

    options = ("index", str(source), "--store", f"qdrant={server.url}", "--quiet")
    server.fail_after = 0
    assert "failed: 503" in refused(*options)
    assert not (tmp_path / "index").exists()
    server.fail_after = 8
    assert "the index is unharmed" in refused(*options)
    server.fail_after = None
    asked(*options)
    asked("verify")
    server.fail_after = 0
    assert "failed: 503" in refused("search", QUESTION)
    asked("symbols", "price_of")
    server.fail_after = None
    for collection in server.engine.get_collections().collections:
        server.engine.delete_collection(collection.name)
    assert "index again" in refused("search", QUESTION)
    asked(*options)
    assert json.loads(asked("search", QUESTION, "--json"))["results"]
    server.fail_after = 0
    asked("index", str(source), "--quiet", "--store", "faiss")
    asked("verify")


@pytest.mark.parametrize(
    ("store", "says"), [("pinecone", "there is no store 'pinecone'"), ("qdrant=localhost", "is no URL of a Qdrant server")]
)
def test_what_cannot_be_a_store(
    store: str, says: str, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["index", str(source), "--index", str(tmp_path / "index"), "--store", store]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "index").exists()
