"""An address that names a revision, over HTTP: the newest, one that others have followed, one yet to come, and what is none."""

import html
import re
import time
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.desk import HONEY, THING, Desk, publish
from tests.limits import ENDLESS

NEWEST = 3
COUNT = "/sparql?query=SELECT+(COUNT(*)+AS+%3Fn)+%7B+%3Fs+%3Fp+%3Fo+%7D"
PAGES = ("/map", "/path?entry_way=fairs", "/path/canvas?entry_way=chefs", "/cube", "/search?q=miel", "/ask?q=beekeepers",
         "/projects",
         "/compare?case=experience/ketal&case=experience/gustu", "/coverage", "/queries", "/queries/list_tools_by_phase",
         "/id/tool/financing", "/graph/toolbox/3-2-8", "/ontology", "/revisions", "/download",
         "/explain?s=experience/ketal&p=par:isExampleOf&o=tool/associativity", "/sparql?query=ASK+%7B%7D")
ANY_ORDER = re.compile(r"[.=](?:rdf|ttl|trig|turtle|jsonld)")  # statements stand together with those that come before them
MORE = ("/", "/id/experience", "/id/experience.csv", COUNT, f"{COUNT}&format=csv", "/search?q=honey&format=json",
        "/queries/list_experiences.csv", "/queries/count_things.csv", "/id/country/bolivia.nt", "/id/country/bolivia")


def naming(address, revision):
    return f"{address}{'&' if '?' in address else '?'}revision={revision}"


def data_of(server, address):
    """Return the addresses of a page in every other format, as its headers have them."""
    found = [at for at, _ in server.get(address, "text/html").links("alternate")]
    assert len(found) > 3, address
    return found


def told(answer):
    """Return what an answer says: its status, its type and its words, without the revision that its links may name.

    Words in their order, since nothing fixes that of the rows of a graph, nor that of the parts of a text which is put together.
    """
    text = answer.text
    if answer.type == "text/html":
        text = re.sub(r'<p class="notice" role="note">.*?</p>', "", text.partition('<main id="main">')[2].partition("</main>")[0])
    text = re.sub(r"[?&]revision=[0-9]+|[0-9]+\.[0-9]{2} s\b", "", text.replace("&amp;", "&"))  # nor how long it took
    return answer.status, answer.type, sorted(re.split(r"\W+", text))


@pytest.fixture(scope="module")
def then(desk):
    """What was answered while each of the first two revisions was the newest, by its number and the address."""
    pages = [page for page in PAGES if page != "/ontology"]
    addresses = [at for page in pages for at in (page, *data_of(desk.server, page)) if not ANY_ORDER.search(at)]
    found = {1: {at: told(desk.server.get(at, "text/html")) for at in (*addresses, *MORE)}}
    one = publish(desk, HONEY)
    desk.tags = {at: desk.server.get(naming(at, 2), "text/html").headers["ETag"] for at in ("/map", "/map?format=csv")}
    found[2] = {at: told(desk.server.get(at, "text/html")) for at in (*MORE, f"{THING}.csv", f"{THING}.nt")}
    publish(desk, HONEY.replace(b"Honey of the high valleys", b"Honey of the low valleys"), one)
    return found


@pytest.fixture(scope="module")
def followed(desk, then):
    """A server of the third revision: since what ships was built, an experience was published, and then corrected."""
    assert desk.server.get("/readyz").json()["revision"] == NEWEST
    return desk.server


@pytest.fixture(scope="module")
def hurried(folder, tmp_path_factory):
    """A server of the second revision where a query may take three seconds, and an answer have two megabytes."""
    desk = Desk(folder, tmp_path_factory.mktemp("hurried") / "var", PARKG_TIME_LIMIT_S="3", PARKG_RESULT_LIMIT_MB="2")
    publish(desk, HONEY)
    yield desk
    desk.server.end()


@pytest.fixture(scope="module")
def forgotten(hurried):
    """The same, where nothing is kept any more of what the second revision changed."""
    (hurried.path / "journal/index.jsonl").unlink()
    return hurried.server


@pytest.mark.parametrize("revision", [1, 2])
def test_address_when_it_names_a_revision_that_others_followed_then_all_is_told_as_it_was_then(revision, then, followed):
    """Pages and data alike, by every query that they ask; counts, search and what follows by rules among them."""
    assert len(then[revision]) > 10
    for at, said in then[revision].items():
        assert told(followed.get(naming(at, revision), "text/html")) == said, at


def test_thing_when_it_came_later_or_was_called_otherwise_then_the_revision_of_the_address_decides(followed):
    assert [followed.get(naming(THING, number), "text/html").status for number in (1, 2, 3)] == [404, 200, 200]
    assert "Honey of the high valleys" in followed.get(naming(THING, 2), "text/html").text
    assert "Version 1 of 2" in followed.get(naming(THING, 2), "text/html").text
    assert "Version 1, " in followed.get(naming(f"{THING}?format=text", 2)).text
    assert "low valleys" not in followed.get(naming("/search?q=valleys", 2), "text/html").text
    assert "Honey of the low valleys" in followed.get(THING, "text/html").text
    counts = [int(followed.get(naming(f"{COUNT}&format=csv", number)).text.split()[1]) for number in (1, 2, 3)]
    assert counts[0] < counts[1]
    assert counts[2] == int(followed.get(f"{COUNT}&format=csv").text.split()[1])


@pytest.mark.parametrize("address", PAGES)
def test_page_when_of_an_earlier_revision_then_it_says_so_and_its_formats_and_citation_are_of_that_too(address, followed):
    page = followed.get(naming(address, 1), "text/html")
    assert page.status == 200
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert re.search(r'how it stood in revision <a href="/revisions/1">1</a>, made on 2\d{3}-\d\d-\d\d;', page.text)
    assert f'<a href="{address}">this page today</a>' in html.unescape(page.text)
    for at, _ in page.links("alternate"):
        assert "revision=1" in at
        data = followed.get(at)
        assert (data.status, data.headers["X-Robots-Tag"]) == (200, "noindex"), at
    cited = followed.get(naming(f"{address}{'&' if '?' in address else '?'}format=text", 1)).text
    assert "Revision 1, " in cited or "revision=1" in cited
    assert "how it stood" not in followed.get(naming(address, NEWEST), "text/html").text


def test_validators_when_of_an_earlier_revision_then_they_stay_as_the_graph_goes_on(followed):
    answer = followed.get(naming("/id/tool/financing.nt", 1))
    tag = answer.headers["ETag"]
    assert tag != followed.get("/id/tool/financing.nt").headers["ETag"]
    assert followed.get(naming("/id/tool/financing.nt", 1), headers={"If-None-Match": tag}).status == 304


def test_page_when_kept_by_a_browser_from_when_its_revision_was_the_newest_then_told_anew(desk, followed):
    """Seen to fail: the page had no notice, and its formats no revision."""
    for at, tag in desk.tags.items():
        answer = followed.get(naming(at, 2), "text/html", headers={"If-None-Match": tag})
        assert answer.status == 200, at
        made = followed.get(naming(at, 2), "text/html").headers["Last-Modified"]
        assert followed.get(naming(at, 2), "text/html", headers={"If-Modified-Since": made}).status == 304


def test_revision_when_named_where_no_page_is_then_heeded_too(followed):
    assert followed.get("/.well-known/void?revision=99", "text/turtle").status == 404
    assert followed.get(f"/id/tool/financing?revision=0000000001{'0' * 5000}").status == 422
    body = urllib.parse.urlencode({"query": "ASK {}", "revision": "1"}).encode()
    refused = followed.send(urllib.request.Request(f"{followed.address}/sparql", body))
    assert refused.status == 400
    assert "/sparql?revision=1" in refused.text


def test_thing_when_taken_back_since_then_it_is_still_in_the_revisions_that_had_it(hurried):
    one = publish(hurried, HONEY.replace(b"andean-honey", b"dawn-honey"))
    had = hurried.server.get("/readyz").json()["revision"]
    assert hurried.note("beto", one, "withdraw", "Told twice.").status == 200
    addresses = (asked := "/id/experience/dawn-honey", naming(asked, had), naming(asked, had - 1))
    assert [hurried.server.get(at, "text/html").status for at in addresses] == [410, 200, 404]


def test_graphs_of_users_when_an_earlier_revision_is_asked_then_they_are_not_in_it(hurried):
    own = "INSERT DATA { GRAPH <urn:x:notes> { <urn:x:a> <urn:x:b> 1 } }"
    assert hurried.post("admin", "/update", own.encode(), "application/sparql-update").status == 204
    asked = "/sparql?query=ASK+%7B+GRAPH+%3Curn:x:notes%3E+%7B+%3Fs+%3Fp+%3Fo+%7D+%7D&format=csv"
    assert [hurried.server.get(at).text.split()[-1] for at in (asked, naming(asked, 1))] == ["true", "false"]


def test_answer_when_larger_than_the_limit_then_refused_of_an_earlier_revision_as_of_the_newest(hurried):
    whole = "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D&format=csv"
    refused = [hurried.server.get(at, "application/json") for at in (whole, naming(whole, 1))]
    assert [answer.status for answer in refused] == [422, 422]
    assert all("larger than the limit of 2 MB" in answer.text for answer in refused)


def test_earlier_revisions_when_many_are_asked_at_once_then_few_wait_their_turn_and_the_newest_is_answered_meanwhile(hurried):
    slow = naming("/sparql?query=" + urllib.parse.quote(ENDLESS), 1)
    with ThreadPoolExecutor(12) as at_once:
        waiting = [at_once.submit(hurried.server.get, slow) for _ in range(12)]
        time.sleep(0.5)
        assert hurried.server.get("/sparql?query=ASK+%7B%7D&format=csv").text.split() == ["true"]
        assert not all(one.done() for one in waiting)
        statuses = Counter(one.result().status for one in waiting)
    assert statuses[503] >= 1  # whose turn it was
    assert statuses[429] >= 7  # one has its turn, and four may wait for theirs
    assert sum(statuses.values()) == statuses[503] + statuses[429]
    assert hurried.server.get(naming("/id/tool/financing", 1), "text/html").status == 200


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("accept", ["text/html", "text/csv", "text/turtle", "application/json", "text/plain"])
def test_revision_when_yet_to_come_then_404_as_page_and_as_data(address, accept, followed):
    refused = followed.get(naming(address, 99999), f"{accept}, */*;q=0.1")
    assert refused.status == 404
    assert "Revision 99999 is yet to come: the newest is 3." in refused.text


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("No such revision yet", "is yet to come: the newest is 3. Leave revision out", "The same of the newest revision")),
    ("es", ("Todavía no existe esa revisión", "está por venir: la última es la 3. Quite «revision»",
            "Lo mismo de la última revisión"))])
def test_revision_when_yet_to_come_then_a_page_says_in_its_language_what_to_do_and_leads_there(language, words, followed):
    page = followed.get("/map?count=cases&revision=77", "text/html", headers={"Accept-Language": language})
    assert all(one in page.text for one in words)
    assert language == "en" or "yet to come" not in page.text
    assert 'href="/map?count=cases"' in page.text
    assert 'href="/revisions"' in page.text


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("That revision cannot be asked here", "Revision 1 cannot be asked here: not all that changed since is kept",
            "The revision that the address names</a>")),
    ("es", ("A esa revisión no se le puede preguntar aquí", "A la revisión 1 no se le puede preguntar aquí",
            "La revisión que nombra la dirección</a>"))])
@pytest.mark.parametrize("format", ["csv", "html"])
def test_revision_when_its_changes_are_not_kept_then_410_says_in_its_language_what_to_do_and_leads_there(
        language, words, format, forgotten):
    page = forgotten.get(f"/map?count=cases&format={format}&revision=1", "text/html", headers={"Accept-Language": language})
    assert page.status == 410
    assert all(one in page.text for one in words)
    assert language == "en" or "cannot be asked" not in page.text
    assert f'href="/map?count=cases&amp;format={format}"' in page.text
    assert forgotten.get("/map?revision=1", "application/json").json()["status"] == 410


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
    assert [followed.get(at).status for at in (address, *(naming(address, n) for n in (2, 1, 99)))] == [200, 200, 200, 404]
    assert followed.get("/sparql?revision=99", "text/html").status == 404
    assert followed.get("/sparql?revision=1", "text/turtle").status == 200


def test_version_when_asked_for_beside_a_revision_then_it_stays_what_it_was(followed):
    assert followed.get(f"{THING}.nt?version=1&revision=1").body == followed.get(f"{THING}.nt?version=1").body
