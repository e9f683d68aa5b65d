"""Turns what somebody has typed of a command into what may stand there, for a shell to complete it.

Each text comes with a word on it, or nothing. Case and accents are folded. What a data folder has not built has no values.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from kg.catalogue import questions, read_query
from kg.lookup import offered
from kg.parameters import Parameter
from kg.settings import shipped
from kg.store.engine import Opened
from kg.store.revisions import DataFolder
from kg.words import folded

GOING_ON = ("=", "/", ":")  # at the end of what is not whole yet
MOST_NUMBERS = 20


def names(typed: str) -> dict[str, str]:
    """Return the names of queries that begin with a text, with their questions. Raises OSError."""
    return _beginning(typed, questions(shipped("queries")))


def parameters(name: str, given: Collection[str], typed: str, data: Path) -> dict[str, str]:
    """Return what may stand behind the name of a query: ``parameter=``, or ``parameter=value`` once that much is typed.

    given: the parameters that stand there already, which are not given again. data: the data folder whose values are given.
    Raises what kg.catalogue.read_query and values raise.
    """
    path = shipped("queries") / f"{name}.rq"
    taken = {text.partition("=")[0] for text in given}
    open_ones = [p for p in read_query(path).parameters if p.name not in taken]
    key, equals, value = typed.partition("=")
    if not equals:
        return _beginning(typed, {f"{p.name}=": f"{p.meaning} ({'required' if p.default == 'required' else p.type})"
                                  for p in sorted(open_ones, key=lambda p: p.default != "required")})
    return {f"{key}={text}": said for p in open_ones if p.name == key for text, said in values(p, value, data).items()}


def values(parameter: Parameter, typed: str, data: Path) -> dict[str, str]:
    """Return the values of a parameter that begin with a text, with their English labels; where none does, the one so labelled.

    Of things of any kind the kinds come first, such as ``tool/``, and IRIs once ``://`` is typed. Raises StoreUnavailable.
    """
    if parameter.kind == "integer":
        return _beginning(typed, dict.fromkeys(_numbers(parameter), ""))
    known = offered(parameter, lambda query: _rows(query, data))
    if parameter.kind == "iri":
        written = dict.fromkeys((text for text in known if "://" not in text or "://" in typed), "")
        return dict.fromkeys((_step(text, typed) for text in _beginning(typed, written)), "")
    found = _beginning(typed, {text: next(iter(labels), "") for text, labels in known.items()})
    if not found:
        called = [text for text, labels in known.items() if any(_begins(label, typed) for label in labels)]
        found = {text: known[text][0] for text in called if len(called) == 1}
    return found


def _begins(text: str, typed: str) -> bool:
    return folded(text).startswith(folded(typed))


def _beginning(typed: str, told: Mapping[str, str]) -> dict[str, str]:
    return {text: said for text, said in told.items() if _begins(text, typed)}


def _step(text: str, typed: str) -> str:
    """Return a text up to the first sign beyond what is typed at which it goes on, as a shell completes a path; an IRI whole."""
    ends = [end for sign in GOING_ON if (end := text.find(sign, len(typed))) >= 0]
    return text if "://" in text or not ends else text[:min(ends) + 1]


def _numbers(parameter: Parameter) -> list[str]:
    least, most = (int(end or 0) for end in parameter.range)
    return [str(number) for number in range(least, most + 1)] if 0 < most - least < MOST_NUMBERS else []


def _rows(query: str, data: Path) -> list[list[str]]:
    folder = DataFolder(data)
    revision = folder.current()
    if revision is None:
        return []
    rows = Opened(folder.directory(revision)).rows(query)
    return [[str(getattr(term, "value", "")) for term in row] for row in rows]
