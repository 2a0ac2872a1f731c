"""Phone numbers: as typed, as stored (E.164), as shown (masked)."""

import unicodedata

import phonenumbers


def normalise(typed: str, region: str = "CN") -> str | None:
    """E.164 of what somebody typed (full-width digits, spaces, +86, landlines); None when no such number is given out.

    Valid is what the library's metadata of the number's country says: a digit too many or too few, or a range that no
    carrier has, is none. `region`: the country of a number without +.
    """
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", typed), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readings(typed: str) -> list[str]:
    """Every whole number that this may be, read in the mainland, in Hong Kong and in Macao; E.164."""
    found = (normalise(typed, region) for region in ("CN", "HK", "MO"))
    return list(dict.fromkeys(number for number in found if number))


def masked(e164: str) -> str:
    """138 •••• 2047: enough to tell two people apart, too little to call."""
    digits = e164.removeprefix("+86").lstrip("+")
    return f"{digits[:3]} •••• {digits[-4:]}" if len(digits) > 7 else f"•••• {digits[-2:]}"
