"""Search over labels and texts: both languages, accents and case, prefixes, typing errors; over HTTP and as a command."""

import json
import re
import urllib.parse
from collections import Counter

import pytest

import kg.search
from api import create_app
from kg.search import CLOSING, OPENING, Counted

BASE = "https://w3id.org/cocina-par/id/"


def first(inquiry, words, **more):
    return inquiry.search(words, **more).found[0].thing.removeprefix(BASE)


@pytest.mark.parametrize(("words", "thing"), [
    ("financing", "tool/financing"), ("FINANCIAMIENTO", "tool/financing"), ("honey", "product/honey"), ("miel", "product/honey"),
    ("chiloe", "place/chiloe"), ("Chiloé", "place/chiloe"), ("maqueo", "experience/maqueo"),
    ("public purch", "entry-way/public-purchases"),
    ("compras publicas", "entry-way/public-purchases"),
    ("ketal supermarkets", "experience/ketal"), ("bolivia", "country/bolivia"),
])
def test_search_when_a_name_is_given_however_it_is_written_then_the_thing_comes_first(words, thing, inquiry):
    assert first(inquiry, words) == thing


NOWHERE = ("quinua quinoa maíz leche trucha cuy alpaca avena cebada camote lenteja palta gallina huevo sorgo tractor kale barley "
           "oats trout goat tomato carrot onion lentils cassava orchard chicken milk maize wheat pineapple papaya limón cerdo"
           " arroz trigo zanahoria remolacha mandarina strawberries asparagus macadamia almonds camarones pimienta moringa "
           "tarwi cucumber")
MISTYPED = {"finaciamiento": "financiamiento", "supermercdos": "supermercados", "cooperatva": "cooperativa", "quinwa": "",
            "produtores": "productores", "comersio": "comercio", "mercdo": "mercado", "restarant": "restaurant", "hony": "honey",
            "aliance": "alliance", "govermnent": "government", "patrimono": "patrimonio", "clustr": "cluster",
            "bolvia": "bolivia",
            "colomvia": "colombia", "mielez": "mieles", "chese": "cheese", "suprmercdos": "supermercados"}


@pytest.mark.parametrize("word", NOWHERE.split())
def test_search_when_nothing_has_a_word_and_it_is_no_slip_then_it_is_taken_for_no_other(word, inquiry):
    hits = inquiry.search(word)
    assert (hits.found, hits.mended, len(hits.unknown)) == ([], {}, 1)


@pytest.mark.parametrize("word", MISTYPED)
def test_search_when_a_word_has_a_slip_in_it_then_what_was_likely_meant_is_found(word, inquiry):
    assert inquiry.search(word).mended == ({word: MISTYPED[word]} if MISTYPED[word] else {})


@pytest.mark.parametrize(("one", "several"), [
    ("crédito", "créditos"), ("préstamo", "préstamos"), ("feria", "ferias"), ("país", "países"), ("alianza", "alianzas"),
    ("cluster", "clusters"), ("company", "companies"), ("raíz", "raíces"), ("queso", "quesos"), ("campesino", "campesinos")])
def test_search_when_a_word_is_singular_or_plural_then_it_finds_the_same(one, several, inquiry):
    assert inquiry.counted(one) == inquiry.counted(several) != Counted({}, at_least=False)
    assert inquiry.search(one).mended == inquiry.search(several).mended == {}


def test_search_when_few_have_the_last_word_then_it_finds_what_begins_with_it_and_else_whole_words_alone(inquiry):
    assert "tool/financing" in [one.thing.removeprefix(BASE) for one in inquiry.search("financi").found]
    assert inquiry.search("publ compras").unknown == ("publ",)
    said = [one.snippet for one in inquiry.search("ñam", limit=100).found]
    assert said
    assert all(re.search(f"{OPENING}[ñn]am{CLOSING}", snippet, re.IGNORECASE) for snippet in said)


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing has the word <em>quinua</em>"),
                                                ("es", "Nada tiene la palabra <em>quinua</em>")])
def test_search_when_nothing_has_a_word_then_the_page_says_so_and_asks_for_a_case(language, said, server):
    for words in ("quinua", "miel quinua"):
        page = server.get(f"/search?q={urllib.parse.quote(words)}&language={language}", "text/html").text
        assert said in page
        assert '<a href="/contributions/new">' in page.partition(said)[2].partition("</p>")[0]
    assert server.get("/search?q=quinua", "application/json").json()["unknown"] == ["quinua"]


@pytest.mark.parametrize(("words", "mended", "thing"), [
    ("finansing", {"finansing": "financing"}, "tool/financing"),
    ("finanziamiento", {"finanziamiento": "financiamiento"}, "tool/financing"),
    ("ketall", {"ketall": "ketal"}, "experience/ketal")])
def test_search_when_a_word_is_mistyped_then_the_nearest_is_taken_and_told(words, mended, thing, inquiry):
    assert inquiry.search(words).mended == mended
    assert first(inquiry, words) == thing


def test_search_when_a_word_is_far_from_all_then_nothing_is_invented(inquiry):
    hits = inquiry.search("zzzzqqqq")
    assert (hits.found, hits.mended) == ([], {})


def test_search_when_all_words_are_nowhere_together_then_some_of_them(inquiry):
    assert first(inquiry, "honey zzzzqqqq") == "product/honey"


def test_search_when_asked_in_a_language_then_labels_and_snippets_are_in_it_and_the_passage_is_named(inquiry):
    english, spanish = (inquiry.search("ketal", language=code).found[0] for code in ("en", "es"))
    assert (english.thing, english.language, spanish.language) == (spanish.thing, "en", "es")
    assert english.passage.startswith(BASE + "passage/toolbox/")
    assert OPENING + "Ketal" + CLOSING in english.snippet


def test_search_when_kinds_are_named_then_only_those(inquiry):
    assert {one.kind for one in inquiry.search("quality", kinds=["tool", "lesson"]).found} <= {"tool", "lesson"}
    assert len(inquiry.search("market", limit=3).found) == 3


@pytest.mark.parametrize("words", ['"', "*", "NEAR(", "a OR", "label:x", "'; DROP TABLE entry --", "x" * 10_000,
                                   "\x00", "(" * 500, "AND", "{}", "qz", "\ud800".encode("utf-8", "replace").decode(), "-", "🐝"])
def test_search_when_the_words_are_no_words_then_never_an_error(words, inquiry):
    assert isinstance(inquiry.search(words).found, list)


def test_every_thing_when_it_has_a_label_then_it_is_found_by_it(inquiry, rows):
    """A random fifth of the things that a query can name."""
    named = rows("SELECT ?thing ?label { ?thing a par:ToolboxItem ; rdfs:label ?label } ORDER BY ?thing ?label")
    assert len(named) > 40
    for thing, label in named:
        assert thing in [one.thing.removeprefix(BASE) for one in inquiry.search(label).found[:3]], label


def test_search_over_http_when_asked_then_json_or_a_page_with_the_words_marked(server):
    found = server.get("/search?q=miel+chiloe", "application/json").json()
    assert found["taken_for"] == {}
    one = next(one for one in found["found"] if one["thing"] == BASE + "place/chiloe")
    assert [one["snippet"][start:end] for start, end in one["marked"]] == ["Chiloé"]
    page = server.get("/search?q=chiloe", "text/html", headers={"Accept-Language": "es"}).text
    assert "<mark>Chiloé</mark>" in page
    assert 'href="/id/place/chiloe"' in page
    assert "Nothing was found" in server.get("/search?q=zzzzqqqq", "text/html").text
    attack = "<script>alert(1)</script>"
    assert attack not in server.get("/search?" + urllib.parse.urlencode({"q": attack}), "text/html").text


def test_search_over_http_when_of_a_kind_or_cut_short_then_the_page_says_so_and_leads_to_the_rest(server):
    of_kind = server.get("/search?q=miel&kind=product", "text/html").text
    assert 'Only of the kind product. <a href="/search?q=miel">' in of_kind
    assert 'rel="next"' not in of_kind
    cut = server.get("/search?q=miel&limit=2", "text/html").text
    assert '<a href="/search?q=miel&amp;page=2&amp;limit=2" rel="next">Next</a>' in cut
    assert "1 to 2 of" in cut
    assert "Only of the kind" not in cut


@pytest.mark.parametrize("fields", ["q=alianza", "q=alianza&limit=100", "q=market&kind=lesson&kind=risk", "q=market&texts=en"])
def test_search_over_http_when_gone_through_page_by_page_then_all_that_was_counted_is_there_once(fields, server):
    address, found, kinds = f"/search?{fields}", [], Counter()
    while address:
        answer = server.get(address, "application/json")
        found += [one["thing"] for one in answer.json()["found"]]
        kinds.update(one["kind"] for one in answer.json()["found"])
        address = "".join(re.findall('<([^>]*)>; rel="next"', ", ".join(answer.headers.get_all("Link"))))
    wanted = urllib.parse.parse_qs(fields).get("kind", answer.json()["kinds"])
    assert len(found) == len(set(found)) == int(answer.headers["X-Total-Count"]) > 15
    assert kinds == {kind: number for kind, number in answer.json()["kinds"].items() if kind in wanted}


@pytest.mark.parametrize("format", ["csv", "ntriples"])
def test_search_over_http_when_a_later_page_is_asked_for_as_data_then_it_has_that_part_and_the_links(format, server):
    def things(answer):
        return set(re.findall(r"https://w3id.org/cocina-par/id/(?!passage)[a-z-]+/[^\s,>]+", answer.text))
    first, second = (server.get(f"/search?q=alianza&page={number}&format={format}") for number in (1, 2))
    assert min(len(things(first)), len(things(second))) > 15
    assert things(first).isdisjoint(things(second))
    links = ", ".join(second.headers.get_all("Link"))
    assert re.findall('rel="(first|prev|next|last)"', links) == ["first", "prev", "next", "last"]


@pytest.mark.parametrize("page", [35, 999_999])
def test_search_over_http_when_past_the_end_then_404_that_says_which_page_is_the_last(page, server):
    answer = server.get(f"/search?q=alianza&page={page}", "application/json")
    assert answer.status == 404
    last = -(-int(server.get("/search?q=alianza", "application/json").headers["X-Total-Count"]) // 20)
    assert f"page {last} is the last" in answer.json()["detail"]


def test_search_when_too_much_is_found_then_no_page_is_named_as_the_last_and_the_end_is_told(inquiry, amending, monkeypatch):
    monkeypatch.setattr(kg.search, "MOST_COUNTED", 10)
    client = create_app(inquiry, amending).test_client()
    answer = client.get("/search?q=producers", headers={"Accept": "application/json"})
    assert answer.headers["X-Total-Count"] == "unknown"
    assert re.findall('rel="(prev|next|last)"', ", ".join(answer.headers.getlist("Link"))) == ["next"]
    past = client.get("/search?q=producers&page=100", headers={"Accept": "application/json"})
    assert past.status_code == 404
    assert "only the best can be gone through" in past.json["detail"]


@pytest.mark.parametrize(("words", "telling"), [("alianza de la", "alianza"), ("the market of the", "market"),
                                                ("de alianza en a", "alianza")])
def test_search_when_small_words_stand_beside_others_then_they_find_nothing_by_themselves(words, telling, inquiry):
    assert inquiry.counted(words) == inquiry.counted(telling)
    found = inquiry.search(words, limit=100_000).found
    assert {one.thing for one in found} == {one.thing for one in inquiry.search(telling, limit=100_000).found}
    marked = {piece.partition(CLOSING)[0].lower() for one in found for piece in one.snippet.split(OPENING)[1:]}
    assert marked.isdisjoint({"de", "la", "the", "of", "en", "a"})


def test_search_when_there_are_only_small_words_then_they_are_searched_for(inquiry):
    assert inquiry.search("de la").found
    assert inquiry.search("de la").unknown == ()


def test_search_page_when_something_was_searched_for_then_the_caret_is_not_put_into_the_field(server):
    field = re.compile('<input id="q"[^>]*>')
    assert " autofocus" in field.search(server.get("/search", "text/html").text)[0]
    for words in ("miel", "zzzzqqqq"):
        assert " autofocus" not in field.search(server.get(f"/search?q={words}", "text/html").text)[0]


@pytest.mark.parametrize(("language", "said"), [("en", "q has 501 characters, and a search takes 500 at the most"),
                                                ("es", "q tiene 501 caracteres y una búsqueda admite 500 como máximo")])
def test_search_over_http_when_the_words_are_too_long_then_422_and_they_are_not_repeated(language, said, server):
    assert server.get("/search?q=" + "x" * 500, "text/html").status == 200
    answer = server.get("/search?q=" + "x" * 501, "text/html", headers={"Accept-Language": language})
    assert answer.status == 422
    assert said in answer.text
    assert answer.text.count("x" * 501) <= 3


@pytest.mark.parametrize(("fields", "told"), [
    ("", "q is missing"), ("q=x&limit=0", "limit=0 will not do: a whole number from 1 to 100"), ("q=x&language=fr", "en or es"),
    ("q=x&kinds=tool", "/search has no parameter kinds")])
def test_search_over_http_when_it_will_not_do_then_422(fields, told, server):
    answer = server.get("/search?" + fields, "application/json")
    assert answer.status == 422
    assert told in answer.json()["detail"]


def test_search_as_a_command_when_asked_then_lines_or_json(parkg):
    done = parkg("search", "miel", "chiloe")
    assert re.search(r"^place/chiloe  Chiloé$", done.stdout, re.MULTILINE)
    assert json.loads(parkg("search", "honey", "--json", "--kind", "product").stdout)["found"][0]["label"] == "honey"
    assert "financing was searched for" in parkg("search", "finansing").stderr
    assert "nothing was found of the kind nothing" in parkg("search", "miel", "--kind", "nothing").stdout
    assert "these are the first 2" in parkg("search", "miel", "--limit", "2").stderr


@pytest.mark.parametrize("words", ["honey", "miel", "quality", "zzz honey", "honey market", "zzzzqqqq"])
def test_search_when_counted_then_as_many_of_each_kind_as_it_finds_without_limit(inquiry, words):
    found = Counter(one.kind for one in inquiry.search(words, limit=100_000).found)
    assert inquiry.counted(words) == Counted(dict(sorted(found.items(), key=lambda one: (-one[1], one[0]))), at_least=False)


def test_search_when_too_much_is_found_to_count_then_it_says_at_least(inquiry, monkeypatch):
    monkeypatch.setattr(kg.search, "MOST_COUNTED", 10)
    counted = inquiry.counted("producers")
    assert counted.at_least
    assert sum(counted.kinds.values()) <= 10


def test_search_when_things_of_a_rare_kind_rank_behind_many_others_then_they_are_found(inquiry):
    rare = next(kind for kind, things in reversed(inquiry.counted("producers").kinds.items()) if things)
    assert [one.kind for one in inquiry.search("producers", kinds=[rare], limit=1).found] == [rare]


def test_search_when_nothing_of_a_kind_has_all_words_then_what_has_any_is_counted_as_it_is_found(inquiry, server):
    whole = inquiry.counted("mango exporters")
    assert whole.kinds
    assert "product" not in whole.kinds
    found = inquiry.search("mango exporters", kinds=["product"], limit=100).found
    assert found
    assert inquiry.counted("mango exporters", kinds=["product"]).kinds == {**whole.kinds, "product": len(found)}
    page = server.get("/search?q=mango+exporters&kind=product", "text/html").text
    assert f'role="status">{len(found)} found · ' in page
    assert inquiry.counted("mango exporters", kinds=["no-such-kind"]) == whole


@pytest.mark.parametrize("texts", ["en", "es"])
def test_search_when_texts_of_a_language_are_asked_for_then_only_these_are_told_and_counted(inquiry, texts):
    found = inquiry.search("cooperativa", texts, limit=100_000, texts=texts).found
    assert {one.language for one in found} <= {texts}
    assert len(found) == sum(inquiry.counted("cooperativa", texts).kinds.values())
