"""Turns SPARQL text into tokens read one after another, and the names in them into IRIs, by what was declared so far."""

import re

from kg.errors import QueryMalformed
from kg.store.sparql import Token, tokens

_SPELLED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class Reading:
    """The tokens of a text and how far they are read. declared: the declarations that were read, as text."""

    def __init__(self, text: str) -> None:
        self.tokens = list(tokens(text))
        self.at = 0
        self.declared = ""
        self._prefixes: dict[str, str] = {}

    def take(self) -> Token:
        """Return the next token that is neither space nor comment; at the end one of kind ``end``."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.kind not in ("space", "comment"):
                return token
        return Token("end", "", 0, 0)

    def declare(self, word: Token) -> None:
        """Read what stands behind PREFIX or BASE."""
        given = [self.take()] if word.text.upper() == "BASE" else [self.take(), self.take()]
        if given[-1].kind != "iri":
            return  # the engine says what is wrong with it
        self.declared += " ".join([word.text, *(token.text for token in given)]) + "\n"
        if len(given) == 2:
            self._prefixes[given[0].text.removesuffix(":")] = _spelled_out(given[1].text[1:-1])

    def iri(self, token: Token) -> str:
        """Return the IRI that a token names, as it is written; one that is relative is not resolved.

        Raises QueryMalformed where its prefix is not declared, or it names none.
        """
        if token.kind == "iri":
            return _spelled_out(token.text[1:-1])
        prefix, colon, local = token.text.partition(":")
        if token.kind != "name" or not colon or prefix not in self._prefixes:
            raise refused(token, "an IRI is expected here, or a name whose prefix is declared")
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def is_declaration(token: Token) -> bool:
    """Tell whether a token begins a declaration."""
    return token.kind == "word" and token.text.upper() in ("PREFIX", "BASE")


def refused(token: Token, why: str) -> QueryMalformed:
    """Return the error that says why a token will not do, with its place."""
    return QueryMalformed(f"{token.text} at line {token.line}, column {token.column}: {why}.", token.line, token.column)


def _spelled_out(iri: str) -> str:
    """Return an IRI with its escapes replaced by the characters that they stand for. Raises QueryMalformed for what is none."""
    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise QueryMalformed(f"{match[0]} is no character.")
        return chr(code)
    return _SPELLED.sub(character, iri)
