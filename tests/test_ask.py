"""Questions in plain words: what they name, which queries are offered, silence where nothing fits; over HTTP and as a command."""

import json
import re
import shlex
import shutil
import sqlite3
import urllib.parse

import pytest

from bench.questions import figures, outcomes, report
from kg.ask import ask
from kg.catalogue import read_query
from kg.errors import ParameterInvalid, QueryFileMalformed, StoreUnavailable
from kg.heard import language_of
from kg.index import is_whole
from kg.names import kind_of, path_of
from kg.search import Index
from kg.speech import read_speech
from kg.store.indexes import IndexAt
from kg.words import one_slip_apart, singular, words_of
from tests.machine import ROOT

QUERIES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))


def path(question, kind="application/json"):
    return "/ask?" + urllib.parse.urlencode({"q": question}), kind


@pytest.fixture(scope="module")
def found(inquiry):
    return outcomes(inquiry)


@pytest.mark.parametrize(("name", "least"), [
    ("a-tuned", {"among_three": 35, "first": 27, "rightly_silent": 9}),
    ("a-held", {"among_three": 37, "first": 31, "rightly_silent": 9})])
def test_questions_of_readers_when_asked_then_at_least_so_many_are_right(name, least, found):
    counts = figures(one for one in found if one.set == name)
    assert (counts["answerable"], counts["unanswerable"]) == (40, 10)
    assert {key: counts[key] for key in least if counts[key] < least[key]} == {}


def test_questions_of_readers_when_asked_then_the_docs_have_the_figures_and_the_misses(found):
    assert "\n".join(report(found)) in (ROOT / "docs/ask.md").read_text(encoding="utf-8")


def test_questions_of_readers_when_read_then_half_are_spanish_and_every_query_named_is_there(found):
    first = [one for one in found if one.set.startswith("a-")]
    assert len(first) == 100
    assert sum(one.language == "es" for one in first) == 50
    assert {name for one in found for name in one.queries} <= set(QUERIES)
    tuned = [one for one in found if one.set != "c"]
    assert [one.asked.question for one in tuned if one.asked.language != one.language] == []


@pytest.mark.parametrize(("question", "query", "given"), [
    ("Which tools did Maqueo use?", "list_cells", {"class": "par:Tool", "experience": "experience/maqueo", "language": "en"}),
    ("¿Qué herramientas usó Ketal?", "list_cells", {"class": "par:Tool", "experience": "experience/ketal", "language": "es"}),
    ("Which approaches did Ketal use?", "list_cells",
     {"class": "par:Approach", "experience": "experience/ketal", "language": "en"}),
    ("Which tools and approaches did Ketal use?", "list_cells", {"experience": "experience/ketal", "language": "en"}),
    ("Quienes participaron en el festival nam", "list_participants", {"case": "experience/nam-festival", "language": "es"}),
    ("experiences in Chile", "list_experiences", {"country": "country/chile", "language": "en"}),
    ("Which kinds of alliance are there?", "list_categories", {"class": "par:AllianceType", "language": "en"})])
def test_ask_when_things_are_named_then_the_query_takes_them(question, query, given, inquiry):
    best = ask(question, inquiry).candidates[0]
    assert (best.query.name, dict(best.given)) == (query, given)


@pytest.mark.parametrize("question", ["Which tools did Maqueo use?", "¿Qué herramientas usó Maqueo?"])
def test_ask_when_tools_are_asked_for_then_the_answer_has_tools_alone(question, server):
    rows = server.get(*path(question)).json()["answer"]["results"]["results"]["bindings"]
    assert rows
    assert {path_of(row["item"]["value"]).partition("/")[0] for row in rows} == {"tool"}


@pytest.mark.parametrize(("question", "said"), [
    ("which tools did Maqueo not use", "does not understand “not”"),
    ("Which tools didn't Ketal apply?", "does not understand “not”"),
    ("¿Qué herramientas no usó Maqueo?", "no se entiende el «no»"),
    ("experiencias que no están en Chile", "no se entiende el «no»")])
def test_ask_when_it_is_asked_what_is_not_so_then_it_is_not_answered_as_if_it_were(question, said, inquiry, server):
    asked = ask(question, inquiry)
    assert (asked.candidates, asked.is_negated) == ([], True)
    assert asked.near
    language = {"Accept-Language": asked.language}
    assert said in server.get(*path(question, "text/html"), headers=language).text


@pytest.mark.parametrize(("question", "query"), [
    ("Which tools are not used by any experience?", "list_tools_without_example"),
    ("En qué no coinciden los documentos", "list_discrepancies"), ("¿En qué no están de acuerdo?", "list_discrepancies")])
def test_ask_when_a_query_tells_what_is_not_so_then_it_answers(question, query, inquiry):
    assert ask(question, inquiry).candidates[0].query.name == query


def test_ask_when_two_are_compared_then_both_are_bound_in_order(inquiry):
    best = ask("Compare Gustu with El Bodegón", inquiry).candidates[0]
    assert (best.query.name, best.given["first"], best.given["second"]) == (
        "list_case_comparison", "experience/gustu", "experience/el-bodegon")


def test_ask_when_a_name_is_ambiguous_then_all_that_bear_it_are_kept(inquiry):
    (named,) = [one for one in ask("Who worked on communication?", inquiry).named if one.words == "communication"]
    assert {"tool/communication", "approach/communication"} <= {path_of(thing.thing) for thing in named.things}


def test_ask_when_a_long_name_holds_a_shorter_one_then_the_long_one_alone(inquiry):
    assert [one.words for one in ask("Tell me about Mieles del Sur", inquiry).named] == ["mieles del sur"]


def test_ask_when_what_a_query_needs_is_not_named_then_it_is_not_asked_but_may_be_near(inquiry):
    asked = ask("in which cells of the cube does this stand", inquiry)
    assert "list_cells" not in [one.query.name for one in asked.candidates]
    assert [one.missing for one in asked.near if one.query.name == "list_cells"] == [("experience",)]


@pytest.mark.parametrize("question", ["What is the weather tomorrow?", "¿Quién ganó el mundial de fútbol?", "xyzzy", "the of and",
                                      "?", "", "x" * 500, "🐝 \x00 ' \" * OR NEAR(", "a " * 200, "hello, thank you very much",
                                      "🐝🐝🐝"])
def test_ask_when_nothing_fits_then_it_is_silent(question, inquiry):
    assert ask(question, inquiry).candidates == []


@pytest.mark.parametrize("question", ["Quelles sont les expériences du Chili ?", "Quais são as experiências com mel no Chile?",
                                      "Welche Erfahrungen gibt es mit Honig in Chile und wer hat sie?"])
def test_ask_when_the_language_is_another_then_it_is_silent(question, inquiry):
    assert ask(question, inquiry).candidates == []


@pytest.mark.parametrize("question", ["What is the phone number of Gustu?", "¿Cuál es el correo de Ketal?", "capital of Chile",
                                      "¿Quién ganó las elecciones en Bolivia?", "Will it rain in Chiloé?"])
def test_ask_when_what_is_asked_of_a_thing_is_not_held_then_it_is_silent_and_names_the_thing(question, inquiry):
    asked = ask(question, inquiry)
    assert asked.candidates == []
    assert asked.named
    assert asked.found.found


def test_ask_when_it_is_too_long_then_told_how_long_it_may_be(inquiry):
    with pytest.raises(ParameterInvalid, match=r"has 501 characters\. Ask in 500 at the most"):
        ask("x" * 501, inquiry)


@pytest.mark.parametrize(("question", "query", "given"), [
    ("Gustu", "show_case", "experience/gustu"), ("What is Punta Chilén?", "show_case", "experience/punta-chilen"),
    ("¿Qué es Corpapa?", "show_case", "experience/corpapa"), ("Háblame de Colombia", "list_place_statements", "country/colombia"),
    ("heritage registry", "show_tool", "tool/heritage-registry")])
def test_ask_when_only_a_thing_is_named_then_what_is_told_of_it(question, query, given, inquiry):
    offered = {one.query.name: list(one.given.values()) for one in ask(question, inquiry).candidates[:3]}
    assert given in offered[query]


@pytest.mark.parametrize("question", [
    "¿Qué funcionó para productores de papa en Perú?", "what worked for potato producers in Peru", "papa en Peru",
    "¿Qué funcionó con la miel en Chile?", "what worked with honey in Chile", "qué funcionó en Chiloé", "garlic in Chile",
    "potato experiences in Peru"])
def test_ask_when_it_is_asked_what_worked_with_a_product_or_in_a_place_then_the_experiences_come_first(question, inquiry):
    first, second, *_ = ask(question, inquiry).candidates
    table = inquiry.table(inquiry.bound(first.query.name, first.given))
    assert (table.columns[0], first.query.name in ("find_paths", "find_experiences")) == ("experience", True)
    assert {path_of(row[0].text).partition("/")[0] for row in table.rows} == {"experience"}
    assert second.score < first.score


@pytest.mark.parametrize(("question", "query"), [
    ("qué funcionó con el mango", "list_other_cases"), ("what worked in Colombia", "list_other_cases"),
    ("mango", "list_other_cases"), ("what worked in fairs", "list_entry_way_facts")])
def test_ask_when_no_experience_has_it_then_what_other_cases_or_a_way_have_to_tell(question, query, inquiry):
    assert ask(question, inquiry).candidates[0].query.name == query


@pytest.mark.parametrize(("name", "query", "thing"), [
    ("papa", "find_experiences", "product/potato"), ("honey", "find_experiences", "product/honey"),
    ("Perú", "list_experiences", "country/peru"), ("compras públicas", "list_entry_way_facts", "entry-way/public-purchases"),
    ("restaurants", "list_entry_way_facts", "entry-way/chefs"), ("quality", "show_tool", "tool/quality"),
    ("Gustu", "show_case", "experience/gustu"), ("INDAP", "find_mentions", "agent/indap"),
    ("par", "list_approach_experiences", "approach/par"), ("mujeres", "list_group_statements", "population-group/women")])
def test_ask_when_there_is_but_a_name_then_its_page_comes_first_and_what_is_told_of_it(name, query, thing, inquiry, server):
    asked = ask(name, inquiry)
    assert asked.is_bare
    assert (asked.candidates[0].query.name, thing in asked.candidates[0].given.values()) == (query, True)
    page = server.get(*path(name, "text/html")).text
    assert f'<strong><a href="/id/{thing}">' in page.partition("<h2")[0]
    assert server.get(*path(name)).json()["only_names"]


@pytest.mark.parametrize("question", ["Which tools did Maqueo use?", "risks of alliances", "risks", "háblame de Colombia",
                                      "How did they get there from Peru?"])
def test_ask_when_something_is_asked_of_a_name_then_it_is_no_bare_name(question, inquiry):
    assert not ask(question, inquiry).is_bare


@pytest.mark.parametrize(("question", "query", "given"), [
    ("¿Qué riesgos tienen las alianzas?", "list_risks", {"item": "tool/alliances"}),
    ("what are the risks of alliances?", "list_risks", {"item": "tool/alliances"}),
    ("riesgos del financiamiento", "list_risks", {"item": "tool/financing"}),
    ("riesgos de vender en ferias", "list_path_risks", {"entry_way": "entry-way/fairs"}), ("riesgos", "list_risks", {})])
def test_ask_when_risks_are_asked_for_then_risks_and_nothing_else_are_told(question, query, given, inquiry):
    best = ask(question, inquiry).candidates[0]
    assert (best.query.name, {name: value for name, value in best.given.items() if name != "language"}) == (query, given)


@pytest.mark.parametrize(("question", "given"), [
    ("¿Qué necesito para vender en supermercados?", "entry-way/supermarkets"),
    ("what is needed for fairs", "entry-way/fairs"), ("¿Qué se necesita para una feria?", "entry-way/fairs")])
def test_ask_when_what_a_way_needs_is_asked_then_its_conditions_and_tools_and_no_kind_that_was_not_said(question, given, inquiry):
    best = ask(question, inquiry).candidates[0]
    assert best.query.name in ("list_path_conditions", "list_path_tools")
    assert set(best.given.values()) - {"en", "es"} == {given}


def test_ask_when_wordings_that_are_as_near_stand_for_different_values_then_none_is_given(inquiry):
    nearest = {"vender en ferias": None, "consejos para vender en ferias": "par:Recommendation",
               "lecciones aprendidas al vender en ferias": "par:Lesson"}
    for question, kind in nearest.items():
        asked = ask(question, inquiry)
        given = [one.given.get("kind") for one in (*asked.candidates, *asked.near) if one.query.name == "list_path_lessons"]
        assert given == [kind], question


@pytest.mark.parametrize("question", ["papa en Peru", "compras públicas", "INDAP", "what other cases are there with potatoes"])
def test_ask_as_a_page_when_graphs_say_so_then_they_are_marks_and_no_raw_addresses(question, server):
    page = server.get(*path(question, "text/html")).text
    table = page.partition("<table>")[2].partition("</table>")[0]
    assert 'class="mark' in table
    assert re.findall(r">[^<]*graph/[^<]*<", table) == []


@pytest.mark.parametrize(("wrong", "right"), [("which toools did Maqueo use", "which tools did Maqueo use"),
                                              ("experiencias en Bolvia", "experiencias en Bolivia"),
                                              ("lessons about trsut", "lessons about trust")])
def test_ask_when_a_word_has_a_slip_then_as_without_it(wrong, right, inquiry):
    asked, meant = ask(wrong, inquiry), ask(right, inquiry)
    assert len(asked.mended) == 1
    assert [(one.query.name, one.given) for one in asked.candidates] == [(one.query.name, one.given) for one in meant.candidates]
    assert meant.mended == {}


@pytest.mark.parametrize(("question", "query", "given"), [
    ("selling to school canteens: which experiences?", "list_entry_way_experiences", "entry-way/public-purchases"),
    ("¿qué experiencias venden a cocineros?", "list_entry_way_experiences", "entry-way/chefs"),
    ("steps to register the heritage of food", "list_tool_steps", "tool/heritage-registry"),
    ("pitfalls of retailers", "list_path_risks", "entry-way/supermarkets"),
    ("¿Qué enseñan sobre la confianza?", "list_insights", "theme/trust")])
def test_ask_when_it_is_said_in_other_words_then_the_query_and_the_thing_are_found(question, query, given, inquiry):
    offered = {one.query.name: list(one.given.values()) for one in ask(question, inquiry).candidates[:3]}
    assert given in offered.get(query, [])


def test_ask_when_a_text_tells_it_then_the_query_is_asked_of_the_thing_of_which_that_is_told(inquiry):
    asked = ask("¿Cuánto compró Frito Lay de papas industriales?", inquiry)
    (given,) = [one.given for one in asked.candidates if one.query.name in ("list_events", "list_participants")][:1]
    assert given["case"] == "cluster-case/peru-frito-lay-potatoes"


def test_ask_when_it_is_answered_then_the_answer_has_rows(found, inquiry):
    offered = [one.asked.candidates[0] for one in found if one.asked.candidates]
    assert len(offered) > 100
    for best in offered[::10]:
        assert inquiry.table(inquiry.bound(best.query.name, best.given)).rows


def test_other_names_when_looked_up_then_each_is_of_a_thing_that_is_there(inquiry):
    paths = read_speech().named.values()
    assert len(paths) > 30
    there = {path_of(one.thing) for one in inquiry.known({f"https://w3id.org/cocina-par/id/{path}" for path in paths})}
    assert paths - there == set()


def test_what_is_not_held_when_compared_with_the_questions_of_the_catalogue_then_none_asks_for_it(inquiry):
    asked = {"en": [query.question for query in inquiry.catalogue.all()],
             "es": [query.question_es for query in inquiry.catalogue.all()]}
    foreign = [(unit.words, question) for language, questions in asked.items() for question in questions
               for unit in read_speech().units(words_of(question), language) if unit.is_foreign]
    assert foreign == []
    assert any(unit.is_foreign for unit in read_speech().units(words_of("the weather tomorrow"), "en"))


@pytest.mark.parametrize(("one", "other", "apart"), [
    ("trust", "trsut", True), ("tool", "tools", True), ("fair", "fare", False), ("chain", "chan", True), ("ab", "abcd", False),
    ("same", "same", False), ("price", "prize", True), ("abcd", "badc", False), ("risk", "rsik", True)])
def test_one_slip_apart_when_two_words_are_compared_then_one_letter_more_less_other_or_moved(one, other, apart):
    assert one_slip_apart(one, other) == one_slip_apart(other, one) == apart


@pytest.fixture(scope="module")
def names(rows):
    """The names of things by kind and key, in each language."""
    found = rows("SELECT ?thing ?label (LANG(?label) AS ?language) { ?thing rdfs:label ?label } ORDER BY ?thing ?label")
    return {(thing, language): label for thing, label, language in found}


def needs_more_than_a_thing(query):
    return any(p.default == "required" and (p.kind not in ("class", "iri") or p.name in ("class", "property", "graph", "passage",
                                                                                                "row"))  # of a pivot
               for p in query.parameters)


def test_queries_when_asked_by_their_own_questions_and_the_things_of_their_examples_then_among_the_first_three(inquiry, names):
    tried = 0
    for query in inquiry.catalogue.all():
        for language, question in (("en", query.question), ("es", query.question_es)):
            if needs_more_than_a_thing(query):
                continue
            tried += 1
            kinds = {p.name: kind_of(p.of_class) for p in query.parameters}
            keys = [value if "/" in value else f"{kinds[name]}/{value}" for name, value in query.example.items()]
            named = ", ".join(names[key, language] for key in keys if (key, language) in names)
            offered = ask(f"{named}: {question}", inquiry).candidates[:3]
            assert query.name in [one.query.name for one in offered], (named, question)
    assert tried > 160


@pytest.mark.parametrize("query", QUERIES)
def test_wording_when_it_stands_for_values_then_they_can_be_bound(query, inquiry):
    entry = inquiry.catalogue.get(query)
    assert entry.asked
    for wording in entry.asked:
        inquiry.bound(query, {**entry.example, **wording.given})


def test_wording_when_it_gives_what_the_query_does_not_take_then_the_file_is_refused(tmp_path):
    text = (ROOT / "queries/list_tool_steps.rq").read_text(encoding="utf-8")
    file = tmp_path / "list_tool_steps.rq"
    file.write_text(text.replace("#+ param", "#+ asked: steps | step=1\n#+ param", 1), encoding="utf-8")
    with pytest.raises(QueryFileMalformed, match="gives step, and the query has no such parameter"):
        read_query(file)


@pytest.mark.parametrize(("question", "language"), [
    ("Which tools are there?", "en"), ("¿Qué herramientas hay?", "es"), ("que herramientas uso ketal", "es"), ("Ketal", ""),
    ("Tell me about El Bodegón", "en")])
def test_language_of_when_told_by_small_words_then_that(question, language):
    assert language_of(question) == language


@pytest.mark.parametrize(("one", "many"), [("fair", "fairs"), ("country", "countries"), ("feria", "ferias"),
                                           ("productor", "productores"), ("agente", "agentes"), ("stage", "stages")])
def test_singular_when_a_word_is_one_or_many_then_the_same(one, many):
    assert singular(one) == singular(many)


def test_index_when_it_is_of_an_earlier_version_then_it_is_refused_and_a_build_makes_it_anew(cube_alone, tmp_path):
    from kg.build import build, shipped_sources
    from kg.store.revisions import DataFolder
    checkout = tmp_path / "cube"
    shutil.copytree(cube_alone, checkout)
    folder = DataFolder(checkout / "var")
    index = folder.index(folder.current())
    assert is_whole(index)
    database = sqlite3.connect(index.path)
    database.execute("DROP TABLE called")
    database.close()
    with pytest.raises(StoreUnavailable):
        Index(index)
    assert not build(folder, shipped_sources(checkout)).fresh
    assert Index(index).called(["gustu"], "es")
    assert not is_whole(IndexAt(tmp_path / "none", 1))


def test_ask_over_http_when_it_fits_then_the_answer_with_its_query_and_the_next_ones(server):
    tree = server.get(*path("Which tools did Maqueo use?")).json()
    assert tree["language"] == "en"
    answer = tree["answer"]
    assert answer["query"] == "list_cells"
    assert "experience/maqueo" in answer["sparql"]
    rows = answer["results"]["results"]["bindings"]
    assert len(rows) == len(server.get(answer["ask"], "application/sparql-results+json").json()["results"]["bindings"]) > 10
    for other in tree["others"]:
        assert server.get(other["ask"], "application/sparql-results+json").status == 200
    assert {"words": "maqueo", "things": [{"thing": "https://w3id.org/cocina-par/id/experience/maqueo", "kind": "experience",
                                           "in_part": False}]} in tree["named"]


def test_ask_over_http_when_parts_are_asked_for_then_they_are_given_and_linked(server):
    address, kind = path("Which tools did Maqueo use?")
    answer = server.get(address + "&page_size=2&page=2", kind)
    assert len(answer.json()["answer"]["results"]["results"]["bindings"]) == 2
    assert 'rel="prev"' in ", ".join(answer.headers.get_all("Link"))
    assert server.get(address + "&page=999", kind).status == 404


def test_ask_over_http_when_nothing_fits_then_no_answer_and_what_is_near(server):
    tree = server.get(*path("How do I cook a potato causa?")).json()
    assert (tree["answer"], tree["others"]) == (None, [])
    assert "product/potato" in json.dumps(tree["named"])
    page = server.get(*path("How do I cook a potato causa?", "text/html")).text
    assert "No query of the catalogue fits" in page
    assert 'href="/id/product/potato"' in page


def test_ask_as_a_page_when_it_fits_then_table_query_passages_and_values(server):
    page = server.get(*path("¿Quién aplicó la herramienta financiamiento?", "text/html")).text
    assert 'href="/queries/list_tool_experiences?tool=tool/financing' in page
    assert "tool <strong>Financing</strong>" in page
    assert 'href="/id/passage/' in page
    assert "<summary>The SPARQL</summary>" in page
    assert "<script>" not in page
    assert "<script src" not in page


def test_ask_as_a_page_when_there_is_no_question_then_the_box_there_and_on_the_first_page(server):
    for address in ("/ask", "/"):
        page = server.get(address, "text/html")
        assert page.status == 200
        assert '<form method="get" action="/ask" role="search"' in page.text


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", "'\"><img src=x>", "{{ 7*7 }}", "\x00", "🐝" * 200,
                                    "'; DROP TABLE entry; --", "Gustu\" NEAR(*) } UNION { ?s ?p ?o"])
def test_ask_over_http_when_the_question_is_hostile_then_it_is_escaped(attack, server):
    answer = server.get(*path(attack, "text/html"))
    assert answer.status == 200
    assert "<script>" not in answer.text
    assert "<img" not in answer.text


@pytest.mark.parametrize(("fields", "told"), [("", "q is missing"), ("q=", "q is missing"),
                                              ("question=x", "/ask has no parameter question"),
                                              ("q=zzzz&page=0", "page=0 will not do"),
                                              ("q=" + "x" * 600, "Ask in 500 at the most")])
def test_ask_over_http_when_it_will_not_do_then_422(fields, told, server):
    answer = server.get("/ask?" + fields, "application/json")
    assert answer.status == 422
    assert told in answer.json()["detail"]


def test_ask_as_a_command_when_it_fits_then_the_command_that_was_meant_gives_the_same_table(parkg):
    done = parkg("ask", "which", "tools", "did", "Maqueo", "use")
    assert done.returncode == 0
    meant = done.stderr.partition("asked as: parkg ")[2].partition("  (")[0]
    assert done.stdout.startswith(parkg(*shlex.split(meant)).stdout.rstrip("\n"))
    assert "You may also have meant:" in done.stdout
    tree = json.loads(parkg("ask", "which tools did Maqueo use", "--json").stdout)
    assert tree["answer"]["query"] == "list_cells"
    assert tree["answer"]["results"]["results"]["bindings"]


def test_ask_as_a_command_when_nothing_fits_then_it_says_so_with_exit_code_1(parkg):
    done = parkg("ask", "what is the weather in Chile tomorrow")
    assert done.returncode == 1
    assert "No query of the catalogue fits this question." in done.stdout
    assert "country/chile" in done.stdout
    assert json.loads(parkg("ask", "xyzzy", "--json").stdout)["answer"] is None


def test_words_when_compared_then_case_and_accents_do_not_matter():
    assert words_of("¿Qué ES?") == ["que", "es"]


@pytest.mark.parametrize(("question", "language"), [
    ("Which tools did Maqueo use?", "en"), ("¿Qué herramientas usó Maqueo?", "es")])
def test_example_of_the_first_page_when_asked_then_what_is_asked_and_not_all_that_is_stated(server, inquiry, question, language):
    assert f'placeholder="{question}"' in server.get("/", "text/html", headers={"Accept-Language": language}).text
    assert ask(question, inquiry).candidates[0].query.name == "list_cells"
