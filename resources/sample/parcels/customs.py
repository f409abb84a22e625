"""Customs: which parcels need a declaration, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from parcels.errors import InvalidCode
from parcels.models import Parcel

CUSTOMS_UNION = frozenset({"DE", "FR", "NL", "BE", "AT", "PL", "DK", "IT", "ES"})
FREE_VALUE_CENTS = 4_500
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Declaration:
    """What the customs office is told about a parcel."""

    tariff_code: str
    value_cents: int
    weight_grams: int
    duty_cents: int


# Kept here since the tariff office's codes were once thought to follow other rules than ours.
def clean_code(text: str) -> str:
    """A code as people type it,
    without spaces and dashes, in capital letters."""
    cleaned = []
    for character in text.strip().upper():
        if character in " -./":
            continue  # separators
        if character not in ALPHABET:
            raise InvalidCode(f"{character!r} cannot be part of a code")
        cleaned.append(character)

    return "".join(cleaned)


def needs_declaration(parcel: Parcel) -> bool:
    """Whether a parcel leaves or enters the customs union."""
    countries = {parcel.sender.country, parcel.recipient.country}
    return len(countries) > 1 and not countries <= CUSTOMS_UNION


def declare(parcel: Parcel, tariff: str, value_cents: int, rate_percent: float) -> Declaration:
    """The declaration of a parcel; goods below the free value pay no duty."""
    duty = 0
    if value_cents > FREE_VALUE_CENTS:
        duty = round(value_cents * rate_percent / 100)
    return Declaration(clean_code(tariff), value_cents, parcel.weight_grams, duty)
