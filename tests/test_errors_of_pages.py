"""What a page says of an address that will not do: in the reader's language, and the same whatever page it is."""

import html
import re

import pytest

ENGLISH = re.compile(r"\b(will not do|is expected|has no parameter|Did you mean|Choose from|there is no|of that key)\b")


def told(answer):
    """Return what a page has in its main part, as text."""
    (main,) = re.findall(r"(?s)<main.*?</main>", answer.text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.mark.parametrize(("address", "spanish"), [
    ("/path?who=x", "who=x no sirve: se espera un papel o un sector"),
    ("/path?entry_way=nowhere", "entry_way=nowhere no sirve: se espera uno de"),
    ("/path?product=nope", "product=nope no sirve"),
    ("/path/canvas?case=nope", "case=nope no sirve: no hay nada de esa clase"),
    ("/cube?country=atlantis", "country=atlantis no sirve: se espera uno de"),
    ("/cube?cell=financing", "escriba una clave para cada lado"),
    ("/cube?rows=colour", "rows=colour no sirve"), ("/cube?colour=red", "/cube no tiene el parámetro colour"),
    ("/cube?rows=tool&rows=country", "rows está 2 veces"),
    ("/map?count=apples", "count=apples no sirve"), ("/projects?country=narnia", "country=narnia no sirve"),
    ("/queries?area=cubes", "area=cubes no sirve"),
    ("/queries/show_cell?tool=finance&entry_way=fairs", "¿Quiso decir financing"),
    ("/queries/show_cell?toool=financing", "no tiene el parámetro toool. ¿Quiso decir tool?"),
    ("/queries/list_insights?page=two", "page=two no sirve: se espera un número entero"),
    ("/queries/find_statements?thing=ketal", "el grafo no dice nada de"),
    ("/search?q=miel&kind=tols", "kind=tols no sirve: se espera uno de"),
    ("/id/tool/financing?colour=red", "/id/tool/financing no tiene el parámetro colour"),
    ("/id/tool?colour=red", "/id/tool no tiene el parámetro colour"),
    ("/ontology?colour=red", "/ontology no tiene el parámetro colour"),
    ("/search?q=miel&limit=0", "un número entero de 1 a 100"),
    ("/coverage?document=nope", "document=nope no sirve"), ("/contributions?behind=2", "behind=2 no sirve")])
def test_address_when_it_will_not_do_then_a_spanish_page_says_so_in_spanish_alone(server, address, spanish):
    answer = server.get(address, "text/html", headers={"Accept-Language": "es"})
    assert spanish in told(answer)
    assert not ENGLISH.search(told(answer))
    assert answer.status == 422


def test_address_when_it_will_not_do_then_a_program_is_told_in_english(server):
    told = server.get("/cube?country=atlantis", "application/json", headers={"Accept-Language": "es"}).json()
    assert (told["title"], told["detail"][:33]) == ("A parameter will not do", "country=atlantis will not do: one")


PAGES = ("/", "/cube", "/path", "/compare", "/map", "/projects", "/search", "/ask", "/queries", "/about", "/coverage",
         "/download", "/api", "/contributions")


@pytest.mark.parametrize("path", PAGES)
def test_page_when_its_address_has_what_it_does_not_know_then_refused_and_what_others_hang_on_it_not(server, path):
    for wrong, field in (("?language=fr", "language=fr"), ("?colour=red", "colour"), ("?language=es&language=en", "language")):
        answer = server.get(path + wrong, "text/html")
        assert (answer.status, field in told(answer)) == (422, True), wrong
    plain, hung = server.get(path, "text/html"), server.get(path + "?fbclid=IwAR1&utm_source=mail", "text/html")
    assert (plain.status, hung.status) == (200, 200)
    assert "fbclid" not in hung.text


@pytest.mark.parametrize(("address", "offered", "name"), [
    ("/path?entry_way=nowhere&have=tool/financing", "/path?entry_way=fairs&have=tool/financing", "Participación en ferias"),
    ("/cube?rows=tool&columns=wey", "/cube?rows=tool&columns=entry-way", "vías de entrada"),
    ("/cube?country=country/per%C3%BA&country=chile", "/cube?country=peru&country=chile", "Perú"),
    ("/map?count=apples", "/map?count=projects", "proyectos de alianzas"),
    ("/projects?country=brasil", "/projects?country=brazil", "Brasil"),
    ("/search?q=miel&kind=tols", "/search?q=miel&kind=tool", "herramienta"),
    ("/path/canvas?case=ketl", "/path/canvas?case=experience/ketal", "experience/ketal")])
def test_address_when_a_value_will_not_do_then_those_that_would_are_offered_as_links_to_the_same_page(
        server, address, offered, name):
    page = server.get(address, "text/html", headers={"Accept-Language": "es"})
    links = dict(re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', page.text))
    assert (page.status, links.get(html.escape(offered))) == (422, name)
    assert server.get(offered, "text/html").status == 200
    told = server.get(address, "application/json", headers={"Accept-Language": "es"}).json()
    assert {"href": offered, "title": name} in told["links"]
