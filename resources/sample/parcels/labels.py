"""Parcel codes: twelve characters, the last of which checks the others.

A code is a service letter, the depot where the parcel was booked, seven digits counted up, and a check digit by the weighted
sum that the scanners compute as well (see `scanner/barcode.c`).
"""

from __future__ import annotations

from parcels.errors import InvalidCode

CODE_LENGTH = 12
WEIGHTS = (3, 1)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def clean_code(text: str) -> str:
    """A code as people type it, without spaces and dashes, in capital letters."""
    cleaned = []
    for character in text.strip().upper():
        if character in " -./":
            continue
        if character not in ALPHABET:
            raise InvalidCode(f"{character!r} cannot be part of a code")
        cleaned.append(character)
    return "".join(cleaned)


def check_digit(body: str) -> str:
    """The digit that makes the weighted sum of a code a multiple of ten."""
    total = 0
    for index, character in enumerate(body):
        total += WEIGHTS[index % 2] * ALPHABET.index(character)
    return str((10 - total % 10) % 10)


def make_code(service: str, depot: str, number: int) -> str:
    """The code of the `number`-th parcel that `depot` has booked."""
    body = f"{service}{depot}{number:07d}"
    if len(body) != CODE_LENGTH - 1:
        raise InvalidCode(f"{body!r} is not {CODE_LENGTH - 1} characters long")
    return body + check_digit(body)


def read_code(text: str) -> str:
    """A typed or scanned code, checked; raises InvalidCode for anything else."""
    code = clean_code(text)
    if len(code) != CODE_LENGTH:
        raise InvalidCode(f"a code has {CODE_LENGTH} characters, this one has {len(code)}")
    if check_digit(code[:-1]) != code[-1]:
        raise InvalidCode(f"the check digit of {code} is wrong")
    return code
