"""A retriever for programs that use llama-index, over an index of Codestrata.

It starts the engine as a process and speaks its JSON lines, so nothing else of Codestrata is imported into the program: our
packages have common names. A node's id is its place, `path:first-last`; its text is those lines as they were indexed.

    with CodestrataRetriever(source="path/to/project") as retriever:
        for found in retriever.retrieve("where is an order priced"):
            print(found.node_id, found.score)
"""

import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

ENGINE = (sys.executable, "-P", "-m", "codestrata_start", "engine")
"""The engine of this environment; one of another is named with `command`."""


class CodestrataError(Exception):
    """The engine said that it cannot be done, why, and what to do next."""


class CodestrataRetriever(BaseRetriever):
    """Retrieves from one index, that of `source` or the one in the folder `index`; a context manager. Threads may share it.

    At most `k` places come back, best first; `path` (a glob), `language` and `kind` restrict them as on the command line.
    Raises CodestrataError for what the engine refuses, also where its process ends.
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | None = None,
        index: str | os.PathLike[str] | None = None,
        *,
        k: int = 10,
        path: str = "",
        language: str = "",
        kind: str = "",
        command: Sequence[str] = ENGINE,
    ) -> None:
        if (source is None) == (index is None):
            raise CodestrataError("name either a source or the folder of an index")
        super().__init__()
        self._source = None if source is None else os.path.realpath(source)
        self._index = None if index is None else os.path.abspath(index)
        self._asked = {"k": k, "path": path, "language": language, "kind": kind}
        self._command = list(command)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._engine: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "CodestrataRetriever":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the engine; the next question starts another."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None and engine.stdin is not None and engine.stdout is not None:
            engine.stdin.close()
            engine.wait()
            engine.stdout.close()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._call("search", {"index": self._folder(), "query": query_bundle.query_str, **self._asked})
        return [_node(place) for place in found["results"]]

    def _folder(self) -> str:
        if self._index is None:
            known = self._call("indexes", {})
            self._index = next((entry["index"] for entry in known if self._source in entry["source"].split("\n")), None)
            if self._index is None:
                raise CodestrataError(f"{self._source} is not indexed; run 'codestrata index {self._source}' first")
        return self._index

    def _call(self, method: str, params: dict[str, Any]) -> Any:
        with self._lock:
            if self._engine is None or self._engine.poll() is not None:
                self._engine = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            request = {"id": next(self._numbers), "method": method, "params": params}
            answer = _asked(self._engine, request)
        if answer is None:
            raise CodestrataError(f"the engine ended with code {self._engine.wait()}")
        if "error" in answer:
            raise CodestrataError(answer["error"]["message"])
        return answer["result"]


def _asked(engine: subprocess.Popen[bytes], request: dict[str, Any]) -> dict[str, Any] | None:
    """The engine's answer to a request, None where it ended instead."""
    assert engine.stdin is not None
    assert engine.stdout is not None
    try:
        engine.stdin.write(json.dumps(request).encode() + b"\n")
        engine.stdin.flush()
    except OSError:
        return None
    for line in engine.stdout:
        answer: dict[str, Any] = json.loads(line)
        if answer.get("id") == request["id"] and "event" not in answer:
            return answer
    return None


def _node(place: dict[str, Any]) -> NodeWithScore:
    where = f"{place['path']}:{place['start_line']}-{place['end_line']}"
    told = {name: place[name] for name in ("path", "start_line", "end_line", "symbol", "kind", "copies")}
    hidden = [name for name in told if name not in ("path", "symbol")]
    node = TextNode(
        id_=where, text=place["text"], metadata=told, excluded_embed_metadata_keys=hidden, excluded_llm_metadata_keys=hidden
    )
    return NodeWithScore(node=node, score=place["score"])
