"""Questions to the protocol engine: answers, their history, what they cost and would send."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from protocol_sources import HOST, EngineError, cancelled, consented, hits, load, say


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
        "interrupted": "the server dropped the connection" if params["question"] == "broken greet" else "",
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
