"""The editions of the shapes: none changes without a number, and a published case of an older one is carried over or listed."""

import json
import shutil

import pytest

from kg.amend import Upload
from kg.catalogue import Catalogue
from kg.contributions.ledger import Ledger
from kg.contributions.versions import Versions
from kg.desk import contributing_in
from kg.editions import Edition, carried, edition_iri, read_editions, shipped_editions
from kg.errors import ContributionFaulty, MoveImpossible, SourceUnreadable
from kg.settings import Settings, shipped
from kg.store.rdf import read_n_quads
from kg.tokens import Tokens
from kg.validate import read_shapes
from tests.desk import HONEY, Desk
from tests.editions import digest_of, shipped_digest
from tests.machine import ROOT
from tests.test_desk import parkg

NEWEST = shipped_editions()[-1].number
NEXT = NEWEST + 1
OLDER = HONEY.replace(b'"Andean honey"@en', b'"Honey"@en')
MIGRATION = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
DELETE { GRAPH ?g { ?s skos:scopeNote ?note } } INSERT { GRAPH ?g { ?s skos:editorialNote ?note } }
WHERE { GRAPH ?g { ?s skos:scopeNote ?note } }"""


def test_shapes_when_what_they_ask_changed_then_an_edition_says_so():
    assert shipped_editions()[-1].digest == shipped_digest(), (
        "What the shapes ask is other than in their newest edition: add one, as ontology/migrations/README.md says.")


@pytest.mark.parametrize(("change", "same"), [
    (("sh:minCount 2 ;", "sh:minCount 3 ;"), False),
    (("sh:order 1 ;", "sh:order 7 ;"), True),
    (('sh:name "Name"@en', 'sh:name "Called"@en'), True),
], ids=["constraint", "order", "name"])
def test_digest_when_shapes_change_then_other_only_where_they_ask_for_something_else(tmp_path, change, same):
    shutil.copytree(ROOT / "ontology/shapes", tmp_path / "shapes")
    core = tmp_path / "shapes/core.ttl"
    assert change[0] in core.read_text(encoding="utf-8")
    core.write_text(core.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    assert (digest_of(read_shapes(tmp_path / "shapes")) == shipped_digest()) is same


def test_editions_when_a_number_is_left_out_then_refused(tmp_path):
    told = (ROOT / "kg/data/editorial/shapes_editions.trig").read_text(encoding="utf-8")
    (tmp_path / "told.trig").write_text(told.replace("shapes-edition:1 ", "shapes-edition:2 "), encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="counted from 1"):
        read_editions(tmp_path / "told.trig", tmp_path)


def test_migration_when_it_is_no_update_then_refused():
    with pytest.raises(SourceUnreadable, match="not SPARQL Update"):
        carried([], 1, [Edition(1, ""), Edition(2, "", "MOVE THIS")])


@pytest.fixture
def kept(folder, tmp_path):
    """What keeps contributions in a copy of the shipped graph, with a case that the first edition of the shapes let pass."""
    data = tmp_path / "var"
    shutil.copytree(folder.path, data, ignore=shutil.ignore_patterns("tokens.json"))
    ana, beto = (Tokens(data).find(Tokens(data).make(name, "review", 1)) for name in ("ana", "beto"))
    with contributing_in(Settings(data, "", 0, 60), Catalogue(shipped("queries"))) as contributing:
        key = b"<https://w3id.org/cocina-par/id/experience/andean-honey>"
        noted = HONEY + b'\n%s <http://www.w3.org/2004/02/skos/core#scopeNote> "By hand."@en .\n' % key
        one = contributing.take(ana, Upload(noted, "turtle")).contribution
        for did in ("accept", "publish"):
            one = contributing.move(beto, one.id, did)
        yield contributing, one, beto, ana


def test_case_when_the_shapes_have_a_new_edition_then_carried_over_by_its_migration_and_the_older_version_stays(kept):
    contributing, one, beto, _ = kept
    assert one.shapes == NEWEST
    assert contributing.behind() == []
    with pytest.raises(MoveImpossible, match="the newest"):
        contributing.move(beto, one.id, "carry-over")
    contributing._editions = (*shipped_editions(), Edition(NEXT, "", MIGRATION))
    assert [behind.id for behind in contributing.behind()] == [one.id]
    two = contributing.move(beto, one.id, "carry-over")
    assert (two.version, two.shapes, two.state) == (2, NEXT, "published")
    assert contributing.behind() == []
    versions = Versions(contributing.ledger)
    history = versions.of("andean-honey")
    first, second = ({str(triple) for triple in versions.triples(history, history.version(number))} for number in (1, 2))
    assert any("scopeNote" in triple for triple in first)
    assert not any("editorialNote" in triple for triple in first)
    assert any("editorialNote" in triple for triple in second)
    assert not any("scopeNote" in triple for triple in second)
    assert any(edition_iri(NEWEST) in triple and "conformsTo" in triple for triple in first)
    assert any(edition_iri(NEXT) in triple and "conformsTo" in triple for triple in second)
    assert [(event.did, event.who) for event in two.events[-2:]] == [("carry-over", "beto"), ("publish", "beto")]
    assert history.version(2).contributor == "ana"


def test_case_when_no_migration_can_answer_then_listed_with_what_to_mend_and_left_as_it_is(kept):
    contributing, one, beto, _ = kept
    lost = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    DELETE { GRAPH ?g { ?s rdfs:label ?l } } WHERE { GRAPH ?g { ?s rdfs:label ?l } }"""
    contributing._editions = (*shipped_editions(), Edition(NEXT, "", lost))
    with pytest.raises(ContributionFaulty, match="asks for more") as caught:
        contributing.move(beto, one.id, "carry-over")
    assert caught.value.findings
    assert contributing.ledger.get(one.id) == one
    assert [behind.id for behind in contributing.behind()] == [one.id]


def test_case_when_accepted_before_a_new_edition_then_checked_again_as_it_is_published(kept):
    contributing, one, beto, ana = kept
    sent = contributing.take(ana, Upload(OLDER, "turtle"), one.id).contribution
    contributing.move(beto, sent.id, "accept")
    contributing._editions = (*shipped_editions(), Edition(NEXT, ""))
    published = contributing.move(beto, sent.id, "publish")
    assert (published.version, published.versions[2].shapes) == (2, NEXT)


def test_case_of_a_record_without_editions_when_carried_over_over_http_and_by_command_then_of_the_first(folder, tmp_path):
    desk = Desk(folder, tmp_path / "var")
    try:
        id = desk.post("ana", "/contributions", HONEY).json()["id"]
        for did in ("accept", "publish"):
            desk.note("beto", id, did)
        other = desk.post("ana", "/contributions", HONEY.replace(b"andean-honey", b"other-honey")).json()["id"]
        for did in ("accept", "publish"):
            desk.note("beto", other, did)
        history = tmp_path / f"var/contributions/{id}/history.jsonl"
        lines = [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines()]
        history.write_text("".join(json.dumps({name: value for name, value in line.items() if name != "shapes"}) + "\n"
                                   for line in lines), encoding="utf-8")
        assert Ledger(tmp_path / "var").get(id).shapes == 0
        listed = desk.server.get("/contributions?behind=1", "application/json").json()["contributions"]
        assert [one["id"] for one in listed] == [id]
        assert "Casos de una edición anterior" in desk.server.get("/contributions?behind=1&language=es", "text/html").text
        assert desk.server.get("/contributions?behind=2", "application/json").status == 422
        assert desk.note("ana", id, "carry-over").status == 403
        done = parkg(tmp_path / "var", desk.tokens["beto"], "carry-over", "--json")
        assert done.returncode == 0, done.stderr
        assert [(one["version"], one["shapes"]) for one in json.loads(done.stdout)] == [(2, NEWEST)]
        told = desk.server.get("/graph/experience/andean-honey/2.nt").text
        assert edition_iri(NEWEST) in told
        assert desk.server.get(f"/id/shapes-edition/{NEWEST}", "text/html").status == 200
        again = parkg(tmp_path / "var", desk.tokens["beto"], "carry-over")
        assert "newest edition" in again.stdout
        assert desk.note("beto", id, "carry-over").status == 409
    finally:
        desk.server.end()


def test_quads_when_carried_over_nothing_then_the_same(kept):
    contributing, one, *_ = kept
    quads = read_n_quads(contributing.ledger.body(one, one.edition))
    assert set(carried(quads, 1, shipped_editions())) == set(quads)


def test_case_of_the_first_edition_when_carried_over_then_its_texts_have_no_region_and_its_whole_document_is_named(checked):
    told = HONEY
    for now, before in ((b'"Pastos en flor"@es', b'"Pastos en flor"@es-PE'), (b"The whole report", b"The whole document"),
                        (b"El informe entero", b"El documento entero"),
                        (b"What the invented report states", b"What is stated in: The whole document"),
                        (b"Lo que afirma el informe inventado", b"Lo que se afirma en: El documento entero")):
        assert now in told
        told = told.replace(now, before)
    before = checked(Upload(told, "turtle"))
    assert before.blocked
    quads = carried(before.quads, 1, shipped_editions())
    after = checked(Upload("".join(f"{quad} .\n" for quad in quads).encode(), "nquads"))
    assert after.findings == []
    labels = {str(quad.object) for quad in quads if quad.predicate.value.endswith("#label")}
    assert {'"Pastos en flor"@es', '"Honey of the high valleys: an invented report, the whole document"@en',
            '"Miel de los valles altos: un informe inventado, el documento entero"@es',
            '"What is stated in: Honey of the high valleys: an invented report, the whole document"@en',
            '"Lo que se afirma en: Miel de los valles altos: un informe inventado, el documento entero"@es'} <= labels
    assert len(quads) == len(before.quads)
