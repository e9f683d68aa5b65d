"""Suggestions as one types, the description that browsers read, and a search that is narrowed: over HTTP."""

import urllib.parse
from xml.etree import ElementTree

import pytest

OPEN_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def suggested(server, typed, language="es", **more):
    answer = server.get("/search/suggestions?" + urllib.parse.urlencode({"q": typed, "language": language, **more}))
    assert (answer.status, answer.type) == (200, "application/json"), answer.text
    echoed, names, kinds, addresses = answer.json()
    assert echoed == typed
    assert len(names) == len(kinds) == len(addresses)
    return list(zip(names, kinds, addresses, strict=True))


@pytest.mark.parametrize(("typed", "language", "name", "kind", "path"), [
    ("miel", "es", "miel", "producto", "/id/product/honey"), ("hone", "en", "honey", "product", "/id/product/honey"),
    ("financ", "es", "Financiamiento", "herramienta", "/id/tool/financing"),
    ("ASOC", "es", "Asociatividad y gobernanza", "herramienta", "/id/tool/associativity"),
    ("punta chi", "es", "Punta Chilén", "experiencia sistematizada", "/id/experience/punta-chilen"),
    ("agroférias", "es", "Agroferias Campesinas", "experiencia sistematizada", "/id/experience/peasant-agro-fairs")])
def test_suggestions_when_a_name_is_begun_then_the_thing_its_kind_and_its_address_in_the_language(
        server, typed, language, name, kind, path):
    assert (name, kind, server.address + path) in suggested(server, typed, language)


def test_suggestions_when_given_then_every_word_begins_one_of_the_name_and_names_that_begin_so_come_first(server):
    found = [name.lower() for name, _, _ in suggested(server, "fin", "en", limit=20)]
    assert all(any(word.startswith("fin") for word in name.replace("(", " ").split()) for name in found)
    begins = [name.startswith("fin") for name in found]
    assert True in begins
    assert begins == sorted(begins, reverse=True)
    both = [name.lower() for name, _, _ in suggested(server, "ruta pap", limit=20)]
    assert both
    assert all("ruta" in name and "pap" in name for name in both)


@pytest.mark.parametrize("typed", ["", "m", "  ", "zzzzqqq", "\x00", "\"'--;", "NEAR(", "a* OR b*", "{{7*7}}", "<b>x</b>", "%",
                                   "🐝🐝", "\u202eleim", "x" * 5000, "miel " * 300, "SELECT * FROM entry"])
def test_suggestions_when_what_is_typed_is_odd_then_an_answer_and_no_fault(server, typed):
    assert len(suggested(server, typed)) <= 8


@pytest.mark.parametrize(("fields", "status"), [
    ("q=mi&limit=20", 200), ("q=mi&limit=1", 200), ("q=mi&limit=0", 422), ("q=mi&limit=21", 422), ("q=mi&limit=x", 422),
    ("q=mi&language=fr", 422), ("q=mi&q=me", 422), ("q=mi&kind=tool", 422), ("", 200), ("q=%FF", 200)])
def test_suggestions_when_fields_are_out_of_bounds_then_refused(server, fields, status):
    answer = server.get("/search/suggestions?" + fields)
    assert answer.status == status, answer.text
    if status == 200 and "limit" in fields:
        assert len(answer.json()[1]) <= int(fields.rpartition("=")[2])


def test_suggestions_when_asked_again_then_kept_for_a_minute_and_told_that_nothing_changed(server):
    address = "/search/suggestions?q=miel&language=es"
    first = server.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in first.headers["Vary"]  # the address names the language, so that all readers share the answer
    again = server.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert server.get(address.replace("=es", "=en"), headers={"If-None-Match": first.headers["ETag"]}).status == 200


@pytest.mark.parametrize("language", ["en", "es"])
def test_description_when_read_by_a_browser_then_its_addresses_search_and_suggest_in_the_language(server, language):
    page = server.get("/about", "text/html", headers={"Accept-Language": language}).text
    assert '<link rel="search" type="application/opensearchdescription+xml" title="COCINA PAR" href="/opensearch.xml">' in page
    answer = server.get("/opensearch.xml", headers={"Accept-Language": language})
    assert answer.type == "application/opensearchdescription+xml"
    described = ElementTree.fromstring(answer.text)
    assert described.findtext(f"{OPEN_SEARCH}Language") == language
    assert len(described.findtext(f"{OPEN_SEARCH}ShortName")) <= 16
    templates = {one.get("type"): one.get("template") for one in described.iter(f"{OPEN_SEARCH}Url")}
    assert set(templates) == {"text/html", "application/json", "application/x-suggestions+json"}
    for type, template in templates.items():
        path = template.replace("{searchTerms}", "mieles").removeprefix(server.address)
        found = server.get(path, type)
        assert found.status == 200
        assert "/id/experience/mieles-del-sur" in found.text


def test_search_when_narrowed_to_a_language_then_only_what_stands_in_its_texts(server):
    def found(**fields):
        answer = server.get("/search?" + urllib.parse.urlencode(fields), "application/json")
        assert answer.status == 200, answer.text
        return [(one["thing"], one["language"]) for one in answer.json()["found"]]
    assert {code for _, code in found(q="ketal", texts="en", language="es")} == {"en"}
    assert {code for _, code in found(q="ketal", texts="es", language="en")} == {"es"}
    assert found(q="apicultores", texts="es")
    assert found(q="beekeepers", texts="en", limit=3)[:3] == found(q="beekeepers", texts="en")[:3]
    both, one = found(q="miel", language="en"), found(q="miel", texts="en", language="en")
    assert "es" in {code for _, code in both}
    assert "es" not in {code for _, code in one}
    assert server.get("/search?q=miel&texts=fr", "application/json").status == 422
    assert server.get("/search?q=miel&texts=", "application/json").status == 200


def test_search_when_its_page_is_read_then_kinds_are_called_by_name_and_what_narrows_it_stays(server):
    page = server.get("/search?q=honey&kind=product&texts=en&language=es", "text/html").text
    assert '<input type="checkbox" name="kind" value="product" checked> producto</label>' in page
    assert '<option value="en" selected>inglés</option>' in page
    assert '<input type="hidden" name="language" value="es">' in page
    assert '>miel</a>' in page  # called as the reader calls it
    assert '<a href="/search?q=honey&amp;texts=en&amp;language=es">De todos los tipos</a>' in page


def test_search_when_a_page_is_sent_then_scripts_of_ours_alone_may_run_and_ask_this_server_alone(server):
    policy = dict(part.split(" ", 1) for part in
                  server.get("/search", "text/html").headers["Content-Security-Policy"].split("; "))
    assert (policy["script-src"], policy["connect-src"], policy["default-src"]) == ("'self'", "'self'", "'none'")
    assert "unsafe" not in " ".join(policy.values())
    assert "<script>" not in server.get("/search", "text/html").text
