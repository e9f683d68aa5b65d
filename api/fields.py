"""Turns the address and the body of a request into fields and texts, which are UTF-8 or refused: else they would be others."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from urllib.parse import parse_qs, urlencode

from flask import request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from kg.errors import ParameterInvalid
from kg.parameters import Parameter

MOST_FIELDS = 10_000
MOST_CHOICES = 12  # that are offered in the place of a value that will not do
OF_PAGE = ("language", "format", "revision")  # what every page takes that shows something of the graph
READING = ("GET", "HEAD", "OPTIONS")
LONGEST_FORM_BYTES = 2 << 20  # a query as long as may be, each character of it in twelve bytes, and as much again
CHARSETS = ("utf-8", "utf8", "us-ascii")
LANGUAGE = Parameter("language", "language", "en", "of what is found, and of the page", "de lo que se halla, y de la página")
_TRACKED = re.compile(r"(utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|igshid|ttclid|twclid|mc_[ce]id)=")

Fields = dict[str, list[str]]


def of_address() -> Fields:
    """Return the fields of the query string. Raises BadRequest where they are not UTF-8."""
    return of_form(request.query_string)


def of_form(encoded: bytes) -> Fields:
    """Return the fields of an encoded form. Raises BadRequest where they are not UTF-8, RequestEntityTooLarge where too long."""
    if len(encoded) > LONGEST_FORM_BYTES:
        raise RequestEntityTooLarge(f"A form may have {LONGEST_FORM_BYTES:,} bytes; this one has {len(encoded):,}. Spread a long "
                                    "query over several requests; data are sent to /store.")
    try:
        return parse_qs(utf8(encoded), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadRequest(f"The fields of the request cannot be read as UTF-8: {error}") from error


def untracked(query: str) -> str:
    """Return a query string without what others hang on an address that is passed on, to know who follows it."""
    return "&".join(part for part in query.split("&") if not _TRACKED.match(part))


def reads(method: str) -> bool:
    """Tell whether a method changes nothing at the path of this request."""
    return method in READING or (method == "POST" and request.path.rstrip("/") == "/sparql")


def utf8(body: bytes) -> str:
    """Return a body as text. Raises BadRequest where it is not UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8: {error}") from error


def check_charset(charset: str) -> None:
    """Refuse a body that says that it is not UTF-8. Raises UnsupportedMediaType."""
    if charset.lower() not in CHARSETS:
        raise UnsupportedMediaType(f"The body says that it is {charset}; UTF-8 is read here, and nothing else.")


def once(name: str) -> str:
    """Return a field of the address that is given at most once; empty where it is not given. Raises ParameterInvalid."""
    given = request.args.getlist(name)
    if len(given) > 1:
        raise ParameterInvalid(f"{name} is given {len(given)} times, and only one can be followed. Leave one of them.",
                               f"{name} está {len(given)} veces, y solo se puede seguir una. Deje una de ellas.")
    return given[0] if given else ""


def number(name: str, default: int) -> int:
    """Return a field of the address that is a number from 1, given at most once. Raises ParameterInvalid."""
    given = once(name)
    if name not in request.args:
        return default
    if not re.fullmatch("[0-9]{1,9}", given) or not int(given):
        raise ParameterInvalid(f"{name}={given} will not do: one number from 1 to 999,999,999 is expected.",
                               f"{name}={given} no sirve: se espera un número de 1 a 999.999.999.")
    return int(given)


def asked() -> list[tuple[str, str]]:
    """Return the fields of the address, in its order, that say what is asked: not in which form, nor as of which revision."""
    return [(name, value) for name, value in given_once() if value and name not in ("format", "revision")]


def given_once() -> list[tuple[str, str]]:
    """Return the fields of the address, in its order; one that is repeated with the same value once."""
    return [*dict.fromkeys(request.args.items(multi=True))]


def refuse_others(path: str, known: Sequence[str]) -> None:
    """Refuse a request whose address has a field that a path does not know, or a language that there is not.

    Raises ParameterInvalid.
    """
    if asked := "language" in known and once("language"):
        LANGUAGE.term(asked)
    if unknown := [field for field in request.args if field not in known]:
        raise ParameterInvalid(f"{path} has no parameter {unknown[0]}. It takes: {', '.join(known) or 'none'}.",
                               f"{path} no tiene el parámetro {unknown[0]}. Tiene: {', '.join(known) or 'ninguno'}.")


def none_of(name: str, value: str, choices: Mapping[str, str]) -> ParameterInvalid:
    """Return the refusal of a value that is none of some choices, keys with names: it offers them, of many the nearest."""
    few = [*choices][:MOST_CHOICES]
    if len(choices) > MOST_CHOICES:
        few = get_close_matches(value, choices, MOST_CHOICES) or few
    shown = ", ".join(few)
    english, spanish = ((f"one of {shown} is expected", f"se espera uno de {shown}") if len(few) == len(choices) else
                        (f"one of {len(choices)} is expected, such as {shown}", f"se espera uno de {len(choices)}, como {shown}"))
    return ParameterInvalid(f"{name}={value} will not do: {english}.", f"{name}={value} no sirve: {spanish}.", (name, value),
                            {key: choices[key] for key in few})


def encoded(given: Sequence[tuple[str, str]]) -> str:
    """Return fields as a query string that can be read: the slashes and colons of names stay."""
    return urlencode(given, safe="/:")
