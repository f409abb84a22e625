"""What is here and what is missing: versions, devices, models, providers."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
from typing import Any

from core.settings import Settings
from desktop import display, locations
from indexing.stores.sqlite.schema import FEATURE_VERSION, FORMAT_VERSION

_PACKAGES = (
    "pyside6-essentials",
    "tree-sitter",
    "tantivy",
    "numpy",
    "scipy",
    "networkx",
    "pygraphviz",
    "llama-index-core",
)


def examine(settings: Settings) -> dict[str, Any]:
    """Everything worth knowing for help or a bug report; no key is in it, only whether one is there."""
    missing: list[str] = []
    return {
        "program": {
            "version": _version("codestrata") or "not installed",
            "python": platform.python_version(),
            "system": platform.platform(),
            "cores": os.cpu_count(),
        },
        "index": {
            "format_version": FORMAT_VERSION,
            "feature_version": FEATURE_VERSION,
            "folder": str(locations.data_folder()),
            "preferences": str(locations.preferences_file()),
        },
        "packages": {name: _version(name) or "missing" for name in _PACKAGES},
        "vectors": _vectors(missing),
        "embedder": _embedder(settings, missing),
        "scale": _scale(missing),
        "window": _window(missing),
        "models": _models(settings, missing),
        "missing": missing,
    }


def _vectors(missing: list[str]) -> dict[str, Any]:
    for package in ("faiss-gpu", "faiss-cpu"):
        if version := _version(package):
            from indexing.stores.faiss import gpu_count

            return {"store": "faiss", "package": package, "version": version, "gpus": gpu_count()}
    missing.append("FAISS, for faster search by meaning: pip install 'codestrata[cpu]' (or '[gpu]' with an NVIDIA device)")
    return {"store": "numpy", "package": "none", "version": None, "gpus": 0}


def _embedder(settings: Settings, missing: list[str]) -> dict[str, Any]:
    from indexing.embedding.static import MODEL_FOLDER, StaticEmbedder
    from indexing.embedding.static_files import read

    static = StaticEmbedder()
    read(MODEL_FOLDER)  # says what is wrong with it, which opening leaves to the first who embeds
    transformers = importlib.util.find_spec("sentence_transformers") is not None
    if not transformers:
        missing.append("transformer embedders: pip install 'codestrata[transformers]'")
    return {
        "chosen": settings.index.embedder,
        "static": f"{static.dimension} dimensions, version {static.version}",
        "sentence_transformers": _version("sentence-transformers") or "missing",
        "device": settings.index.device,
    }


def _scale(missing: list[str]) -> dict[str, Any]:
    """What an index beyond one machine needs."""
    found = {name: _version(name) or "missing" for name in ("distributed", "qdrant-client")}
    if "missing" in found.values():
        missing.append("indexing on Dask and vectors on Qdrant: pip install 'codestrata[scale]'")
    return found


def _window(missing: list[str]) -> dict[str, Any]:
    packages = display.missing_packages(window=display.draws_by_x())
    if packages:
        missing.append(f"system libraries for the window: apt-get install {' '.join(packages)}")
    return {"display": display.available(), "libraries_missing": packages}


def _models(settings: Settings, missing: list[str]) -> dict[str, Any]:
    """What is known without asking anybody; 'codestrata providers' tells the keys that are kept."""
    from core.answering.prices import price_table
    from desktop.adapters.keys import keychain_name
    from desktop.adapters.providers import PROVIDERS
    from desktop.provider_rows import is_installed

    absent = [provider for provider in PROVIDERS.values() if not is_installed(provider)]
    missing += [f"models of {provider.name}: pip install {provider.install}" for provider in absent]
    keychain = keychain_name()
    if keychain is None:
        missing.append("a keychain for keys of providers; without one they come from the environment")
    variables = dict.fromkeys(provider.key_variable for provider in PROVIDERS.values())
    return {
        "provider": settings.provider.provider or "none: answers come from the evidence alone",
        "model": settings.provider.model,
        "keys_in_environment": [name for name in variables if os.environ.get(name)],
        "keychain": keychain or "none",
        "local_only": settings.provider.local_only,
        "consented_hosts": list(settings.provider.consented_hosts),
        "prices_checked": price_table().checked,
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
