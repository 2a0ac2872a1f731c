"""What people typed, fit to be kept."""

import unicodedata


def clean(text: str | None) -> str | None:
    """Without control characters, lone surrogates and outer blanks; None for nothing. Line breaks stay."""
    if text is None:
        return None
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept).strip() or None
