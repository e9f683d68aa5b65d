"""A contribution shown as it will be published, over HTTP: the page that it will be, and in nobody's reach but its own."""

import re
import shutil
import threading
from html import unescape

import pytest

from kg.catalogue import Catalogue
from kg.desk import contributing_in
from kg.errors import QueryMalformed
from kg.inquire import Inquiry, asking
from kg.names import thing_iri
from kg.settings import Settings, shipped
from kg.store.changes import Upload
from kg.tokens import Tokens
from tests.asking import ask_path
from tests.desk import HONEY, Desk
from tests.servers import children_of

PREFIX = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


def honey(key):
    return HONEY.replace(b"andean-honey", key.encode())


def sent(desk, body, *, draft=True):
    answer = desk.post("ana", "/contributions" + ("?draft=1" if draft else ""), body)
    assert answer.status == 201, answer.text
    return answer.json()["id"]


def page_of(desk, path, **headers):
    answer = desk.server.get(path, "text/html", headers=headers)
    assert answer.status == 200, answer.text
    return answer


def told_on(page):
    """Return what a page tells of a thing: its title and the rows of its tables, as texts."""
    (title,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page)
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return title, [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]


def links_of(page):
    return {unescape(link) for link in re.findall(r'href="([^"]*)"', page)}


def trials_of(desk):
    return sorted(path.name for path in (desk.path / "revisions").glob("*.tried"))


def test_preview_when_a_draft_is_there_then_what_it_says_what_follows_and_what_its_neighbours_are_called(desk):
    one = sent(desk, honey("dawn-honey"))
    answer = page_of(desk, f"/contributions/{one}/preview")
    title, rows = told_on(answer.text)
    assert title == "Honey of the high valleys"
    assert any("High valley pollen" in row for row in rows)  # new, with its label
    assert any("Peru" in row for row in rows)  # published, with its label
    assert any(row.startswith("uses tool") for row in rows), rows  # nowhere stated: it follows from the applications
    assert b"usesTool" not in desk.server.get(f"/contributions/{one}/editions/1.nt").body
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert (answer.headers["ETag"], answer.headers["Last-Modified"]) == (None, None)


@pytest.mark.parametrize(("language", "banner", "title"), [
    ("en", "Preview: not published, nobody else finds it by searching.", "Honey of the high valleys"),
    ("es", "Vista previa: no está publicada, nadie más la encuentra al buscar.", "Miel de los valles altos")])
def test_preview_when_in_a_language_then_it_says_that_it_is_one_and_leads_on_in_that_language(desk, language, banner, title):
    one = sent(desk, honey(f"noon-{language}-honey"))
    root = f"/contributions/{one}"
    for page in (page_of(desk, f"{root}/preview?language={language}").text,
                 page_of(desk, f"{root}/preview", Accept_Language="x", **{"Accept-Language": language}).text):
        assert banner in page
        assert told_on(page)[0] == title
        assert f'<html lang="{language}">' in page
        links = links_of(page)
        assert {f"{root}?language={language}", f"{root}/form/short?language={language}", f"{root}/editions/1.ttl",
                f"?language={'en' if language == 'es' else 'es'}"} <= links
        assert not any(link.startswith("/reports/new") for link in links)
    assert f"{root}/preview/product/noon-{language}-honey-pollen?language={language}" in links_of(
        page_of(desk, f"{root}/preview?language={language}").text)


def test_preview_when_it_leads_to_things_then_new_ones_stay_inside_and_published_ones_are_where_they_are(desk):
    one = sent(desk, honey("dusk-honey"))
    root = f"/contributions/{one}/preview"
    page = page_of(desk, root).text
    inside = {link for link in links_of(page) if link.startswith(root + "/")}
    assert f"{root}/product/dusk-honey-pollen" in inside
    assert any(link.startswith(f"{root}/passage/dusk-honey") and "#" in link for link in inside), inside
    assert "/id/country/peru" in links_of(page)
    assert not any("dusk-honey" in link for link in links_of(page) - inside)
    for link in sorted(inside):
        assert "Preview: not published" in page_of(desk, link).text, link
    for link in sorted(link for link in links_of(page) if link.startswith(("/id/", "/graph/"))):
        assert desk.server.get(link).status == 200, link
    pollen = page_of(desk, f"{root}/product/dusk-honey-pollen").text
    assert told_on(pollen)[0] == "High valley pollen"
    assert f"{root}/experience/dusk-honey" in links_of(pollen)  # which names it
    graph = page_of(desk, f"{root}/graph/experience/dusk-honey/1").text
    assert "What this graph holds" in graph


def test_preview_when_looked_at_then_nobody_else_finds_what_it_shows(desk):
    one = sent(desk, honey("hidden-honey"))
    page_of(desk, f"/contributions/{one}/preview")
    assert trials_of(desk)
    assert "Beekeepers of the high valleys" not in desk.server.get("/search?q=beekeepers+valleys", "application/json").text
    for query in ("SELECT ?label { <id/experience/hidden-honey> rdfs:label ?label }",
                  "SELECT ?p { GRAPH <graph/experience/hidden-honey/1> { ?s ?p ?o } }"):
        assert desk.rows(ask_path(PREFIX + query)) == []
    assert desk.server.get("/id/experience/hidden-honey").status == 404
    assert desk.server.get("/graph/experience/hidden-honey/1").status == 404


def test_preview_when_the_case_is_then_published_then_its_page_tells_the_same(desk):
    one = sent(desk, honey("true-honey"), draft=False)
    root = f"/contributions/{one}/preview"
    previewed = {path: told_on(page_of(desk, f"{root}/{path}").text)
                 for path in ("experience/true-honey", "product/true-honey-pollen", "agent/true-honey-beekeepers")}
    for did in ("accept", "publish"):
        assert desk.note("beto", one, did).status == 200
    assert {path: told_on(page_of(desk, f"/id/{path}").text) for path in previewed} == previewed
    assert len(previewed["experience/true-honey"][1]) > 30
    assert trials_of(desk) == []  # of the revision before
    answer = desk.server.ask("GET", root, Accept="text/html")  # and follows where it leads
    assert (answer.status, "Preview" in answer.text) == (200, False)
    assert "How it came here" in answer.text or "how it came here" in answer.text


def test_preview_when_a_published_case_is_corrected_then_the_next_version_in_the_place_of_the_one_before(desk):
    one = sent(desk, honey("next-honey"), draft=False)
    for did in ("accept", "publish"):
        desk.note("beto", one, did)
    corrected = honey("next-honey").replace(b"Honey of the high valleys\"@en , \"Miel", b"Honey of the low valleys\"@en , \"Miel")
    assert desk.post("ana", f"/contributions/{one}?draft=1", corrected).status == 200
    root = f"/contributions/{one}/preview"
    page = page_of(desk, root).text
    assert told_on(page)[0] == "Honey of the low valleys"
    assert "Honey of the high valleys" not in page.partition('id="similar"')[0]  # others of that name are like it
    assert any(link.startswith(f"{root}/passage/next-honey") for link in links_of(page)), links_of(page)
    assert f"{root}/product/next-honey-pollen" in links_of(page)  # its own, though published
    assert told_on(page_of(desk, "/id/experience/next-honey").text)[0] == "Honey of the high valleys"


def test_preview_when_the_draft_is_saved_again_then_it_shows_that_and_the_same_is_tried_once(desk):
    one = sent(desk, honey("twice-honey"))
    root = f"/contributions/{one}/preview"
    page_of(desk, root)
    before = trials_of(desk)
    page_of(desk, root)
    page_of(desk, f"{root}/product/twice-honey-pollen")
    assert trials_of(desk) == before
    desk.post("ana", f"/contributions/{one}?draft=1", honey("twice-honey").replace(b"High valley pollen", b"Highest pollen"))
    assert any("Highest pollen" in row for row in told_on(page_of(desk, root).text)[1])


def test_preview_when_the_draft_holds_markup_and_faults_then_markup_is_text_and_the_faults_hinder_nothing(desk):
    hostile = honey("sly-honey").replace(b'"High valley pollen"@en', b'"<script>alert(1)</script><b title=\\"x"@en')
    faulty = hostile.replace(b"par:inCountry country:peru ;", b"")
    one = sent(desk, faulty)
    page = page_of(desk, f"/contributions/{one}/preview").text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page_of(desk, f"/contributions/{one}/preview/product/sly-honey-pollen").text


def test_preview_when_the_draft_speaks_of_what_is_not_its_own_then_that_is_no_page_of_it(desk):
    one = sent(desk, honey("bold-honey") + b'\ntool:financing rdfs:label "Taken over"@en .\n')
    root = f"/contributions/{one}/preview"
    assert f"{root}/tool/financing" not in page_of(desk, root).text
    assert desk.server.get(f"{root}/tool/financing").status == 404
    assert "Taken over" not in page_of(desk, "/id/tool/financing").text


@pytest.mark.parametrize("path", ["experience/ketal", "product/honey", "tool/nothing", "graph/toolbox/1", "a b", "%00", "graph/",
                                  "experience/odd-honey.ttl"])
def test_preview_when_the_contribution_does_not_bring_it_then_404(desk, path):
    one = getattr(desk, "odd", "") or sent(desk, honey("odd-honey"))
    desk.odd = one
    assert desk.server.get(f"/contributions/{one}/preview/{path.replace(' ', '%20')}").status == 404


@pytest.mark.parametrize("path", ["/contributions/aaaaaaaaaaaa/preview", "/contributions/aaaaaaaaaaaa/preview/product/honey",
                                  "/contributions/nothing/preview"])
def test_preview_when_there_is_no_contribution_then_404(desk, path):
    assert desk.server.get(path).status == 404


def test_preview_when_many_are_asked_at_once_then_each_is_answered_or_told_to_wait_and_one_reader_does_it(desk):
    ones = [sent(desk, honey(f"crowd-{number}-honey")) for number in range(10)]
    page_of(desk, f"/contributions/{ones[0]}/preview")
    processes = len(children_of(desk.server.process.pid))
    statuses = []

    def ask(one):
        statuses.append(desk.server.get(f"/contributions/{one}/preview", "text/html").status)

    threads = [threading.Thread(target=ask, args=(one,)) for one in ones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 429}
    assert 200 in statuses
    assert len(children_of(desk.server.process.pid)) <= processes
    assert len(trials_of(desk)) <= 8
    assert desk.server.get("/id/tool/financing").status == 200


def test_preview_when_a_person_is_removed_then_nothing_of_it_is_left_on_disk(desk):
    one = sent(desk, honey("named-honey").replace(b"Cooks of the invented fair", b"Zenobia Quispe Invented"))
    page_of(desk, f"/contributions/{one}/preview")
    removed = desk.post("admin", f"/contributions/{one}/remove-person",
                        b'{"person": "Zenobia Quispe Invented", "note": "Asked for."}', "application/json")
    assert removed.status == 200, removed.text
    assert trials_of(desk) == []
    assert "Zenobia" not in page_of(desk, f"/contributions/{one}/preview/agent/named-honey-cooks").text


def test_preview_when_a_contribution_or_its_form_is_open_then_linked_in_either_language(desk):
    one = sent(desk, honey("linked-honey"))
    for language, words in (("en", "See it as it will be published"), ("es", "Verla como se publicará")):
        for path in (f"/contributions/{one}", f"/contributions/{one}/form/short"):
            page = page_of(desk, f"{path}?language={language}").text
            assert f'<a href="/contributions/{one}/preview?language={language}">{words}</a>' in page


def test_preview_when_the_server_ends_then_no_trial_is_left(folder, tmp_path):
    desk = Desk(folder, tmp_path / "var")
    try:
        page_of(desk, f"/contributions/{sent(desk, honey('last-honey'))}/preview")
        assert len(trials_of(desk)) == 1
    finally:
        desk.server.end()
    assert trials_of(desk) == []


def test_preview_when_asked_as_an_inquiry_then_catalogue_search_and_names_have_the_case_and_the_published_graph_has_not(
        folder, tmp_path):
    data = tmp_path / "var"
    shutil.copytree(folder.path, data)
    settings, catalogue, tokens = Settings(data, "", 0, 60), Catalogue(shipped("queries")), Tokens(data)
    case, pollen = thing_iri("experience", "asked-honey"), thing_iri("product", "asked-honey-pollen")

    def found_by(inquiry):
        listed = {row[0].text for row in inquiry.table(inquiry.bound("find_experiences", {})).rows}
        searched = {found.thing for found in inquiry.search("high valley pollen", "en").found}
        return case in listed, pollen in searched, inquiry.labels([pollen], "es").get(pollen)

    with contributing_in(settings, catalogue) as contributing, asking(settings, catalogue) as published:
        ana = tokens.find(tokens.make("ana", "write", 1))
        one = contributing.take(ana, Upload(honey("asked-honey"), "turtle"), draft=True).contribution
        before = found_by(published)
        with contributing.preview(one) as trial:
            tried = Inquiry(trial, trial, catalogue).pinned()
            assert found_by(tried) == (True, True, "Polen de valle alto")
            with pytest.raises(QueryMalformed):
                tried.answer("SELECT", "json")
        assert before == found_by(published) == (False, False, None)
