"""A Spanish reader meets no English but names, codes and what is in English alone: a crawl of every kind of page."""

import json
import re
import unicodedata
import urllib.parse
import urllib.request

import pytest

from api.columns import has_spanish
from api.error_texts import OF_CLASS, OF_STATUS
from api.errors import STATUS
from api.operation_texts import in_spanish
from api.surface import OPERATIONS
from kg.names import RDFS_LABEL, path_of
from tests.desk import HONEY
from tests.entering import SHIPPED
from tests.visible import visible

PAGES = (
    "/", "/cube", "/cube?rows=product&columns=country&country=peru", "/cube?rows=x", "/path", "/path?who=sector/public",
    "/path/canvas?entry_way=chefs", "/compare", "/compare?case=experience/ketal", "/search", "/search?q=zzzzqqq",
    "/compare?case=experience/ketal&case=experience/gustu", "/search?q=x&limit=0", "/ask", "/queries", "/queries?words=zzz",
    "/sparql", "/sparql?query=SELECT", "/sparql?query=SELECT+*+{?s+?p+?o}+LIMIT+2", "/queries/show_cell", "/queries/nope",
    "/queries/show_cell?tool=financing&entry_way=entire-chain", "/queries/list_experiences", "/queries/show_cell?tool=x",
    "/queries/list_incomplete_records", "/ontology", "/ontology/toolbox", "/ontology/none", "/about", "/coverage",
    "/coverage?document=toolbox", "/download", "/download/none", "/revisions", "/revisions/1", "/revisions/1/citation",
    "/revisions/999", "/contributions", "/contributions?behind=1", "/contributions/new", "/contributions/aaaaaaaaaaaa",
    "/reports/new", "/reports", "/reports/none", "/nowhere", "/id", "/id/tool", "/id/none", "/id/tool/none", "/graph",
    "/graph/toolbox/3-2-8", "/explain?s=experience/ketal&p=par:usesTool&o=tool/quality", "/explain", "/api",
    "/explain?s=experience/ketal&p=rdf:type&o=par:Case")
# What is asked in a language is answered in it: the English page, and the Spanish one.
ASKED = (("/search?q=honey", "/search?q=miel"), ("/ask?q=who+uses+financing", "/ask?q=qui%C3%A9n+usa+financiamiento"),
         ("/ask?q=beekeepers+zzz", "/ask?q=apicultores+zzz"))
THINGS = ("SELECT (MIN(STR(?one)) AS ?thing) { ?one a ?class "
          'FILTER(STRSTARTS(STR(?one), "https://w3id.org/cocina-par/id/")) } GROUP BY ?class ORDER BY ?thing')
# What is the same in both languages, and may be: names of formats, programs and projects, and words that both languages have.
SAME = {"COCINA PAR", "SPARQL", "API", "VoID", "BibTeX", "CITATION.cff", "SHA-256", "Bytes", "Turtle", "JSON-LD", "JSON", "CSV",
        "TSV", "XML", "N-Triples", "N-Quads", "RDF/XML", "RDF", "RDF Patch", "TriG", "curl", "Python", "R", "CC BY 4.0", "Total",
        "total", "xlsx", "ontology",  # the path of the ontology, called so as the subject of a statement
        "zzzzqqq"}  # what was searched for
LANGUAGES = {"English", "Español"}  # each is called by its own name where it can be chosen
# A prefixed name, an IRI, a path, the name of a file, a suffix, a key, a date or a digest.
CODE = re.compile(r"\w+:[\w-]+|https?://\S+|/?[\w-]+(/[\w.…-]+)+|[\w.-]+\.\w{2,5}|csv|tsv|json|jsonld|xml|ttl|trig|nt|nq|rdf|"
                  r"[a-z]+(-[a-z0-9]+)+|[a-z_]+=\S*|[0-9a-f]{20,32}|…")
COUNTED = re.compile(r"(.+) \((?:(.+): )?\d+\)")  # a choice of a form: its name, what it belongs to, how many
ENGLISH = re.compile(r"\b(the|of|and|which|with|this|that|from|are|is|not|there|what|who|how)\b", re.I)


def without_accents(text):
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def norm(text):
    return " ".join(text.split())


def test_texts_when_in_spanish_then_their_numbers_are_grouped_as_those_of_the_pages(rows):
    """No dot between thousands, which pages write with a narrow space, and before which four digits stand together."""
    texts = [o for o, in rows("SELECT ?o { ?s ?p ?o FILTER(LANG(?o) = 'es') }")]
    assert len(texts) > 5000
    assert [text for text in texts if re.search(r"(?<![\w.,/])\d{1,3}[.,]\d{3}(?![\w./])", text)] == []
    assert [text for text in texts if re.search(r"(?<![\w.,])\d\u202f\d{3}(?!\d|\u202f)", text)] == []
    assert any("10\u202f500" in text for text in texts)


@pytest.fixture(scope="module")
def literals(rows):
    """The texts that a Spanish page may show of the graph: those in Spanish, of no language, or that the sources lack in Spanish.

    And every English one, which a page may show where it says that it is English.
    """
    found = rows("SELECT ?s ?p ?o (LANG(?o) AS ?code) { ?s ?p ?o FILTER(ISLITERAL(?o)) }")
    spanish = {(s, p) for s, p, _, code in found if code == "es"}
    fit = {norm(o) for s, p, o, code in found if code != "en" or (s, p) not in spanish}
    return fit, {norm(o) for _, _, o, code in found if code == "en"}


def is_code(text):
    """Tell whether a text is made of code alone; a text of a statement has its language behind it."""
    words = text.strip("·.:() ").split()
    return text.endswith(("@en", "@es")) or all(CODE.fullmatch(word) or not re.search(r"[^\W\d_]{2}", word) for word in words)


def left(english, spanish, literals):
    """Return the texts of a Spanish page that are English: as on the English page, or with words that Spanish has not."""
    fit, foreign = literals
    same = set(visible(english, "en"))
    names = " | ".join(fit) if "<svg" in spanish else ""  # a picture breaks a name into lines
    found = []
    for text in dict.fromkeys(visible(spanish, "es", foreign)):
        bare = text.strip("·.:()… ")
        of_graph = text in fit or bare in fit or set(bare.split(", ")) <= fit or f" {bare} " in f" {names} "
        counted = COUNTED.fullmatch(text)
        of_graph = of_graph or bool(counted and {name for name in counted.groups() if name} <= fit)
        if of_graph or bare in SAME | LANGUAGES or is_code(bare):
            continue
        if text in same or ENGLISH.search(text):
            found.append(text)
    return found


def crawl(get, pairs, literals):
    """Return, for each pair of an English and a Spanish address, what is English on the Spanish page, if anything."""
    found = {}
    for english, spanish in pairs:
        one, other = get(english, "en"), get(spanish, "es")
        assert one.type == other.type == "text/html", english
        assert one.status == other.status, english
        assert '<html lang="es">' in other.text, spanish
        if wrong := left(one.text, other.text, literals):
            found[spanish] = wrong
    return found


def test_pages_when_read_in_spanish_then_no_english_but_names_and_codes(server, rows, literals):
    things = {thing.partition("/")[0]: f"/id/{thing}" for thing, in rows(THINGS)}
    assert len(things) > 60
    pairs = [*((path, path) for path in (*PAGES, *things.values())), *ASKED]
    found = crawl(lambda path, code: server.get(urllib.parse.quote(path, "/?&=:%+"), "text/html",
                                                headers={"Accept-Language": code}), pairs, literals)
    assert not found, "\n".join(f"{path}: {texts}" for path, texts in found.items())


@pytest.mark.parametrize("path", ["/ask", "/queries", "/reports/new", "/search?q=miel", "/about", "/download", "/revisions",
                                  "/api"])
def test_pages_when_the_address_names_the_language_then_they_are_in_it(server, path):
    page = server.get(path + ("&" if "?" in path else "?") + "language=es", "text/html", headers={"Accept-Language": "en"})
    assert page.status == 200
    assert '<html lang="es">' in page.text


def test_crawl_when_a_page_has_english_then_found(literals):
    page = '<html><main><h1>%s</h1><p lang="en">%s</p><input placeholder="%s"><code>The code</code></main></html>'
    english = page % ("Search", "Financing", "Words")
    assert left(english, page % ("Buscar", "Financing", "Palabras"), literals) == []
    assert left(english, page % ("Search", "Financing", "Palabras"), literals) == ["Search"]
    assert left(english, page % ("Buscar", "Cheap chrome", "Words"), literals) == ["Words"]
    assert left(english, page % ("Buscar", "Said by the server", "Palabras"), literals) == ["Said by the server"]
    assert left(english, page % ("Financing", "Financing", "Palabras"), literals) == ["Financing"]
    assert left(english, page % ("Rows of the table", "x", "Palabras"), literals) == ["Rows of the table"]


def read(desk, path, code, who=""):
    more = {"Authorization": f"Bearer {desk.tokens[who]}"} if who else {}
    return desk.server.send(urllib.request.Request(desk.server.address + path, headers={
        "Accept": "text/html", "Accept-Language": code, **more}))


def test_pages_of_what_people_send_when_read_in_spanish_then_no_english(desk, literals):
    one = desk.post("ana", "/contributions", HONEY).json()["id"]
    sent = HONEY.decode() + HONEY.decode().replace("made-up", "thought-up")
    own = {norm(text).rstrip(".") for text in re.findall(r'"([^"\n]+)"', sent)} | {"El año es otro", "El lugar es otro", "Así es",
                                                                         "Era inventada", "ana", "beto"}
    known = literals[0] | own, literals[1] | own
    contribution = f"/contributions/{one}"
    here = [contribution, f"{contribution}/preview", *(f"{contribution}/form/{area}" for area in ("short", "process"))]
    found = crawl(lambda path, code: read(desk, path, code), [(path, path) for path in here], known)
    for did in ("accept", "publish"):
        assert desk.note("beto", one, did).status == 200
    desk.post("ana", contribution, HONEY.replace(b"made-up", b"thought-up"))
    for did in ("accept", "publish"):
        assert desk.note("beto", one, did).status == 200
    thing = "/id/experience/andean-honey"
    here = [contribution, thing, f"{thing}/versions", f"{thing}/diff", f"{thing}?version=1", f"{thing}/citation",
            f"{thing}?version=7", "/contributions", "/revisions", "/revisions/2", "/download"]
    found |= crawl(lambda path, code: read(desk, path, code), [(path, path) for path in here], known)
    assert desk.note("rosa", one, "withdraw", "Era inventada.").status == 200
    found |= crawl(lambda path, code: read(desk, path, code), [(path, path) for path in (thing, f"{thing}/versions")], known)
    report = desk.post("", "/reports", json.dumps({"what": "El año es otro.", "about": thing}).encode(), "application/json")
    desk.post("", "/reports", json.dumps({"what": "El lugar es otro."}).encode(), "application/json")
    address = report.json()["page"]
    found |= crawl(lambda path, code: read(desk, path, code, "rosa"), [(path, path) for path in (address, "/reports")], known)
    desk.post("rosa", f"{address}/answer", json.dumps({"note": "Así es."}).encode(), "application/json")
    found |= crawl(lambda path, code: read(desk, path, code), [(address, address)], known)
    assert not found, "\n".join(f"{path}: {texts}" for path, texts in found.items())


def test_errors_when_told_to_people_then_each_has_a_title_and_what_to_do_in_spanish():
    assert set(OF_CLASS) == set(STATUS)
    advice = [*OF_CLASS.values(), *OF_STATUS.values()]
    assert all(one.title and len(one.to_do) > 15 and one.to_do.endswith(".") for one in advice)
    assert not [one for one in advice if ENGLISH.search(f"{one.title} {one.to_do}")]
    assert len({one.title for one in OF_CLASS.values()}) == len(OF_CLASS)


def test_errors_when_asked_by_a_program_then_they_stay_english(server):
    told = server.get("/queries/nope?language=es", "application/json", headers={"Accept-Language": "es"}).json()
    assert told["title"] == "No such query"
    assert "There is no query nope" in told["detail"]


def test_operations_when_listed_on_a_spanish_page_then_each_is_told_in_spanish():
    assert not [one.summary for one in OPERATIONS if in_spanish(one.summary) == one.summary]


def test_catalogue_when_shipped_then_parameters_and_columns_have_both_languages(inquiry):
    lacking, same = [], []
    for query in inquiry.catalogue.all():
        for one in (*query.parameters, *query.columns):
            lacking += [f"{query.name} {one.name}"] if not one.meaning_es else []
            same += [f"{query.name} {one.name}"] if one.meaning_es == one.meaning or ENGLISH.search(one.meaning_es) else []
        lacking += [f"{query.name} {one.name}" for one in query.columns if (one.unit == "-") != (one.unit_es == "-")]
    assert not lacking
    assert not same


def test_catalogue_when_shipped_then_each_column_has_a_spanish_heading_on_pages(inquiry):
    columns = {column.name for query in inquiry.catalogue.all() for column in query.columns}
    assert len(columns) > 100
    assert [name for name in sorted(columns) if not has_spanish(name)] == []


def test_name_when_it_has_accents_then_no_spanish_text_writes_it_without():
    texts = [quad.object for quad in SHIPPED if getattr(quad.object, "language", "") == "es"]
    named = {quad.object.value for quad in SHIPPED if quad.predicate.value == RDFS_LABEL and getattr(quad.object, "language", "")
             and path_of(quad.subject.value).startswith(("agent/", "country/", "place/"))}
    bare = {plain: name for name in named if (plain := without_accents(name)) != name and name[0].isupper()}
    assert {"Sao Paulo", "Para", "Peru"} <= bare.keys()
    # "Para" opens many a sentence, and Made in Peru with Pride is a label in English.
    within = re.compile(rf"(?:(?<=[\w,] )|(?<=\()|^(?!Para\b))(?:{'|'.join(map(re.escape, bare))})\b(?! with Pride)")
    assert [(text.value, found) for text in texts for found in within.findall(text.value)] == []
