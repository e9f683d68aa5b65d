"""A person's name is taken out on request: no byte of it is left in the data folder, and the fact that it was is kept."""

import gzip

import pytest

from kg.amend import Amending
from kg.build import shipped_sources
from kg.catalogue import Catalogue
from kg.contributions.contribute import Contributing
from kg.contributions.ledger import Ledger
from kg.contributions.reports import Reports
from kg.errors import GraphProtected, MoveForbidden, MoveImpossible, ParameterInvalid
from kg.inquire import Inquiry
from kg.reason import read_rules
from kg.redaction import Redaction
from kg.settings import shipped
from kg.store.changes import Upload
from kg.store.engine import open_revision
from kg.store.rdf import NamedNode, RdfFormat
from kg.store.readers import Readers
from kg.store.revisions import DataFolder
from kg.store.writers import Writer
from kg.submissions.known_things import KnownThings
from kg.submissions.submission import check
from kg.tokens import Tokens
from tests.machine import ROOT

CHEESE = (ROOT / "docs/examples/new_experience.ttl").read_text(encoding="utf-8")
GRAPH = "https://w3id.org/cocina-par/graph/experience/lake-cheese/1"
PERSON = "https://w3id.org/cocina-par/id/agent/lake-cheese-filomena"
NAMED = f"""{CHEESE}
<{PERSON}> a par:Person ; rdfs:label "Filomena Quispe Ñandú"@en , "Filomena Quispe Ñandú"@es ;
    skos:altLabel "Filo"@en , "Filo"@es ;
    skos:definition "Quispe Ñandú, Filomena, makes it."@en , "Hace el queso."@es .
<https://w3id.org/cocina-par/id/asset/lake-cheese-of-filomena-quispe-nandu> a par:Asset ;
    rdfs:label "What FILOMENA  QUISPE NANDU makes"@en , "Lo que hace Filomena Quispe Ñandú"@es .
<{GRAPH}> par:namesWithConsent <{PERSON}> .
"""
NAME = ("filomena", "quispe", "ñandú", "nandu", '"filo"')


def names(text):
    return any(part in text for part in NAME)


def holding(path):
    """Return the files of a data folder in which the name stands, looked for in their bytes and in what stores and packs hold."""
    found = set()
    for file in path.rglob("*"):
        if file.is_file() and file.name != "tokens.json":
            body = file.read_bytes()
            body = gzip.decompress(body) if file.suffix == ".gz" else body
            if names(body.decode("utf-8", "replace").lower()) or names(file.name):
                found.add(str(file.relative_to(path)))
    for store in (path / "revisions").iterdir():
        if store.is_dir() and names(open_revision(store).dump(format=RdfFormat.N_QUADS).decode().lower()):
            found.add(str(store.relative_to(path)))
    return found


@pytest.fixture
def office(built):
    """Contributions to the cube, without a server; the folder, and tokens."""
    readers, writer, tokens = Readers(30, 1), Writer(30), Tokens(built.path)
    inquiry = Inquiry(built, readers, Catalogue(shipped("queries")))
    amending = Amending(built, writer, tokens, plain=False)
    def checked(upload, language):
        return check(upload, KnownThings(inquiry), language)
    names = {name: tokens.find(tokens.make(name, scope, 1)) for name, scope in
             (("ana", "write"), ("beto", "review"), ("admin", "admin"))}
    yield Contributing(Ledger(built.path), amending, checked, read_rules(shipped_sources().rules)), built.path, names
    amending.close()
    readers.close()


def test_person_when_removed_on_request_then_no_byte_of_the_name_is_left_and_the_fact_is_told(office):
    contributing, path, who = office
    assert holding(path) == set()
    one = contributing.take(who["ana"], Upload(NAMED.encode(), "turtle"), note="After Filomena Quispe").contribution.id
    for did in ("accept", "publish"):
        contributing.move(who["beto"], one, did, "Filomena Quispe Ñandú was asked.")
    corrected = NAMED.replace("makes it", "presses it")
    contributing.take(who["ana"], Upload(corrected.encode(), "turtle"), one)
    Reports(path).take("x", "The cheese is of Filomena Quispe Nandu.", PERSON, contact="filomena-quispe-nandu@example.org")
    with gzip.open(path / "dump.nq.gz", "wt", encoding="utf-8") as dump:  # as whatever else may keep copies of the graph
        dump.write(f'<{PERSON}> <http://www.w3.org/2000/01/rdf-schema#label> "Filomena Quispe Ñandú" <{GRAPH}> .\n')
    number = DataFolder(path).current().number
    assert {f"contributions/{one}/1.nq", f"contributions/{one}/2.nq", f"contributions/{one}/history.jsonl", "dump.nq.gz",
            f"revisions/{number}", f"revisions/{DataFolder(path).index(DataFolder(path).current()).path.name}"} <= holding(path)
    why = "Filomena Quispe Ñandú asked for it by letter."
    with pytest.raises(MoveForbidden):
        contributing.remove_person(who["beto"], one, PERSON, why)
    removed = contributing.remove_person(who["admin"], one, PERSON, why)
    assert removed.left == []
    assert removed.places > 8
    assert holding(path) == {f"contributions/{one}/history.jsonl"}  # a part of the name, in the note of whoever sent it
    assert contributing.remove_person(who["admin"], one, "Filomena Quispe", "So too.").places == 1
    assert holding(path) == set()
    assert {each.name for each in (path / "revisions").iterdir()} == {str(number + 2), f"{number + 2}.search"}
    event = contributing.ledger.get(one).events[-2]
    assert (event.who, event.did) == ("admin", "remove-person")
    assert event.note == f"(name removed) asked for it by letter. ({removed.places} places)"
    def published(version):
        store = open_revision(path / "revisions" / str(DataFolder(path).current().number))
        return {str(quad) for quad in store.quads_for_pattern(None, None, None, NamedNode(f"{GRAPH[:-1]}{version}"))}
    told = published(1)
    assert any("personRemovedOn" in triple for triple in told)
    assert any('"What (name removed) makes"@en' in triple for triple in told)
    assert any('/id/agent/removed-' in triple and '"(nombre retirado)"@es' in triple for triple in told)
    with pytest.raises(ParameterInvalid):
        contributing.remove_person(who["admin"], one, PERSON, why)  # it stands nowhere any more
    for did in ("accept", "publish"):  # the next version tells of it too
        again = contributing.move(who["beto"], one, did)
    assert again.version == 2
    assert any("personRemovedOn" in triple for triple in published(2))
    assert holding(path) == set()


def test_removal_when_it_would_spoil_more_than_a_name_then_refused_and_nothing_changed(office):
    contributing, path, who = office
    spoiled = CHEESE.replace("lake-cheese", "spoiled-fair").encode()
    one = contributing.take(who["ana"], Upload(spoiled, "turtle")).contribution.id
    number = DataFolder(path).current().number
    for person, why, error in (("in", "asked", ParameterInvalid), ("", "asked", ParameterInvalid),
                               ("schools", "", ParameterInvalid),
                               ("Nobody of that name", "asked", ParameterInvalid), ("Spoiled fair", "asked", MoveImpossible),
                               ("Bolivia", "asked", GraphProtected)):
        with pytest.raises(error):
            contributing.remove_person(who["admin"], one, person, why)
    assert DataFolder(path).current().number == number
    assert b"bolivia" in (path / f"contributions/{one}/1.nq").read_bytes()


@pytest.mark.parametrize(("text", "left"), [
    ("María Pérez came", "(name removed) came"), ("maria  perez", "(name removed)"),
    ("Pérez, María (2020)", "(name removed) (2020)"), ("id/agent/maria-perez", "id/agent/x"),
    ("https://example.org/Maria%20Perez", "https://example.org/(name removed)"),
    ("mari\u0301a pe\u0301rez", "(name removed)"), ("Ana María Pérezosa", "Ana María Pérezosa"),
    ("write to ana@mail.org.", "write to (name removed)."),
    ("anaa@mail.org", "anaa@mail.org"), ("María Elena Pérez", "María Elena Pérez")])
def test_text_when_redacted_then_every_spelling_of_the_name_goes_and_nothing_else(text, left):
    redaction = Redaction(("María Pérez", "ana@mail.org"), instead="x")
    assert redaction.redacted(text) == left
    assert redaction.holds(text) == (left != text)
    assert not redaction.holds(redaction.redacted(text))


def test_redaction_when_a_name_is_shorter_than_a_word_then_refused():
    with pytest.raises(ParameterInvalid):
        Redaction(("Al",))
