"""A small engine for tests of the window: it speaks the protocol of `desktop/engine/README.md` over a real pipe, on real
files, with the standard library alone. It finds words, not meaning, and lays boxes out in rows.

`--indexer` makes it an indexer. Its indexes are JSON files in the folder named by PROTOCOL_ENGINE_HOME. Some questions
make it misbehave on purpose: "crash", "slow", "unsupported".
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the window starts its processes without their own folder

from protocol_asking import ask, consent, costs, history, history_accept, history_answer, history_export, sending
from protocol_drawing import diagram, export, picture
from protocol_sources import (
    HOME,
    LANGUAGES,
    EngineError,
    cancelled,
    check_source,
    folder_of,
    hits,
    languages,
    load,
    say,
    source_files,
    symbols_of,
)

STEP_SECONDS = float(os.environ.get("PROTOCOL_ENGINE_STEP", "0.001"))


def preview(params):
    time.sleep(float(os.environ.get("PROTOCOL_ENGINE_LOOK", "0")))
    root = check_source(params["source"])
    files = source_files(root)
    others = sum(1 for path in root.rglob("*") if path.is_file()) - len(files)
    index = folder_of(root)
    return {
        "source": str(root),
        "name": root.name,
        "index": str(index),
        "indexed": (index / "index.json").exists(),
        "files": len(files),
        "bytes": sum(path.stat().st_size for path in files),
        "languages": languages(files),
        "skipped": {"binary": others} if others else {},
        "seconds_estimate": 1.5,
    }


def stale(index):
    root = Path(index["source"])
    now = {str(path): path.stat().st_mtime_ns for path in source_files(root)}
    return sum(now.get(path) != then for path, then in index["modified"].items())


def status(params):
    index = load(params)
    root = Path(index["source"])
    files = source_files(root)
    return {
        "index": params["index"],
        "source": index["source"],
        "name": root.name,
        "revision": None,
        "files": len(files),
        "chunks": 3 * len(files),
        "symbols": sum(len(symbols_of(root, path)) for path in files),
        "edges": {},
        "languages": languages(files),
        "stale_files": stale(index),
        "complete": index["complete"],
        "folding": {
            "raw_bytes": 1000,
            "code_bytes": 900,
            "after": {"identical_files": 900, "type1": 800, "type2": 700, "type3": 0},
        },
    }


def tree(params):
    root = Path(load(params)["source"])
    return [
        {
            "path": path.relative_to(root).as_posix(),
            "language": LANGUAGES[path.suffix],
            "role": "source",
            "bytes": path.stat().st_size,
            "lines": path.read_text().count("\n") + 1,
        }
        for path in source_files(root)
    ]


def file(params):
    root = Path(load(params)["source"])
    path = root / params["path"]
    if not path.is_file():
        raise EngineError(f"{params['path']} is not in the index", "", "update the index")
    text = path.read_text()
    highlights = [[[0, len(line) - len(line.lstrip()) + 3, "keyword"]] if line.strip() else [] for line in text.split("\n")]
    return {
        "path": params["path"],
        "language": LANGUAGES[path.suffix],
        "text": text,
        "lines": text.count("\n") + 1,
        "stale": False,
        "disk": str(path),
        "highlights": highlights,
        "symbols": symbols_of(root, path),
    }


def search(params):
    root = Path(load(params)["source"])
    return {
        "query": params["query"],
        "milliseconds": 1.0,
        "results": hits(root, params["query"], params["k"]),
        "stale_files": 0,
    }


def symbols(params):
    root = Path(load(params)["source"])
    wanted = params["name"].lower()
    return [found for path in source_files(root) for found in symbols_of(root, path) if wanted in found["name"].lower()]


def show(params):
    root = Path(load(params)["source"])
    everything = [found for path in source_files(root) for found in symbols_of(root, path)]
    one = next((found for found in everything if found["id"] == params["symbol"]), None)
    if one is None:
        raise EngineError(f"no symbol is called {params['symbol']}", "", "look for it with Ctrl+P")
    return {**one, "text": "", "callers": [other for other in everything if other["kind"] == "function"][:3], "callees": []}


def definition(params):
    found = [symbol for symbol in symbols({**params, "name": params["name"]}) if symbol["name"] == params["name"]]
    return {"name": params["name"], "certain": len(found) == 1, "symbols": found}


def margin(params):
    root = Path(load(params)["source"])
    called = [
        {"symbol": found["id"], "name": found["name"], "line": found["start_line"], "callers": 2, "calls": 3}
        for found in symbols_of(root, root / params["path"])
        if found["kind"] == "function"
    ]
    return {"called": called, "copied": []}


def blame(params):
    """The first line is one commit's, the last nobody's, those between another's; nobody knows a text's."""
    if params["path"].endswith(".md"):
        raise EngineError("this has no history", "it is not under git", "index a folder of a git repository")
    root = Path(load(params)["source"])
    count = len((root / params["path"]).read_text().split("\n"))
    commits = [
        {"id": "a" * 40, "author": "Ada", "seconds": int(time.time()) - 400 * 86_400, "summary": "Begin <it>"},
        {"id": "b" * 40, "author": "Bea", "seconds": int(time.time()) - 3 * 86_400, "summary": "Go on"},
    ]
    return {"commits": commits, "lines": [0, *[1] * (count - 2), -1]}


def overview(params):
    root = Path(load(params)["source"])
    files = source_files(root)
    total = sum(path.stat().st_size for path in files)
    share = {"files": len(files), "bytes": total, "lines": total // 20}
    nothing = {"largest": tree(params), "called": [], "entries": [], "tests": []}
    return {**share, "languages": {"python": share}, "roles": {"source": share}, **nothing}


def clone_list(params):
    root = Path(load(params)["source"])
    path = source_files(root)[0].relative_to(root).as_posix()
    place = {"path": path, "start_line": 1, "end_line": 9, "symbol": "party.greet"}
    rest = {"bytes_saved": 500, "folded": True, "unfolded": False, "choice": ""}
    one = {"id": 1, "type": 2, "copies": 3, "similarity": 0.9, "representative": place, **rest}
    after = {"identical_files": 900, "type1": 800, "type2": 700, "type3": 600}
    folding = {"raw_bytes": 1000, "code_bytes": 950, "plain": {"bytes": 920, "after": after}}
    folding |= {"generated_bytes": 20, "vendored_bytes": 30}
    whole = {"total": 1, "copies": 3, "bytes_saved": 500}
    return {"offset": params["offset"], "classes": [one], "folding": folding, **whole}


def problems(params):
    reasons = [
        {"kind": "failed", "reason": "cannot be read", "files": 1, "listed": 1},
        {"kind": "skipped", "reason": "binary", "files": 3, "listed": 1},
    ]
    files = [
        {"kind": "failed", "reason": "cannot be read", "path": "shop/broken.py"},
        {"kind": "skipped", "reason": "binary", "path": "logo.bin"},
    ]
    return {"reasons": reasons, "total": 2, "offset": params["offset"], "files": files}


def indexes(_params):
    found = []
    for file_ in HOME.glob("*/index.json"):
        try:
            index = json.loads(file_.read_text())
        except ValueError:
            continue
        root = Path(index["source"])
        files = source_files(root)
        total = sum(path.stat().st_size for path in files)
        found.append(
            {
                "index": str(file_.parent),
                "source": str(root),
                "name": root.name,
                "files": len(files),
                "bytes": total,
                "updated": index["updated"],
            }
        )
    return sorted(found, key=lambda entry: -entry["updated"])


def index_source(params, number):
    root = check_source(params["source"])
    files = source_files(root)
    folder = Path(params.get("index") or folder_of(root))
    folder.mkdir(parents=True, exist_ok=True)
    total = sum(path.stat().st_size for path in files)
    began, done = time.monotonic(), 0
    for count, path in enumerate(files, 1):
        time.sleep(STEP_SECONDS)
        done += path.stat().st_size
        stop = number in cancelled
        if count * 2 >= len(files) or stop:
            save(folder, root, files, complete=not stop and count == len(files))
        say(
            {
                "id": number,
                "event": "progress",
                "stage": "index",
                "done": count,
                "total": len(files),
                "bytes_done": done,
                "bytes_total": total,
                "path": path.relative_to(root).as_posix(),
                "searchable": count if count * 2 >= len(files) else 0,
                "seconds": time.monotonic() - began,
            }
        )
        if stop:
            raise EngineError("cancelled", "", "", 130)
    return {
        "index": str(folder),
        "source": str(root),
        "files": {"seen": len(files), "indexed": len(files), "failed": []},
        "bytes": total,
    }


def save(folder, root, files, *, complete):
    modified = {str(path): path.stat().st_mtime_ns for path in files}
    data = {"source": str(root), "modified": modified, "complete": complete, "updated": time.time()}
    (folder / "index.json").write_text(json.dumps(data))


METHODS = {
    "costs": costs,
    "sending": sending,
    "reload": lambda _params: {},
    "licences": lambda _params: [
        {"name": "codestrata", "version": "0", "licence": "Apache-2.0"},
        {"name": "other", "version": "1", "licence": ""},
    ],
    "consent": consent,
    "hello": lambda _params: {"version": "0", "protocol": 1, "pid": os.getpid()},
    "preview": preview,
    "indexes": indexes,
    "status": status,
    "tree": tree,
    "file": file,
    "search": search,
    "symbols": symbols,
    "show": show,
    "definition": definition,
    "blame": blame,
    "margin": margin,
    "overview": overview,
    "clone_list": clone_list,
    "problems": problems,
    "diagram": diagram,
    "export": export,
    "history": history,
    "history_answer": history_answer,
    "history_accept": history_accept,
    "history_export": history_export,
    "picture": picture,
}
STREAMING = {"ask": ask, "index": index_source}


def answer(request):
    number, method, params = request["id"], request["method"], request.get("params", {})
    try:
        result = STREAMING[method](params, number) if method in STREAMING else METHODS[method](params)
    except EngineError as error:
        say({"id": number, "error": error.reply})
    else:
        say({"id": number, "result": result})


def main():
    threads = []
    for line in sys.stdin:
        request = json.loads(line)
        if request["method"] == "cancel":
            cancelled.add(request["params"]["id"])
            continue
        thread = threading.Thread(target=answer, args=(request,))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()


main()
