"""Turns texts that name a person into texts that do not: one rule for every place where a name, or a way to reach one, stands."""

import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from kg.errors import ParameterInvalid
from kg.names import expand

NAMING = frozenset(map(expand, ("rdfs:label", "skos:altLabel", "skos:prefLabel", "dcterms:title")))
SHORTEST = 3  # letters and digits: anything shorter stands in texts that mean something else
MARKS = {"en": "(name removed)", "es": "(nombre retirado)"}
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_APART = r"(?:[\s_.,-]|%20|\+)+"
_LETTERS: dict[str, str] = {}
for _code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
    _LETTERS[unicodedata.normalize("NFKD", chr(_code).lower())[0]] = _LETTERS.get(
        unicodedata.normalize("NFKD", chr(_code).lower())[0], "") + chr(_code)


@dataclass(frozen=True, eq=True)
class Redaction:
    """What is taken out: names as people write them, and the IRI of a person, if there is one.

    A name goes wherever its words stand in a row, with other accents, in other case, or joined as in an IRI. instead: what stands
    for it in IRIs; it tells nothing of the name.
    """

    names: tuple[str, ...]
    person: str = ""
    instead: str = field(default_factory=lambda: "removed-" + "".join(secrets.choice(_ALPHABET) for _ in range(8)))

    def __post_init__(self) -> None:
        """Refuse what would take out more than a name. Raises ParameterInvalid."""
        for name in self.names:
            if sum(c.isalnum() for c in name) < SHORTEST:
                raise ParameterInvalid(f"To take out {name!r} would spoil texts that mean something else: at least {SHORTEST} "
                                       "letters are needed. Name the person by their IRI.")

    def __hash__(self) -> int:
        """Return the same for the same, quickly."""
        return hash(self.instead)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # The words of a name stand in any turn: Rosa Quispe Mamani is Quispe Mamani, Rosa in a list.
        turned = {" ".join(words[i:] + words[:i]) for words in map(str.split, self.names) for i in range(len(words))}
        wanted = [re.escape(self.person)] if self.person else []
        wanted += map(_as_written, sorted(turned, key=len, reverse=True))
        return re.compile(r"(?<![^\W_])(?:" + "|".join(wanted or ["(?!)"]) + r")(?![^\W_])", re.IGNORECASE)

    def holds(self, text: str) -> bool:
        """Tell whether a text has something that is to be taken out."""
        return bool(self._pattern.search(text))

    def redacted(self, text: str, language: str = "en") -> str:
        """Return a text without it: a mark where it stood in a sentence, another word where it was joined as in an IRI."""
        mark = MARKS.get(language, MARKS["en"])

        def instead(match: re.Match[str]) -> str:
            joined = match[0] == match[0].lower() and not re.search(r"[\s@]", match[0])
            return self._of_iri(match) if joined or match[0] == self.person else mark
        return self._pattern.sub(instead, text)

    def iri(self, iri: str) -> str:
        """Return an IRI without it."""
        return self._pattern.sub(self._of_iri, iri)

    def _of_iri(self, match: re.Match[str]) -> str:
        return self.person.rpartition("/")[0] + "/" + self.instead if match[0] == self.person else self.instead


def _as_written(name: str) -> str:
    """Return a pattern of a name that its spellings with other accents and between other signs match."""
    parts = []
    for word in re.findall(r"[^\W_]+|[\s_-]+|.", unicodedata.normalize("NFKD", name.strip())):
        plain = "".join(c for c in word if not unicodedata.combining(c))
        if not plain:
            continue
        if not plain[0].isalnum():
            parts.append(_APART if re.fullmatch(r"[\s_-]+", plain) else re.escape(plain))
        else:
            parts += [f"[{c}{_LETTERS.get(c, '')}][\u0300-\u036f]*" for c in plain.lower()]
    return "".join(parts)
