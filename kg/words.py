"""Turns words as people write them into words that can be compared."""

import re
import unicodedata

STEM_LETTERS = 6


def folded(text: str) -> str:
    """Return a text without case and accents."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded, in order: runs of letters and digits."""
    return re.findall(r"[^\W_]+", folded(text))


def stem(word: str) -> str:
    """Return what a folded word has in common with its other forms, in English as in Spanish: its first letters."""
    return word[:STEM_LETTERS]


def singular(word: str) -> str:
    """Return what the singular and the plural of a folded word have in common, in English as in Spanish."""
    if len(word) < 4:
        return word
    bare = word.removesuffix("s").removesuffix("e")
    return bare[:-1] + "i" if bare.endswith("y") else bare
