"""Turns words as people write them into words that can be compared."""

import re
import unicodedata


def folded(text: str) -> str:
    """Return a text without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded, in order: runs of letters and digits."""
    return re.findall(r"[^\W_]+", folded(text))
