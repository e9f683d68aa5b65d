"""The reference of the ontology: what stands beside a term as its example is in the data."""

import html
import re

import pytest

from tests.asking import ask_path

NAMESPACE = "https://w3id.org/cocina-par/ontology#"
TERM = re.compile(r'<dt id="([^"]*)">.*?<code>([^<]*)</code>.*?(?=<dt id=|</dl>)', re.DOTALL)
EXAMPLE = re.compile(r"(?:for example|por ejemplo): (.*?)</span></dd>", re.DOTALL)


@pytest.mark.parametrize(("language", "other"), [("en", "es"), ("es", "en")])
def test_term_when_the_data_have_it_then_an_example_stands_beside_it_which_is_stated(server, language, other):
    text = server.get(f"/ontology?language={language}", "text/html").text
    terms = {match[2]: EXAMPLE.findall(match[0]) for match in TERM.finditer(text)}
    assert len(terms) > 250
    without = [term for term, examples in terms.items() if not examples]
    assert 0 < len(without) < 15
    for term in without:
        there = f"?s a {term}" if term[4].isupper() else f"?s {term} ?o FILTER(LANG(?o) != '{other}')"
        told = server.get(ask_path(f"PREFIX par: <{NAMESPACE}> ASK {{ {there} }}"), "application/sparql-results+json").json()
        assert not told["boolean"], term
    stated = 0
    for term, examples in [*terms.items()][::9]:
        things = [html.unescape(at) for example in examples for at in re.findall(r'<a href="/id/([^"]*)"', example)]
        base = "https://w3id.org/cocina-par/id/"
        if len(things) == 2:
            ask = f"ASK {{ <{base}{things[0]}> <{NAMESPACE}{term.removeprefix('par:')}> <{base}{things[1]}> }}"
        elif len(things) == 1 and term[4].isupper():
            ask = f"ASK {{ <{base}{things[0]}> a <{NAMESPACE}{term.removeprefix('par:')}> }}"
        else:
            continue
        stated += 1
        assert server.get(ask_path(ask), "application/sparql-results+json").json()["boolean"], (term, things)
    assert stated > 15
