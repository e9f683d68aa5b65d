"""Parameters are bound, never spliced: whatever a value is, the query stays the query that it was, or the value is refused."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.catalogue import Catalogue
from kg.errors import ParameterInvalid
from kg.settings import shipped
from kg.store.engine import columns
from kg.store.rdf import Literal, NamedNode
from kg.store.sparql import bind, tokens

QUERIES = Catalogue(shipped("queries")).all()
TRICKS = [
    "} UNION { ?s ?p ?o", "> } #", '" . ?a ?b ?c . "', "\'\'\'", '"' * 3, "\\", "\\u0022", "\n#", "}}}}", "<x:y>", "?experience",
    "$tool", "SERVICE <http://a/> {}", "financing> <x:y", "tool/financing#", "%22", "_:b", "1e9999", "\x00", "\ud7ff", "٣",
    "1; DROP ALL",
]
VALUES = st.one_of(st.sampled_from(TRICKS), st.text(max_size=30), st.text(string.punctuation + " \n\t", max_size=30),
                   st.builds("".join, st.lists(st.sampled_from(TRICKS), max_size=3)))


def shape(query):
    """Return the kinds of a query's tokens, spaces and comments left out."""
    return [token.kind if token.kind in ("iri", "string", "number", "variable") else token.text
            for token in tokens(query) if token.kind not in ("space", "comment")]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_query_when_its_values_are_hostile_then_it_is_the_same_query_or_they_are_refused(query, data):
    """Seen to fail where a value is put into the text as it is."""
    values = {parameter.name: data.draw(VALUES, parameter.name) for parameter in query.parameters}
    plain = {p.name: NamedNode("x:y") if p.kind in ("class", "iri") else Literal("x") for p in query.parameters}
    try:
        text = query.bound({**query.example, **values})
    except ParameterInvalid as error:
        told = str(error)
        text = ""
    if not text:
        assert any(f"{name}=" in told or f"needs {name}" in told for name in values)
        return
    assert columns(text) == [column.name for column in query.columns]
    free = {p.name for p in query.parameters if not values[p.name].strip() and p.default == "any"}
    kinds = {p.name: term for p, term in ((p, plain[p.name]) for p in query.parameters) if p.name not in free}
    numbers = {p.name: Literal(1) for p in query.parameters if p.kind in ("integer", "year") and p.name in kinds}
    assert shape(text) == shape(bind(query.sparql, {**kinds, **numbers}))
