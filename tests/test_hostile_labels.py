"""Labels that hold markup, quotes, text from right to left and a thousand characters are text on every page that shows them.

A contribution with such labels is refused; here they stand in the store, as a file of somebody's own may bring them.
"""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from pyoxigraph import RdfFormat, parse

from kg.amend import Amending
from kg.build import shipped_sources
from kg.reason import read_rules
from kg.store.publication import Publication
from kg.store.rdf import n_triples
from kg.store.writers import Writer
from kg.tokens import Tokens
from tests.desk import HONEY, THING, Desk

GRAPH = "https://w3id.org/cocina-par/graph/experience/andean-honey/1"
MARKUP = "<hostile onclick=alert(1)>\"'&amp;</title></script><!-- {{ 7*7 }}"
TURNED = "مرحبا \u202eabc עברית"
LONG = "long " * 200
LABEL = f"{MARKUP} {TURNED} {LONG}".strip()
CELL = "cell=financing,fairs"
PAGES = (
    THING, "/id/passage/andean-honey/1", "/id/asset/andean-honey-pastures", "/id/agent/andean-honey-cooks",
    "/id/event/andean-honey-first-fair", "/id/lesson/andean-honey-price", "/id/product/andean-honey-pollen", "/id/product/honey",
    "/id/theme/trust", "/id/experience", "/id/entry-way/fairs", "/id/tool/financing", "/id/country/peru",
"/cube?rows=product&columns=country", f"/cube?{CELL}",
    "/compare?case=experience/andean-honey&case=experience/gustu", "/compare?words=pastures", "/path?entry_way=fairs",
    "/path/canvas?case=experience/andean-honey", "/path/canvas?entry_way=fairs", "/map", "/search?q=hostile", "/coverage",
    "/ask?q=lessons+on+trust", "/revisions", "/queries/list_experiences", "/pictures/chain.svg?case=experience/andean-honey")


class Tags(HTMLParser):
    """The elements of a page, and the text between them."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.names, self.text = set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.text += [value for name, value in attrs if value]
        assert not [name for name, _ in attrs if name.startswith("on")], (tag, attrs)

    def handle_data(self, data):
        self.text.append(data)


def invented():
    """Return the invented case as N-Triples, each thing of it called as is hostile."""
    number = iter(range(1000))
    def named(match):
        text = f"{LABEL} {next(number)}".replace("\\", "\\\\").replace('"', '\\"')
        return f'rdfs:label "{text}"@en , "{text} es"@es'
    body = re.sub(r'rdfs:label "[^"]*"@en , "[^"]*"@es', named, HONEY.decode())
    assert next(number) > 5
    return n_triples(quad.triple for quad in parse(body.encode(), RdfFormat.TURTLE))


def put(folder):
    rules = read_rules(shipped_sources().rules)
    amending = Amending(folder, Writer(30), Tokens(folder.path), plain=False)
    amending.change(Publication(((GRAPH, invented()),), tuple(rule.law() for rule in rules if not rule.contradicts), ()))
    amending.close()


@pytest.fixture(scope="module")
def desk(folder, tmp_path_factory):
    """A server of a store in which such a case stands."""
    desk = Desk(folder, tmp_path_factory.mktemp("desk") / "var", put)
    yield desk
    desk.server.end()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_label_when_hostile_then_it_is_text_on_the_page(address, language, desk):
    answer = desk.server.get(f"{address}{'&' if '?' in address else '?'}language={language}", "text/html,image/svg+xml")
    assert answer.status == 200, answer.text[:500]
    if ".svg" in address:
        tree = ET.fromstring(answer.text)
        assert not [one for one in tree.iter() if "hostile" in one.tag]
        return
    tags = Tags(answer.text)
    assert "hostile" not in tags.names
    assert " 49" not in "".join(tags.text).partition("<!--")[2][:20]


@pytest.mark.parametrize("address", [THING, "/id/lesson/andean-honey-price", f"/cube?{CELL}", "/id/product/andean-honey-pollen",
                                     "/compare?case=experience/andean-honey&case=experience/gustu"])
def test_label_when_hostile_then_none_of_it_is_lost(address, desk):
    text = "".join(Tags(desk.server.get(address, "text/html").text).text)
    assert f"{MARKUP} {TURNED} long long" in re.sub(r"\s+", " ", text)


def test_contribution_when_a_label_has_markup_then_it_is_refused_and_shown_as_text(desk):
    sent = desk.post("ana", "/contributions", HONEY.replace(b"First fair", b"<hostile>First fair</hostile>"), Accept="text/html")
    assert sent.status == 422
    assert "hostile" not in Tags(sent.text).names
    assert "<hostile>First fair" in "".join(Tags(sent.text).text)
