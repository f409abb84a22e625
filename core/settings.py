"""Every choice a person can make, with its default; nothing here reads a file or the environment.

Options win over the environment, the environment over preferences: `desktop.assembly` merges them in that order.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What is indexed. Sizes are in bytes."""

    max_file_bytes: int = 4_000_000
    """A file above is nearly always data or generated; its size is told in the report."""
    ignore_files: tuple[str, ...] = (".gitignore", ".ignore", ".cursorignore", ".codestrataignore")
    """Of the rules of one folder a later file wins; rules of a deeper folder win over all of them."""
    ignore: tuple[str, ...] = ()
    """Patterns as in `.gitignore`, from the top of every source; any rule file there wins over them."""


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """Sizes of chunks in bytes of UTF-8; one chunk should fit an embedder's window of some 512 LLM tokens."""

    max_bytes: int = 3_000
    """Longer definitions are split at statements."""
    min_bytes: int = 200
    """Shorter neighbours outside of definitions are joined."""


@dataclass(frozen=True, slots=True)
class FoldingSettings:
    """How alike (0 to 1, see `indexing/folding/README.md`) two functions must be, and what then becomes of the copy."""

    folded: float = 0.9
    """From here on a copy with statements added, removed or changed is folded, its difference kept."""
    indexed: float = 0.8
    """From here on it is folded in the index only: written out, it stays."""
    suggested: float = 0.7
    """From here on it is listed."""
    least_tokens: int = 40
    """Below, one statement is more than a tenth of a function: it is never folded by likeness."""
    block_tokens: int = 50
    """The shortest run of repeated statements that is listed, in tokens."""


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How an index is built. `workers` of 0 means one process a core."""

    workers: int = 0
    executor: str = "local"
    store: str = ""
    """Where vectors are kept: `faiss` (files), `qdrant=URL`, or nothing: as the index has it, files for a new one."""
    precision: str = ""
    """How exactly files keep vectors: `compact`, `int8`, `float16`, or nothing: as the index has it; in a new one `compact`
    with the static embedder, `int8` with any other."""
    embedder: str = "static"
    device: str = "auto"
    settle: bool = False
    """Whether what an update linked only in part is linked whole before the run ends."""
    batch_bytes: int = 1_000_000
    """Files are handed to workers in batches of about this size."""


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """How questions are answered with code."""

    results: int = 10
    budget: int = 8_000
    """LLM tokens of a pack."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The model a person chose; an empty `provider` means none, whatever keys the environment holds."""

    provider: str = ""
    model: str = ""
    base_url: str = ""
    timeout_seconds: float = 120.0
    """How long a server may say nothing."""
    context_window: int = 0
    """LLM tokens that the model reads, where its provider does not tell; 0 means as the provider says."""
    answer_tokens: int = 4_096
    """LLM tokens an answer may have, where a provider wants to be told."""
    consented_hosts: tuple[str, ...] = ()
    """Hosts that evidence may be sent to; one on this machine needs no consent."""
    local_only: bool = False
    """Whether every host but this machine is switched off."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one run."""

    scan: ScanSettings = field(default_factory=ScanSettings)
    chunks: ChunkSettings = field(default_factory=ChunkSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    folding: FoldingSettings = field(default_factory=FoldingSettings)
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    provider: ProviderSettings = field(default_factory=ProviderSettings)
    theme: str = "auto"
    text_size: int = 100
    """Of the window's text, in percent of its own."""
    editor: str = ""
    """The command that opens a file elsewhere, with `{path}` and `{line}` in it; empty for what the system opens it with."""
    watch: bool = True
    """Whether the window follows changes of the source while it is open."""
