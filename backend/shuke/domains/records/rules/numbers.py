"""Phones and other numbers as they stand in spreadsheets. What a spreadsheet has spoiled is told, never guessed."""

import re
import unicodedata

import phonenumbers

from shuke.kit import phones

SCIENTIFIC = re.compile(r"[-+]?\d(?:\.\d+)?[eE]\+?\d+")
BETWEEN = re.compile(r"[/、,，;；|\n\\]|\s+或\s*|或")
QUOTES = "'‘’`′＇\"“”"
"""What people put before a number so that a spreadsheet leaves it as it is."""
LANDLINE = phonenumbers.PhoneNumberType.FIXED_LINE


def tidy(text: str) -> str:
    """A number as it was meant: ordinary digits, no quote before it, none of the `.0` that programs leave behind."""
    narrow = unicodedata.normalize("NFKC", text).strip().lstrip(QUOTES).strip()
    return narrow.removesuffix(".0") if narrow.removesuffix(".0").isdecimal() else narrow


def spoiled(text: str, width: int | None = None) -> str | None:
    """Why a number cannot be what it was (a key of `kit.words`); None: nothing speaks against it.

    `width`: how long the numbers of this column are that begin with 0.
    """
    if SCIENTIFIC.fullmatch(text):
        return "number_scientific"
    if width and text.isdecimal() and len(text) < width:
        return "number_zeros"
    return None


def phone(text: str) -> tuple[str | None, str | None]:
    """(E.164, None), or (None, why it is none: a key of `kit.words`)."""
    if phones.MOBILE.fullmatch(text) and (mobile := phones.normalise(text)):  # as most are written
        return mobile, None
    plain = tidy(text)
    if SCIENTIFIC.fullmatch(plain):
        return None, "number_scientific"
    number = phones.normalise(plain)
    if number is None or BETWEEN.search(plain):
        parts = [part for part in BETWEEN.split(plain) if part.strip()]
        if len(parts) > 1 and any(phones.normalise(part) for part in parts):
            return None, "phone_several"
    if number is None:
        return None, "phone_invalid"
    if plain.isdecimal() and plain[0] != "0" and _landline(number):
        return None, "phone_zeros"
    return number, None


def all_phones(text: str) -> set[str]:
    """Every phone in a cell, E.164, however it is written; also where a row with it cannot be taken."""
    parts = (text, *BETWEEN.split(tidy(text)))
    return {number for part in parts if (number := phones.normalise(tidy(part)))}


def _landline(number: str) -> bool:
    """A mainland landline is written with the 0 of its area; without it, a spreadsheet took it for a sum."""
    if phones.MOBILE.fullmatch(number):
        return False
    return number.startswith("+86") and phonenumbers.number_type(phonenumbers.parse(number)) == LANDLINE
