"""Sources and indexes of the protocol engine, and its lines out."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
import threading
from pathlib import Path

HOME = Path(os.environ["PROTOCOL_ENGINE_HOME"])
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
