"""Turns the text of an update into the graphs that it can reach, where these can be told from the text alone.

The engine reads text without tokens, by trying one rule after another, so that a word may stand right after another's last letter
and a string that breaks a rule may be read as two. What could be read otherwise than here counts as not told.
"""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from kg.names import BASE, OWN_DEFAULT_GRAPH, is_public_graph
from kg.store.prologue import Reading, is_declaration
from kg.store.rdf import NamedNode
from kg.store.sparql import Token

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_STRING = re.compile(r"""'''(?:'{0,2}(?:[^'\\]|\\[tbnrf\\"']))*'''|\"{3}(?:\"{0,2}(?:[^"\\]|\\[tbnrf\\"']))*\"{3}
                         |'(?:[^'\\\n\r]|\\[tbnrfuU\\"'])*'|"(?:[^"\\\n\r]|\\[tbnrfuU\\"'])*\"""", re.VERBOSE)
_OPERANDS = frozenset({"iri", "name", "variable", "string", "tag", "number", "word"})
_GROUND = frozenset({"INSERT", "DELETE", "DATA", "GRAPH", "A", "TRUE", "FALSE"})


@dataclass(frozen=True)
class Reach:
    """What an update can reach.

    told: whether it is sure that it reaches no named graph but ``graphs``, none of which is public or OWN_DEFAULT_GRAPH. graphs:
    every IRI in the text, hence more than it reaches. ground: whether all that it does is INSERT DATA and DELETE DATA, so that it
    reaches no triples but those whose subject is one of these IRIs, or new.
    """

    told: bool
    graphs: frozenset[str] = frozenset()
    ground: bool = False


def reach(update: str) -> Reach:
    """Tell which named graphs an update can reach."""
    words = _Words(update)
    told = words.told and not any(is_public_graph(iri) or iri == OWN_DEFAULT_GRAPH for iri in words.iris)
    return Reach(told, frozenset(words.iris), words.words <= _GROUND) if told else Reach(told=False)


class _Words:
    """The words and the IRIs of an update, and whether they are told."""

    def __init__(self, update: str) -> None:
        self.told = True
        self.words: set[str] = set()
        self.iris: set[str] = set()
        self._spaces: dict[str, str] = {}
        self._open = [""]
        self._reading = Reading(update)
        self._before = Token("end", "", 0, 0)
        while self.told and (token := self._reading.take()).kind != "end":
            self._read(token)
            self._before = token

    def _read(self, token: Token) -> None:
        upper = token.text.upper()
        if is_declaration(token):
            self._declare(upper)
        elif token.kind in ("iri", "name") and "\\U" in upper:
            self._check(False)  # it stands for another character
        elif token.kind == "iri":
            # Between brackets it may be two comparisons instead, or one and a comment.
            self._check(self._open[-1] != "(" or not (self._before.kind in _OPERANDS or self._before.text == ")"))
            self._name(token.text[1:-1])
        elif token.kind == "name" and not upper.startswith("_:"):
            self._check(not upper.startswith(("PREFIX", "BASE")))
            self._name_by_prefix(token)
        elif token.kind == "word":
            self._check(not any(part in upper for part in ("ALL", "NAMED")) and not upper.endswith(("PREFIX", "BASE")))
            self.words.add(upper)
        elif token.kind == "variable":
            self._check(not (self._before.kind in ("word", "name", "tag") and self._before.text.upper().endswith("GRAPH")))
        elif token.kind == "string":
            self._check(_STRING.fullmatch(token.text) is not None)
        elif token.kind == "sign":
            self._read_sign(token.text)

    def _read_sign(self, sign: str) -> None:
        self._check(sign.isascii() and sign != "\\" and (sign != "<" or self._open[-1] == "("))
        if sign in "([{":
            self._open.append(sign)
        elif sign in ")]}":
            self._check(len(self._open) > 1)
            del self._open[-1]

    def _declare(self, word: str) -> None:
        name, iri = self._reading.take(), self._reading.take()
        self._check(word == "PREFIX" and name.kind == "name" and name.text.endswith(":") and iri.kind == "iri")
        if self.told:
            self._spaces[name.text[:-1]] = self._absolute(iri.text[1:-1])

    def _name_by_prefix(self, token: Token) -> None:
        """Take a name for every IRI that it can stand for: ``GRAPHx:y`` may be ``GRAPH x:y``."""
        prefix, _, local = token.text.partition(":")
        spaces = [space for declared, space in self._spaces.items() if prefix.endswith(declared)]
        self._check(bool(spaces))
        for space in spaces:
            self._name(space + re.sub(r"\\(.)", r"\1", local))

    def _name(self, iri: str) -> None:
        absolute = self._absolute(iri)
        try:
            self.iris.add(NamedNode(absolute).value)
        except ValueError:
            self.told = False

    def _absolute(self, iri: str) -> str:
        """Return an IRI as the engine resolves it; one with dots or a host of its own to resolve counts as not told."""
        self._check(not iri.startswith((".", "//")) and "/." not in iri)
        return iri if _SCHEME.match(iri) else urljoin(BASE, "/") + iri[1:] if iri.startswith("/") else BASE + iri

    def _check(self, told: bool) -> None:
        self.told = self.told and told
