"""An address that names a revision, over HTTP: the newest, one that others have followed, one yet to come, and what is none."""

import re

import pytest

from tests.desk import HONEY, THING, publish

NEWEST = 2
PAGES = ("/map", "/path?entry_way=fairs", "/path/canvas?entry_way=chefs", "/cube", "/search?q=miel", "/ask?q=beekeepers",
         "/projects",
         "/compare?case=experience/ketal&case=experience/gustu", "/coverage", "/queries", "/queries/list_tools_by_phase",
         "/id/tool/financing", "/graph/toolbox/3-2-8", "/ontology", "/revisions", "/download",
         "/explain?s=experience/ketal&p=par:isExampleOf&o=tool/associativity", "/sparql?query=ASK+%7B%7D")


@pytest.fixture(scope="module")
def followed(desk):
    """A server of the second revision: an experience was published since what ships was built."""
    publish(desk, HONEY)
    return desk.server


def naming(address, revision):
    return f"{address}{'&' if '?' in address else '?'}revision={revision}"


def data_of(server, address):
    """Return the addresses of a page in every other format, as its headers have them."""
    found = [at for at, _ in server.get(address, "text/html").links("alternate")]
    assert len(found) > 3, address
    return found


@pytest.mark.parametrize("address", PAGES)
def test_data_when_the_address_names_a_revision_that_others_followed_then_refused_with_where_that_one_is(address, followed):
    for at in data_of(followed, address):
        assert followed.get(naming(at, NEWEST)).status == 200, at
        refused = followed.get(naming(at, 1), "application/json")
        assert (refused.status, refused.type) == (410, "application/problem+json"), at
        told = refused.json()
        assert "data of revision 2, the newest, and the address names revision 1" in told["detail"]
        assert followed.get(told["links"][0]["href"]).body == followed.get(at).body
        for there in re.findall(r"/revisions/[\w./?=]+\w", told["detail"]):
            assert followed.get(there).status == 200, there


@pytest.mark.parametrize("address", PAGES)
def test_page_when_the_address_names_a_revision_that_others_followed_then_it_says_so_and_its_formats_are_new(address, followed):
    page = followed.get(naming(address, 1), "text/html")
    assert page.status == 200
    assert re.search(r'names revision <a href="/revisions/1">1</a>; this is revision 2', page.text)
    for at, _ in page.links("alternate"):
        assert followed.get(at).status == 200, at


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("accept", ["text/html", "text/csv", "text/turtle", "application/json", "text/plain"])
def test_revision_when_yet_to_come_then_404_as_page_and_as_data(address, accept, followed):
    refused = followed.get(naming(address, 99999), f"{accept}, */*;q=0.1")
    assert refused.status == 404
    assert "Revision 99999 is yet to come: the newest is 2." in refused.text


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("No such revision yet", "is yet to come: the newest is 2. Leave revision out", "The same of the newest revision")),
    ("es", ("Todavía no existe esa revisión", "está por venir: la última es la 2. Quite «revision»",
            "Lo mismo de la última revisión"))])
def test_revision_when_yet_to_come_then_a_page_says_in_its_language_what_to_do_and_leads_there(language, words, followed):
    page = followed.get("/map?count=cases&revision=77", "text/html", headers={"Accept-Language": language})
    assert all(one in page.text for one in words)
    assert language == "en" or "yet to come" not in page.text
    assert 'href="/map?count=cases"' in page.text
    assert 'href="/revisions"' in page.text


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("The data are of another revision by now", "These would be data of revision 2",
            "The revision that the address names</a>")),
    ("es", ("Los datos ya son de otra revisión", "Estos serían datos de la revisión 2",
            "La revisión que nombra la dirección</a>"))])
def test_data_when_refused_in_a_browser_then_the_page_says_in_its_language_what_to_do_and_leads_there(language, words, followed):
    page = followed.get("/map?count=cases&format=csv&revision=1", "text/html", headers={"Accept-Language": language})
    assert page.status == 410
    assert all(one in page.text for one in words)
    assert language == "en" or "These would be" not in page.text
    assert 'href="/map?count=cases&amp;format=csv"' in page.text


@pytest.mark.parametrize("address", ["/map", "/queries/list_tools_by_phase", "/queries/list_tools_by_phase.csv",
                                     "/id/tool/financing.ttl", "/id/tool/financing.json", "/sparql?query=ASK+%7B%7D",
                                     "/revisions"])
@pytest.mark.parametrize("named", ["none", "0", "-1", "1.5", "", "1&revision=2"])
def test_revision_when_it_is_no_number_then_422_as_page_and_as_data(address, named, followed):
    for accept in ("text/html", "*/*"):
        refused = followed.get(naming(address, named), accept)
        assert refused.status == 422, accept
        assert "revision" in refused.text


@pytest.mark.parametrize("form", ["CONSTRUCT+WHERE+%7B+%3Fs+a+%3Fo+%7D+LIMIT+1", "DESCRIBE+%3Chttps://w3id.org/x%3E",
                                  "SELECT+%2A+%7B+VALUES+%3Ftext+%7B+%22" + 2500 * "a" + "%22+%7D+%7D"])
def test_query_when_it_has_no_citation_of_its_own_then_its_revision_is_heeded_all_the_same(form, followed):
    address = f"/sparql?query={form}"
    assert [followed.get(at).status for at in (address, *(naming(address, n) for n in (2, 1, 3)))] == [200, 200, 410, 404]
    assert followed.get("/sparql?revision=3", "text/html").status == 404
    assert followed.get("/sparql?revision=1", "text/turtle").status == 410


def test_version_when_asked_for_beside_a_revision_then_it_stays_what_it_was(followed):
    assert followed.get(f"{THING}.nt?version=1&revision=1").body == followed.get(f"{THING}.nt?version=1").body
