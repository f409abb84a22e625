"""From the name of a precision to its codec, and which one an index has unless somebody chooses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.errors import UsageError
from indexing.embedding import STATIC
from indexing.stores.codes import Codec, Precision
from indexing.stores.compact_codes import CompactCodec
from indexing.stores.plain_codes import Float16Codec, Int8Codec

_CODECS: Mapping[Precision, Callable[[int], Codec]] = {
    Precision.COMPACT: CompactCodec,
    Precision.INT8: Int8Codec,
    Precision.FLOAT16: Float16Codec,
}
"""The coarsest first."""
_FINENESS = list(_CODECS)


def codec_of(precision: Precision, dimension: int) -> Codec:
    """What encodes vectors of `dimension` in a precision."""
    return _CODECS[precision](dimension)


def is_finer(precision: Precision, other: Precision) -> bool:
    """Whether `precision` keeps more than `other`."""
    return _FINENESS.index(precision) > _FINENESS.index(other)


def checked_precision(name: str) -> Precision | None:
    """The precision called `name`, None where none is named. Raises UsageError for a name that is none."""
    try:
        return Precision(name) if name else None
    except ValueError as error:
        raise UsageError(f"there is no precision '{name}'", "", f"choose {', '.join(Precision)}") from error


def usual_precision(embedder: str) -> Precision:
    """What a new index has: the vectors of the static model are made again in no time, and words and names find what their
    rounding loses; those of a transformer are dear, and people who wait for them want what is in them."""
    return Precision.COMPACT if embedder == STATIC else Precision.INT8
