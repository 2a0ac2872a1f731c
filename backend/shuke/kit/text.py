"""What people typed, fit to be kept."""

import re

UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tab and line break, and lone surrogates: Unicode's categories Cc and Cs."""


def clean(text: str | None) -> str | None:
    """Without control characters, lone surrogates and outer blanks; None for nothing. Line breaks stay."""
    return UNFIT.sub("", text).strip() or None if text else None
