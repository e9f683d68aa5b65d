"""Pages, read as a browser without JavaScript gets them."""

import csv
import io
import re
import urllib.parse

import pytest

from kg.catalogue import AREAS
from kg.store.revisions import DataFolder
from tests.asking import COUNT, ask_path
from tests.servers import start_server


def test_editor_when_asked_without_javascript_then_a_table_or_the_place_of_the_fault(server):
    page = server.get(ask_path(COUNT), "text/html")
    assert "<td>111</td>" in page.text
    fault = server.get(ask_path("SELECT * {\n ?s ?p"), "text/html")
    assert fault.status == 400
    assert "line 2, column" in fault.text


def test_editor_when_opened_then_prefixes_to_copy_and_columns_without_the_ending_of_labels(server):
    assert "PREFIX par: &lt;https://w3id.org/cocina-par/ontology#&gt;\nPREFIX rdf: " in server.get("/sparql", "text/html").text
    heads = re.findall(r"<th [^>]*>([^<]*)</th>", server.get("/queries/list_experiences", "text/html").text)
    assert heads == ["experience", "country", "entry ways", "tools", "passage"]


def test_table_when_a_column_of_things_has_no_labels_then_they_are_called_by_name_in_the_language_of_the_answer(server):
    asked = "/queries/list_cells?experience=experience/maqueo"
    link = '<a href="/id/passage/toolbox/tools-by-entry-ways#tool-application/maqueo-entire-chain-alliances">%s</a>'
    assert link % "Toolbox, Table: Tools by entry ways" in server.get(asked, "text/html").text
    spanish = link % "Caja de herramientas, Tabla: Herramientas por vías de entrada"
    assert spanish in server.get(asked + "&language=es", "text/html").text
    answer = server.get("/ask?q=qu%C3%A9+herramientas+us%C3%B3+Maqueo", "text/html").text  # a mark, as on other pages
    line = "/id/passage/toolbox/tools-by-entry-ways#tool-application/maqueo-entire-chain-alliances"
    assert f'<a class="mark" href="{line}" title="Caja de herramientas, Tabla: Herram' in answer
    things = server.get("/queries/list_things?class=par:Tool", "text/html").text
    assert things.count("Financing<") == 1
    ways = server.get("/queries/list_things?class=par:EntryWay", "text/html").text
    assert '<a href="/id/entry-way/chefs">entry-way/chefs</a>' in ways
    assert '<a href="/id/tool/financing">tool/financing</a>' in things


def test_pages_when_the_server_is_a_plain_store_then_they_open_though_nothing_of_ours_is_there(tmp_path):
    server = start_server(tmp_path, PARKG_PLAIN="1")
    try:
        for path in ("/", "/queries", "/queries/show_cell", "/queries/list_experiences", "/id", "/sparql", "/search"):
            assert server.get(path, "text/html").status == 200, path
        assert server.get("/id/tool", "text/html").status == 404
    finally:
        server.end()


def test_first_page_when_opened_then_every_area_and_every_document_has_a_link(server):
    page = server.get("/", "text/html", headers={"Accept-Language": "es"}).text
    assert set(re.findall(r'href="/queries\?area=(\w+)"', page)) == set(AREAS)
    assert '<a href="/id/document/toolbox">Caja de herramientas</a>' in page
    assert len(re.findall(r'href="/id/document/', page)) == 5


def test_page_when_the_request_chooses_a_graph_then_it_shows_that(server):
    graph = "https://w3id.org/cocina-par/graph/toolbox/1"
    page = server.get(ask_path(COUNT, **{"default-graph-uri": graph}), "text/html")
    assert "<td>0</td>" in page.text


def test_catalogue_when_listed_as_json_then_each_query_with_an_address_that_works(server):
    catalogue = server.get("/queries", "application/json").json()
    assert len(catalogue) >= 12
    for query in catalogue:
        answer = server.get(query["example"], "text/csv")
        assert answer.status == 200
        assert next(csv.reader(io.StringIO(answer.text))) == [column["name"] for column in query["columns"]]


def test_form_when_opened_then_things_are_chosen_by_name_and_found_by_it(server):
    page = server.get("/queries/show_cell", "text/html", headers={"Accept-Language": "es"})
    assert '<option value="financing">Financiamiento</option>' in page.text
    by_name = server.get("/queries/list_tool_experiences.csv?" + urllib.parse.urlencode({"tool": "financiamiento"}))
    assert by_name.body == server.get("/queries/list_tool_experiences.csv?tool=tool/financing").body
    assert by_name.status == 200


def test_page_of_a_query_when_it_takes_too_long_or_there_is_no_graph_then_the_status_says_so(tmp_path, amending):
    from api import create_app
    from kg.catalogue import Catalogue
    from kg.inquire import Inquiry
    from kg.settings import shipped
    from kg.store.readers import Readers
    readers = Readers(1, size=1)
    try:
        nothing = Inquiry(DataFolder(tmp_path / "nothing"), readers, Catalogue(shipped("queries")))
        client = create_app(nothing, amending).test_client()
        answer = client.get("/queries/list_experiences", headers={"Accept": "text/html"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert str(tmp_path) not in answer.text
    finally:
        readers.close()


@pytest.mark.parametrize("path", ["/", "/queries", "/sparql", "/queries/show_cell", "/queries/list_experiences", "/ontology",
                                  "/queries/show_cell?tool=financing&entry_way=entire-chain", "/id/country/peru",
                                  "/graph/toolbox/2-3", "/id/passage/toolbox/3-2-1"])
def test_page_when_opened_then_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(server, path):
    page = server.get(path, "text/html")
    assert (page.status, page.type) == (200, "text/html")
    text = re.sub('<link rel="alternate" hreflang=[^>]*>', "", page.text)  # whole addresses, of this page
    loaded = re.findall(r'(?:src|action)="([^"]+)"|<link\b[^>]*href="([^"]+)"', text)
    assert not [link for links in loaded for link in links if link and not link.startswith("/")]
    for link in set(re.findall(r'(?:href|src|action)="([^"]+)"', text)):
        target = link.replace("&amp;", "&").partition("#")[0]
        if not target:  # on this page
            assert f'id="{link[1:]}"' in page.text, link
        elif target.startswith("/"):
            assert server.get(urllib.parse.quote(target, "/?&=:%.-_"), "text/html,*/*").status == 200, link
        else:
            assert link.startswith(("http://", "https://")), link


@pytest.mark.parametrize(("language", "words", "heading"), [
    ("en", "✎ this project&#39;s own", "passage of the country"), ("es", "✎ propio de este proyecto", "pasaje del país")])
def test_answer_when_this_project_says_it_then_its_sign_and_words_and_no_name_of_a_graph(server, language, words, heading):
    page = server.get(f"/queries/count_cases_by_place?within=country/brazil&language={language}", "text/html").text
    assert words in page
    assert heading in page
    answer = server.get(f"/ask?q=Brazil+how+many+cases&language={language}", "text/html").text
    assert 'class="mark own" href="/graph/editorial"' in answer
    for shown in (page, answer):
        assert not re.search(r"<td[^>]*>(<a[^>]*>)?[^<]*graph/(editorial|inferred)", shown)
