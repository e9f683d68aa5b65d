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


def one_slip_apart(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter: another, one too many, one too few, or two that changed places."""
    if len(one) > len(other):
        one, other = other, one
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    rest, longer = one[start:], other[start:]
    if len(rest) < len(longer):
        return rest == longer[1:]
    return bool(rest) and (rest[1:] == longer[1:] or (rest[1::-1] == longer[:2] and rest[2:] == longer[2:]))
