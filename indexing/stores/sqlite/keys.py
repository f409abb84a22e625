"""Keys of symbols: a file's id and a *slot* within it, in one integer.

A definition keeps its slot as long as its file defines something of the same qualified name, so that edges to it stay right
when the file is edited. A name outside of the source has a number of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.model.symbol import Definition

Ids = NDArray[np.int64]
"""Shape (n,), ascending."""
SLOT_BITS = 24
_WIDTHS = (1, 2, 4, 8)
_DAMAGED = "the ids are not those that were stored"
EXTERNAL = 1 << 51
"""Added to the number of an external name; all keys stay below 2**53 and thus exact as numbers of JSON."""


def symbol_key(file: int, slot: int) -> int:
    return file << SLOT_BITS | slot


def file_of(key: int) -> int:
    """The file's id; 0 for an external name."""
    return 0 if key >= EXTERNAL else key >> SLOT_BITS


def slot_of(key: int) -> int:
    return key & ((1 << SLOT_BITS) - 1)


def pack_slots(slots: Sequence[int]) -> bytes | None:
    """Slots in the order of the definitions; None where they count from 0."""
    return None if list(slots) == list(range(len(slots))) else np.array(slots, "<u4").tobytes()


def unpack_slots(data: bytes | None, definitions: int) -> list[int]:
    return list(range(definitions)) if data is None else np.frombuffer(data, "<u4").tolist()


def pack_ids(ids: Iterable[int]) -> bytes:
    """Ids, in any order, each once: the bytes that each step from one to the next takes, then the steps."""
    steps = np.diff(np.array(sorted(ids), np.int64), prepend=0)
    width = next(size for size in _WIDTHS if int(steps.max(initial=0)) < 1 << 8 * size)
    return bytes((width,)) + steps.astype(f"<u{width}").tobytes()


def unpack_ids(data: bytes) -> Ids:
    """Ids that were packed, ascending. Raises ValueError for what is none."""
    if not data or data[0] not in _WIDTHS:
        raise ValueError(_DAMAGED)
    return np.cumsum(np.frombuffer(data, f"<u{data[0]}", offset=1).astype(np.int64))


def unpack_all_ids(packed: Sequence[bytes]) -> tuple[Ids, Ids]:
    """The ids of all, one after the other, and how many each holds, both (n,). Raises ValueError for what is none."""
    counts = np.zeros(len(packed), np.int64)
    widths = np.frombuffer(b"".join(data[:1] or b"\0" for data in packed), np.uint8)
    if not np.isin(widths, _WIDTHS).all():
        raise ValueError(_DAMAGED)
    sizes = np.fromiter(map(len, packed), np.int64, len(packed)) - 1
    counts[:] = sizes // widths
    ends = np.cumsum(counts)
    steps = np.empty(int(ends[-1]) if len(ends) else 0, np.int64)
    for width in _WIDTHS:
        rows = np.flatnonzero(widths == width)
        held = b"".join(packed[row][1:] for row in rows.tolist())
        steps[np.repeat(widths == width, counts)] = np.frombuffer(held, f"<u{width}")
    sums = np.cumsum(steps)
    firsts = ends - counts
    before = np.where(firsts > 0, sums[np.maximum(firsts, 1) - 1], 0) if len(sums) else firsts
    return sums - np.repeat(before, counts), counts


def reuse_slots(
    old: Sequence[Definition], old_slots: Sequence[int], new: Sequence[Definition], next_slot: int
) -> tuple[list[int], int]:
    """Slots for the definitions `new` of a file that held `old`, and the first slot that was never used.

    The n-th definition of a qualified name takes the slot of the n-th of before.
    """
    held: dict[str, list[int]] = {}
    for definition, slot in zip(old, old_slots, strict=True):
        held.setdefault(definition.nesting, []).append(slot)
    free = {nesting: iter(slots) for nesting, slots in held.items()}
    slots = []
    for definition in new:
        slot = next(free.get(definition.nesting, iter(())), -1)
        if slot < 0:
            slot, next_slot = next_slot, next_slot + 1
        slots.append(slot)
    return slots, next_slot
