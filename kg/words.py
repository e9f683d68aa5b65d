"""Turns words as people write them into words that can be compared."""

import difflib
import re
import unicodedata

STEM_LETTERS = 6
SHORTEST_INFLECTED, SHORTEST_MENDED = 3, 4  # letters: shorter words are too often another word
_ADD_ES = "dhijlnorsuxyz"  # letters after which some plurals add es, in English or Spanish
# What sounds alike is mistaken for the other in short words too; any other letter only in words of LONG letters, and two slips
# only in those of VERY_LONG that are alike to ALIKE.
_SOUND_ALIKE = {frozenset(pair) for pair in ("bv", "cs", "cz", "sz", "gj", "iy", "ck", "kq", "cq")}
LONG, VERY_LONG, ALIKE = 7, 9, 0.85


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


def forms(word: str) -> list[str]:
    """Return a folded word and what may be its singular or its plural, in English or Spanish; of two forms each has the other."""
    more = [word + "s"] + [word + "es"] * (word[-1:] in set(_ADD_ES))
    more += [word[:-len(end)] + other for end, other in (("z", "ces"), ("y", "ies"), ("ces", "z"), ("ies", "y"), ("s", ""))
             if word.endswith(end)]
    more += [word[:-2]] * (word.endswith("es") and word[-3:-2] in set(_ADD_ES))
    return [word, *(one for one in more if min(len(one), len(word)) >= SHORTEST_INFLECTED)]


def is_likely_slip(written: str, meant: str) -> bool:
    """Tell whether who wrote a folded word that nothing has may well have meant another: few slips, and none at its beginning.

    Source: what was measured on two lists of words, docs/where_to_find.md.
    """
    if len(written) < SHORTEST_MENDED or written[0] != meant[:1]:
        return False
    if one_slip_apart(written, meant):
        differing = [frozenset(pair) for pair in zip(written, meant, strict=False) if pair[0] != pair[1]]
        replaced = len(written) == len(meant) and len(differing) == 1
        return not replaced or len(written) >= LONG or differing[0] in _SOUND_ALIKE
    return len(written) >= VERY_LONG and difflib.SequenceMatcher(None, written, meant).ratio() >= ALIKE


def one_slip_apart(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter: another, one too many, one too few, or two that changed places."""
    if len(one) > len(other):
        one, other = other, one
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    rest, longer = one[start:], other[start:]
    if len(rest) < len(longer):
        return rest == longer[1:]
    return bool(rest) and (rest[1:] == longer[1:] or (rest[1::-1] == longer[:2] and rest[2:] == longer[2:]))
