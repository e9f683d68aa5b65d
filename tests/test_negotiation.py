"""Which format and which coding a client gets, from its headers alone."""

import pytest

from api.negotiation import GRAPHS, PAGE, PROBLEM, QUADS, RESULTS, best, coding


@pytest.mark.parametrize(("accept", "type"), [
    ("", "application/sparql-results+json"),
    ("*/*", "application/sparql-results+json"),
    ("*", "application/sparql-results+json"),
    ("text/html, image/gif, *; q=.2, */*; q=.2", "text/html"),
    ("text/csv", "text/csv"),
    ("TEXT/CSV", "text/csv"),
    ("text/*", "text/csv"),
    ("application/*", "application/sparql-results+json"),
    ("text/csv;q=0.1, text/tab-separated-values;q=0.2", "text/tab-separated-values"),
    ("text/*;q=0.9, text/csv;q=0.1", "text/tab-separated-values"),
    ("text/csv;q=0, text/*", "text/tab-separated-values"),
    ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
    ("*/*;q=0.1, text/csv;q=0.2", "text/csv"),
    ("*/*, text/csv", "text/csv"),
    ("text/csv;q=0", None),
    ("*/*;q=0", None),
    ("image/png", None),
    ("image/png, */*;q=0.01", "application/sparql-results+json"),
    ("application/json", "application/json"),
    ("application/xml", "application/xml"),
    ("application/json, application/sparql-results+json", "application/sparql-results+json"),
    ("application/json;q=0, */*", "application/sparql-results+json"),
    ("application/sparql-results+json;q=0, application/json", "application/json"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ("text/csv;charset=utf-8", "text/csv"),
    ('text/csv; charset="UTF-8"; header=present', "text/csv"),
    ("text/csv;header=absent", None),
    ("text/csv;header=absent, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
    ("text/csv;charset=utf-16, text/csv;q=0.1, application/json;q=0.5", "application/json"),
    ('text/csv;x="a,b;q=0.9";q=0.2, application/json;q=0.1', "text/csv"),
    ("text/html;level=1;q=0.1, text/html;q=0.9, text/csv;q=0.5", "text/html"),
    ("text/csv;q=one, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
    (",,;;q=1,text/csv", "text/csv"),
])
def test_format_when_accepted_then_the_best_of_what_there_is(accept, type):
    found = best(accept, (*RESULTS, PAGE))
    assert (found and found.type) == type


def test_profile_when_accepted_then_the_type_without_it_unless_that_is_named_too():
    profile = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'
    assert best(profile, GRAPHS).key == "jsonld"
    assert best(profile + ", application/ld+json;q=0.1, text/turtle;q=0.5", GRAPHS).key == "turtle"


def test_types_when_listed_then_each_is_registered():
    registered = {  # of the media types that IANA lists, those that say what RDF, results and problems are
        "application/sparql-results+json", "application/sparql-results+xml", "application/json", "application/xml", "text/csv",
        "text/tab-separated-values", "text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml",
        "application/trig", "application/n-quads", "text/html", "application/problem+json"}
    listed = [type for format in (*RESULTS, *GRAPHS, *QUADS, PAGE, PROBLEM) for type in (format.type, *format.also)]
    assert set(listed) == registered


@pytest.mark.parametrize(("accept_encoding", "large", "small"), [
    ("", "identity", "identity"),
    ("gzip", "gzip", "identity"),
    ("x-gzip, deflate, br", "gzip", "identity"),
    ("GZIP;q=0.5", "gzip", "identity"),
    ("*", "gzip", "identity"),
    ("br", "identity", "identity"),
    ("gzip;q=0", "identity", "identity"),
    ("gzip;q=0, *", "identity", "identity"),
    ("gzip;q=0.5, identity", "identity", "identity"),
    ("gzip;q=0.5, identity;q=0.5", "gzip", "identity"),
    ("identity;q=0, gzip", "gzip", "gzip"),
    ("*;q=0, gzip", "gzip", "gzip"),
    ("*;q=0", "", ""),
    ("identity;q=0", "", ""),
    ("br, identity;q=0", "", ""),
])
def test_coding_when_accepted_then_packed_if_it_is_worth_it(accept_encoding, large, small):
    assert coding(accept_encoding) == large
    assert coding(accept_encoding, at_most_identity=True) == small
