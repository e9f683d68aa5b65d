"""Shapes: each accepts its valid record, and refuses it once what a property shape asks for is taken away or doubled."""

import pytest
import rdflib
from rdflib.namespace import RDF, SH

from kg.build import shipped_sources, stated_triples
from kg.errors import SourceUnreadable
from kg.store.rdf import Literal, NamedNode, Triple, read_file
from kg.validate import read_shapes, validate
from tests.machine import ROOT

SHAPES = read_shapes(ROOT / "ontology/shapes")
NODE_SHAPES = sorted(SHAPES.subjects(RDF.type, SH.NodeShape))
PROPERTY_SHAPES = [(node, shape) for node in NODE_SHAPES for shape in SHAPES.objects(node, SH.property)]


def key(shape):
    return str(shape).rpartition("/")[2]


def record_of(shape):
    """Return the triples of a shape's valid record, the ontology and data around it, and the record."""
    own = read_record(key(shape))
    return own, own[0].subject


def read_record(name):
    return [quad.triple for quad in read_file(ROOT / f"tests/shapes/{name}.ttl")]


@pytest.fixture(scope="module")
def around():
    return stated_triples(shipped_sources())


def test_shapes_when_listed_then_each_has_a_record_and_messages_in_both_languages():
    assert {key(s) for s in NODE_SHAPES} == {p.stem for p in (ROOT / "tests/shapes").glob("*.ttl")}
    assert len(PROPERTY_SHAPES) >= 30
    for _, shape in PROPERTY_SHAPES:
        assert sorted(str(m.language) for m in SHAPES.objects(shape, SH.message)) == ["en", "es"]


@pytest.mark.parametrize("shape", NODE_SHAPES, ids=key)
def test_shape_when_given_its_valid_record_then_accepts_and_when_a_part_is_missing_or_wrong_then_refuses_there(shape, around):
    """All in one validation: the valid record, and for each part a copy of it that lacks the part or has it wrong."""
    own, record = record_of(shape)
    parts = {NamedNode(f"{record.value}/without-{n}"): part for n, part in enumerate(sorted(SHAPES.objects(shape, SH.property)))}
    copies = [triple for copy, part in parts.items() for triple in spoiled(own, record, copy, part)]
    found = validate(own + copies + context(own, around), SHAPES)
    assert not [v for v in found if v.record == record.value]
    for copy, part in parts.items():
        path = str(SHAPES.value(part, SH.path))
        there = [v for v in found if v.record == copy.value and v.property == path]
        if path == str(RDF.type) and SHAPES.value(shape, SH.targetClass) in kinds_of(part):
            assert not there, "what may be of the class itself is refused"
            continue
        assert there, f"nothing is found where {path} is missing or wrong"
        assert there[0].message == str(next(m for m in SHAPES.objects(part, SH.message) if m.language == "en"))


def kinds_of(part):
    return set(rdflib.collection.Collection(SHAPES, SHAPES.value(SHAPES.value(part, SH.qualifiedValueShape), SH["in"])))


def spoiled(own, record, copy, part):
    """Return the triples of a record under another name, without what a part asks for, or with what it does not allow."""
    path = NamedNode(str(SHAPES.value(part, SH.path)))
    kept = [t for t in own if t.subject == record and t.predicate != path]
    assert len(kept) < len([t for t in own if t.subject == record]), f"the record lacks {path}"
    if path.value == str(RDF.type):  # of no class it would be no record: it is of the one above all that it may be
        target = SHAPES.value(next(SHAPES.subjects(SH.property, part)), SH.targetClass)
        kept.append(Triple(record, path, NamedNode(str(target))))
    elif not SHAPES.value(part, SH.minCount):
        of_no_class = NamedNode("http://example.org/of-no-class")
        kept.append(Triple(record, path, Literal("a text") if SHAPES.value(part, SH.nodeKind) else of_no_class))
    return [Triple(copy, t.predicate, t.object) for t in kept]


def test_shapes_when_one_is_no_shape_then_that_is_said_without_a_stack_trace(tmp_path):
    (tmp_path / "bad.ttl").write_text("""@prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix par: <https://w3id.org/cocina-par/ontology#> .
        <http://example.org/s> a sh:NodeShape ; sh:targetClass par:Tool ; sh:property <http://example.org/nothing> .
        """, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match=r"A shape is not SHACL: .*example.org/nothing"):
        validate(read_record("tool"), read_shapes(tmp_path))


def context(own, around):
    """Return what the record names, with types, from what is shipped, and the subclasses that shapes walk."""
    named = {t.object for t in own}
    return [t for t in around if (t.subject in named and t.predicate.value == str(RDF.type))
            or t.predicate.value == str(rdflib.RDFS.subClassOf)]
