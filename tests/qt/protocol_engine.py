"""A small engine for tests of the window: it speaks the protocol of `desktop/engine/README.md` over a real pipe, on real
files, with the standard library alone. It finds words, not meaning, and lays boxes out in rows.

`--indexer` makes it an indexer. Its indexes are JSON files in the folder named by PROTOCOL_ENGINE_HOME. Some questions
make it misbehave on purpose: "crash", "slow", "unsupported".
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
import os
import sys
import threading
import time
from pathlib import Path

HOME = Path(os.environ["PROTOCOL_ENGINE_HOME"])
STEP_SECONDS = float(os.environ.get("PROTOCOL_ENGINE_STEP", "0.001"))
LANGUAGES = {".py": "python", ".c": "c", ".md": "markdown", ".js": "javascript"}
HOST = "models.example"
"""Where every provider is."""
cancelled: set[object] = set()
consented: set[str] = set()
write_lock = threading.Lock()


class EngineError(Exception):
    def __init__(self, what, why="", next_step="", code=2, **more):
        super().__init__(what)
        self.reply = {
            "what": what,
            "why": why,
            "next": next_step,
            "message": f"{what}: {why}; {next_step}",
            "exit_code": code,
            **more,
        }


def say(message):
    with write_lock:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def source_files(root: Path):
    return sorted(path for path in root.rglob("*") if path.is_file() and path.suffix in LANGUAGES)


def folder_of(source: Path) -> Path:
    return HOME / hashlib.sha256(str(source).encode()).hexdigest()[:12]


def check_source(source: str) -> Path:
    root = Path(source)
    if not root.exists():
        raise EngineError(f"{source} cannot be opened", "there is no such folder", "check the path")
    if not root.is_dir():
        raise EngineError(f"{source} cannot be opened", "it is a file", "choose the folder around it")
    if not source_files(root):
        raise EngineError(f"{source} holds no source text", "", "choose a folder with code")
    return root


def languages(files):
    shares = {}
    for path in files:
        share = shares.setdefault(LANGUAGES[path.suffix], {"files": 0, "bytes": 0})
        share["files"] += 1
        share["bytes"] += path.stat().st_size
    return shares


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


def load(params):
    file = Path(params["index"]) / "index.json"
    try:
        return json.loads(file.read_text())
    except FileNotFoundError:
        raise EngineError("the index cannot be opened", f"{file} is missing", "index the source first") from None
    except ValueError:
        raise EngineError("the index cannot be opened", "it is damaged", "rebuild it") from None


def symbols_of(root: Path, path: Path):
    relative = path.relative_to(root).as_posix()
    module = relative.rsplit(".", 1)[0].replace("/", ".")
    text = path.read_text()
    found = [symbol(module, module, "module", relative, 1, text.count("\n") + 1)]
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                kind = "class" if isinstance(node, ast.ClassDef) else "function"
                found.append(symbol(node.name, f"{module}.{node.name}", kind, relative, node.lineno, node.end_lineno))
    return found


def symbol(name, qualified, kind, path, start, end):
    return {
        "id": qualified,
        "name": name,
        "qualified_name": qualified,
        "kind": kind,
        "language": "python",
        "path": path,
        "start_line": start,
        "end_line": end,
        "signature": name,
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


def hits(root: Path, query: str, k: int):
    words = [word.lower() for word in query.replace("?", " ").split() if len(word) > 2]
    found = []
    for path in source_files(root):
        for number, line in enumerate(path.read_text().split("\n"), 1):
            score = sum(word in line.lower() for word in words)
            if score:
                found.append((score, path.relative_to(root).as_posix(), number, line))
    found.sort(key=lambda hit: (-hit[0], hit[1], hit[2]))
    return [
        {
            "path": path,
            "start_line": number,
            "end_line": number,
            "symbol": path.rsplit(".", 1)[0].replace("/", "."),
            "kind": "function",
            "score": float(score),
            "origins": ["lexical"],
            "copies": number % 3,
            "text": line,
        }
        for score, path, number, line in found[:k]
    ]


def search(params):
    root = Path(load(params)["source"])
    return {
        "query": params["query"],
        "milliseconds": 1.0,
        "results": hits(root, params["query"], params["k"]),
        "stale_files": 0,
    }


def make_pack(params):
    root = Path(load(params)["source"])
    excerpts = [
        {
            "n": n,
            "path": hit["path"],
            "start_line": hit["start_line"],
            "end_line": hit["end_line"],
            "symbol": hit["symbol"],
            "role": "hit",
            "tokens": 120,
            "why": "its words",
            "text": hit["text"],
        }
        for n, hit in enumerate(hits(root, params["question"], 5), 1)
    ]
    return {
        "question": params["question"],
        "budget": params["budget"],
        "tokens": 7400,
        "tokenizer": "words",
        "whole_source_tokens": 12_300_000,
        "excerpts": excerpts,
        "text": "",
        "redactions": 0,
        "flagged_instructions": 0,
        "cost": {"kv_cache_bytes": 1, "attention_flops": 1.0, "attention_ratio": 2_700_000.0, "usd": None},
    }


def ask(params, number):
    if params["question"] == "crash":
        os._exit(3)
    pack = make_pack(params)
    if not pack["excerpts"]:
        raise EngineError("nothing was found for this question", "no word of it is in the code", "ask with other words")
    say({"id": number, "event": "pack", "pack": pack})
    if params.get("provider") and (HOST not in consented):
        consent = {"host": HOST, "provider": params["provider"], "model": params["model"]}
        raise EngineError(f"nobody has agreed to send to {HOST}", "", "agree first", consent=consent)
    if params.get("deep"):
        for told in ("", "1 question"):
            say({"id": number, "event": "step", "step": step("plan", params["question"], told)})
        for told in ("", "2 statements"):
            say({"id": number, "event": "step", "step": step("part", params["question"], told)})
    sentences = [
        {
            "text": f"It is in `{excerpt['path']}` [{excerpt['n']}].",
            "citations": [excerpt["n"]],
            "supported": params["question"] != "unsupported greet",
        }
        for excerpt in pack["excerpts"]
    ]
    for sentence in sentences:
        for _ in range(200 if params["question"] == "slow greet" else 1):
            time.sleep(0.01)
            if number in cancelled:
                raise EngineError("cancelled", "", "", 130)
        say({"id": number, "event": "text", "text": sentence["text"] + "\n\n"})
    follows = params.get("conversation") and params["question"].startswith("and ")
    return keep(params, {
        "question": params["question"],
        "provider": params.get("provider", ""),
        "model": params.get("model", ""),
        "text": "\n\n".join(part["text"] for part in sentences),
        "citations": [],
        "sentences": sentences,
        "pack": pack,
        "usage": {"input_tokens": 0, "output_tokens": 0, "seconds_to_first_token": None},
        "sent_to": HOST if params.get("provider") else None,
        "understood": f"{params['question'][4:]} (as before)" if follows else "",
        "asked_with": {name: params.get(name) for name in ("conversation", "deep", "pinned", "removed")},
    })  # fmt: skip


def step(kind, question, told):
    return {"kind": kind, "number": 1, "total": 1, "question": question, "told": told}


def kept(params):
    """The answers of an index, by number from 1."""
    file = Path(params["index"]) / "answers.json"
    return json.loads(file.read_text()) if file.exists() else []


def keep(params, answer):
    answers = kept(params)
    number = len(answers) + 1
    entry = {
        "number": number,
        "conversation": params.get("conversation") or number,
        "when": 1_700_000_000.0 + number,
        "question": params["question"],
        "understood": answer["understood"],
        "provider": answer["provider"],
        "model": answer["model"],
        "accepted": False,
        "places": [{"path": excerpt["path"], "start_line": 1, "end_line": 1} for excerpt in answer["pack"]["excerpts"]],
    }
    answer = {**answer, "number": number, "conversation": entry["conversation"]}
    write_kept(params, [*answers, {**entry, "answer": answer}])
    return answer


def write_kept(params, answers):
    """In one step: a test may read the file at any time."""
    file = Path(params["index"]) / "answers.json"
    file.with_suffix(".new").write_text(json.dumps(answers))
    file.with_suffix(".new").replace(file)


def history(params):
    words = params.get("search", "").lower().split()
    found = [entry for entry in kept(params) if all(word in entry["question"].lower() for word in words)]
    return {"answers": [{**entry, "answer": None} for entry in reversed(found)], "problems": []}


def history_answer(params):
    return kept(params)[params["number"] - 1]


def history_accept(params):
    answers = kept(params)
    answers[params["number"] - 1]["accepted"] = params["accepted"]
    write_kept(params, answers)
    return answers[params["number"] - 1]


def history_export(params):
    asked = [entry["question"] for entry in kept(params) if entry["conversation"] == params["conversation"]]
    return {"file": params["file"], "bytes": Path(params["file"]).write_text("\n".join(asked))}


def consent(params):
    consented.add(params["host"])
    return {"hosts": sorted(consented), "local_only": False}


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


def diagram(params):
    if params["kind"] == "calls" and not params["scope"]:
        raise EngineError("this diagram needs a symbol", "", "name one")
    root = Path(load(params)["source"])
    scope = params["scope"]
    paths = [path.relative_to(root).as_posix() for path in source_files(root)]
    inside = [path for path in paths if path.startswith(f"{scope}/")] if scope else paths
    names = sorted({path[len(scope) + 1 if scope else 0 :].split("/")[0] for path in inside}) or [scope]
    nodes, boxes = [], {}
    for number, name in enumerate(names):
        full = f"{scope}/{name}" if scope else name
        members = [path for path in paths if path == full or path.startswith(f"{full}/")] or paths[:1]
        is_folder = full not in paths
        nodes.append(
            {
                "id": full,
                "label": name,
                "detail": f"{len(members)} files",
                "kind": "folder" if is_folder else "file",
                "place": {"path": members[0], "start_line": 1, "end_line": 2, "symbol": ""},
                "cluster": "",
                "weight": 1,
                "scope": full if is_folder else "",
                "external": False,
                "mark": "",
                "heat": None,
            }
        )
        boxes[full] = [40 + 220 * (number % 3), 40 + 100 * (number // 3), 180, 48]
    edges, routes = [], []
    for before, after in itertools.pairwise(nodes):
        place = before["place"]
        edges.append(
            {
                "source": before["id"],
                "target": after["id"],
                "kind": "imports",
                "confidence": "exact",
                "label": "",
                "depth": 0,
                "mark": "",
                "count": 3,
                "places": [place],
            }
        )
        (x, y, w, h), (x2, y2, _, _) = boxes[before["id"]], boxes[after["id"]]
        start, end = [x + w / 2, y + h], [x2 + 90, y2]
        routes.append({"points": [start, start, end, end], "tip": end, "label": None})
    return {
        "diagram": {
            "kind": params["kind"],
            "title": root.name,
            "subtitle": scope,
            "nodes": nodes,
            "edges": edges,
            "clusters": [],
            "omitted": [{"what": "more files", "count": 2}],
        },
        "layout": {
            "width": 700,
            "height": 40 + 100 * (len(nodes) // 3 + 1),
            "nodes": boxes,
            "clusters": {},
            "routes": routes,
            "bars": [],
        },
    }


def export(params):
    target = Path(params["file"])
    try:
        target.write_text(f"<svg xmlns='http://www.w3.org/2000/svg'><title>{params['kind']}</title></svg>")
    except OSError as error:
        raise EngineError(f"{target} cannot be written", str(error), "choose another folder") from None
    return {"file": str(target), "bytes": target.stat().st_size}


def picture(params):
    """A picture that says what was to be left out of it."""
    left_out = " ".join(params.get("hide", {}).get("boxes", []))
    size = "width='40' height='30' viewBox='0 0 40 30'"
    title = f"<title>{params['kind']} without {left_out}</title>"
    return {"svg": f"<svg xmlns='http://www.w3.org/2000/svg' {size}>{title}<rect width='40' height='30' fill='red'/></svg>"}


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


def costs(params):
    priced = bool(params.get("provider"))
    told = [
        {
            "budget": budget,
            "kv_cache_bytes": budget * 131_072,
            "attention_flops": 1.0,
            "attention_ratio": (12_300_000 / budget) ** 2,
            **({"usd": budget * 3e-6} if priced else {}),
        }
        for budget in params["budgets"]
    ]
    return {"whole_source_tokens": 12_300_000, "costs": told}


def sending(params):
    pack = make_pack(params)
    content = "\n".join([params["question"], *(excerpt["path"] for excerpt in pack["excerpts"])])
    messages = [{"role": "system", "content": "Answer from the evidence."}, {"role": "user", "content": content}]
    provider = params.get("provider", "")
    host = HOST if provider else None
    return {"provider": provider, "model": "", "host": host, "bytes": 60, "tokens": 12, "messages": messages}


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
