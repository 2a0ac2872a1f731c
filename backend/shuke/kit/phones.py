"""Phone numbers: as typed, as stored (E.164), as shown (masked)."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

MOBILE = re.compile(r"(?:\+86)?(1[3-9]\d{5})(\d{4})", re.ASCII)
"""A mainland mobile number as most are typed: its range, given out by the ten thousand, and the rest."""
NEIGHBOUR = re.compile(r"\s*85[23](?:[\s-]*\d){8}\s*", re.ASCII)
"""A number of Hong Kong or Macao with its code and without +; no number of the mainland looks like one."""


def normalise(typed: str, region: str = "CN") -> str | None:
    """E.164 of what somebody typed (full-width digits, spaces, +86, landlines); None when no such number is given out.

    Valid is what the library's metadata of the number's country says: a digit too many or too few, or a range that no
    carrier has, is none. `region`: the country of a number without +.
    """
    if (mobile := MOBILE.fullmatch(typed)) and (region == "CN" or typed[0] == "+"):
        return f"+86{mobile[1]}{mobile[2]}" if _given_out(mobile[1]) else None
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", typed), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        bare = NEIGHBOUR.fullmatch(unicodedata.normalize("NFKC", typed)) if region == "CN" else None
        return normalise(f"+{bare[0].strip()}", "") if bare else None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(1 << 16)
def _given_out(mobile_range: str) -> bool:
    """Whether a mobile number may begin so: asked of the library once for all numbers of the range."""
    return phonenumbers.is_valid_number(phonenumbers.parse(f"+86{mobile_range}0000"))


def readings(typed: str) -> list[str]:
    """Every whole number that this may be, read in the mainland, in Hong Kong and in Macao; E.164."""
    found = (normalise(typed, region) for region in ("CN", "HK", "MO"))
    return list(dict.fromkeys(number for number in found if number))


def masked(e164: str) -> str:
    """138 •••• 2047: enough to tell two people apart, too little to call."""
    digits = e164.removeprefix("+86").lstrip("+")
    return f"{digits[:3]} •••• {digits[-4:]}" if len(digits) > 7 else f"•••• {digits[-2:]}"
