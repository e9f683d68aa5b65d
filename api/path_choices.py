"""Turns what cases have into what the form of a path offers, each with how many experiences that took an entry way have it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from api.answers import inquiry, names_of
from api.memory import is_remembered, remembered
from kg.names import path_of, thing_iri


@dataclass(frozen=True)
class Choice:
    """What a form offers: its key, as in addresses, its name, and how many experiences with it took an entry way.

    wider: the group of products or the place that it belongs to and that the fewest experiences have, key and name, or nothing;
    of_wider: how many have that. cases: how many cases that took no entry way have it.
    """

    key: str
    name: str
    experiences: int = 0
    wider: tuple[str, str] | None = None
    of_wider: int = 0
    cases: int = 0


@dataclass(frozen=True)
class Offered:
    """The choices of a field by key.

    own: those that experiences have; near: those of which they have something wider alone; other: those that other cases alone
    have.
    """

    own: Mapping[str, Choice]
    near: Mapping[str, Choice]
    other: Mapping[str, Choice]

    def get(self, text: str) -> Choice | None:
        """Return the choice that a text names: a key, with or without its kind, an IRI or a name."""
        whole = {**self.other, **self.near, **self.own}
        key = text.rpartition("/")[2]
        return whole.get("/".join(text.split("/")[-2:])) or whole.get(key) or next(
            (one for one in whole.values() if one.key.rpartition("/")[2] == key or one.name.casefold() == text.casefold()), None)


def offered(language: str) -> dict[str, Offered]:
    """Return the choices of each field, ``role``, ``sector``, ``product``, ``place`` and ``entry_way``, by name."""
    found: dict[str, dict[str, Choice]] = {name: {} for name in ("role", "sector", "product", "place", "entry_way")}
    table = remembered(_asked(language), always=True)
    for field, thing, label, experiences, wider, wider_label, cases in table.rows:
        assert field
        assert thing
        assert label
        key, count, of_field = _key(field.text, thing.text), int(experiences.text) if experiences else 0, found[field.text]
        one = of_field.get(key, Choice(key, label.text))
        if cases:
            one = replace(one, cases=int(cases.text))
        elif wider is None:
            one = replace(one, experiences=count)
        elif one.wider is None:  # the rows come with the fewest experiences first
            one = replace(one, wider=(_key(field.text, wider.text), wider_label.text if wider_label else ""), of_wider=count)
        of_field[key] = one
    return {name: Offered({key: one for key, one in ordered if one.experiences},
                          {key: one for key, one in ordered if not one.experiences and one.wider},
                          {key: one for key, one in ordered if not one.experiences and not one.wider})
            for name, choices in found.items()
            for ordered in [sorted(choices.items(), key=lambda pair: (pair[1].name.casefold(), pair[0]))]}


def is_offered(language: str) -> bool:
    """Tell whether the choices were counted already, so that they cost nobody a wait."""
    return is_remembered(_asked(language))


def _asked(language: str) -> str:
    return inquiry().bound("count_path_choices", {"language": language})


def called(choices: Offered | None, text: str, kind: str, language: str) -> str:
    """Return the name of what a text names: of a choice, else of the thing of that key, else the key; kind: of the field."""
    if choices and text and (one := choices.get(text)):
        return one.name
    key = text.rpartition("/")[2]
    things = [thing_iri(of, key) for of in ({"place": ("country", "place")}.get(kind, (kind,)) if key else ())]
    return next(iter(names_of(things, language).values()), key)


def _key(kind: str, iri: str) -> str:
    """Return what stands for a thing in an address: for a place with its kind, since a country is one too."""
    path = path_of(iri)
    return path if kind == "place" else path.partition("/")[2]
