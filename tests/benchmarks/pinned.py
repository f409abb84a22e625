"""Repositories on GitHub, each at a commit, that questions and sentences are about."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import histories

CLONES = {
    "redis": ("redis/redis", "4f8cdc2a1ea53e42955af758aabffee67cb455dd", ""),
    "libuv": ("libuv/libuv", "40178b916e5937ed43c557aa051bdb3f86f6ca93", ""),
    "activerecord": ("rails/rails", "75f9e28379ac7418b82fa950cfa81f6147275308", "activerecord"),
    "actionpack": ("rails/rails", "75f9e28379ac7418b82fa950cfa81f6147275308", "actionpack"),
    "ecto": ("elixir-ecto/ecto", "cf3a5b7219a552c24aae24bf5eef7354c1184b8a", ""),
    "flask": ("pallets/flask", "2ac89889f4cc330eabd50f295dcef02828522c69", ""),
    "cobra": ("spf13/cobra", "adbc8813901bba65827259daa8e22ff94ec1f30e", ""),
    "express": ("expressjs/express", "a3714473feb3d2908add734d340e7755fd85e0a3", ""),
    "starlette": ("Kludex/starlette", "5174d4c8358a6f06aa8056bafd14c2272dab8dd1", ""),
    "commons-lang": ("apache/commons-lang", "d15939ef46f0bd4144994df8be95cf5a7f91eb52", ""),
    "monolog": ("Seldaek/monolog", "68b974809baff3f071893de61447212e9e688ee7", ""),
}
"""By a short name: the repository, the commit, and the folder of it that is meant."""


def get(name: str, folder: Path) -> Path:
    """The tree of one of them, written into `folder`. Raises MissingCorpusError where it cannot be had."""
    repository, commit, below = CLONES[name]
    return histories.check_out(histories.Repository(repository, commit, ()), commit, folder / name) / below
