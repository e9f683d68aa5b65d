"""What somebody sends: what passes, and what each fault is told as; on what is shipped, and on a case that is invented."""

import json
import shutil

import pytest
from rdflib import Graph
from rdflib.namespace import RDF, SH

from kg.catalogue import Catalogue
from kg.index import write_index
from kg.inquire import asking
from kg.names import local_name
from kg.settings import Settings, shipped
from kg.store.engine import Opened
from kg.store.revisions import DataFolder
from kg.store.written import write_graph
from kg.submissions.known_things import KnownThings
from kg.submissions.submission import Upload, check
from kg.submissions.wording_en import WORDS as ENGLISH
from kg.submissions.wording_es import WORDS as SPANISH
from tests.machine import ROOT

FOLDER = ROOT / "tests/data/submissions"
HONEY = (FOLDER / "andean_honey.ttl").read_text(encoding="utf-8")
BASE = "https://w3id.org/cocina-par/"
GRAPH = BASE + "graph/experience/andean-honey/1"
EXPERIENCE = "experience:andean-honey a par:SystematizedExperience ;"


@pytest.fixture
def checked(known, inspector):
    """Check a text."""
    def run(text, format="turtle", language="en"):
        return check(Upload(text.encode() if isinstance(text, str) else text, format), known, language, inspector)
    return run


def honey(old, new):
    """Return the case that passes with one thing changed."""
    assert old in HONEY
    return HONEY.replace(old, new, 1)


def said(submission, strength="must"):
    return [f"{one.message} {one.write}" for one in submission.findings if one.strength == strength]


def one_of(submission, *words):
    """Return the one finding that says all these words."""
    found = [one for one in submission.findings if all(word in f"{one.message} {one.write}" for word in words)]
    assert len(found) == 1, submission.findings
    return found[0]


def test_submission_when_whole_then_nothing_is_found_and_all_stands_in_its_graph(checked):
    submission = checked(HONEY)
    assert submission.findings == []
    assert (submission.key, submission.experience) == ("andean-honey", BASE + "id/experience/andean-honey")
    assert {quad.graph_name.value for quad in submission.quads} == {GRAPH}
    assert len(submission.quads) >= 60


@pytest.mark.parametrize("format", ["ntriples", "jsonld", "rdfxml", "trig", "nquads"])
def test_submission_when_sent_in_another_format_then_the_same(checked, format):
    first = checked(HONEY)
    quads = first.quads if format in ("trig", "nquads") else [quad.triple for quad in first.quads]
    again = checked(write_graph(quads, format), format)
    assert again.findings == []
    assert set(again.quads) == set(first.quads)


OWN_CONTEXT = BASE + "context.jsonld"
EXAMPLE = json.loads((ROOT / "docs/examples/new_experience.jsonld").read_text(encoding="utf-8"))


@pytest.mark.parametrize("named", [
    OWN_CONTEXT, [OWN_CONTEXT], [{"lake": f"{BASE}id/experience/lake-"}, OWN_CONTEXT], [{}, OWN_CONTEXT, {"a": OWN_CONTEXT}]])
def test_submission_when_json_ld_names_our_context_then_the_same_as_turtle_without_a_connection(checked, named):
    first = checked((ROOT / "docs/examples/new_experience.ttl").read_text(encoding="utf-8"))
    again = checked(json.dumps({**EXAMPLE, "@context": named}), "jsonld")
    assert first.findings == again.findings == []
    assert len(first.quads) >= 28
    assert set(again.quads) == set(first.quads)


@pytest.mark.parametrize("named", [
    "http://example.org/context.jsonld", [OWN_CONTEXT, "http://example.org/context.jsonld"], OWN_CONTEXT + "?",
    {"@import": OWN_CONTEXT}])
def test_submission_when_json_ld_names_another_context_then_refused_and_told_of_ours(checked, named):
    finding = one_of(checked(json.dumps({**EXAMPLE, "@context": named}), "jsonld"), "nothing is fetched here")
    assert (finding.strength, f'"@context": "{OWN_CONTEXT}"' in finding.write) == ("must", True)


def test_submission_when_json_ld_names_our_context_very_often_then_refused_and_not_grown(checked):
    node = json.dumps({"@context": OWN_CONTEXT, "id": "experience:lake-cheese", "label": {"en": "x"}})
    assert "nothing is fetched here" in said(checked(f"[{','.join([node] * 10_000)}]", "jsonld"))[0]


@pytest.mark.parametrize(("spoil", "words"), [
    (lambda text: text.replace("inCountry", "inCuntry"), "no term inCuntry"),
    (lambda text: text.replace('"Document"', '"Dokument"'), "no term Dokument"),
    (lambda text: text.replace('"country:bolivia"', '"country:bolivia",'), "it breaks off at line {line}, column"),
    (lambda text: text.replace("country:bolivia", OWN_CONTEXT), "context.jsonld is not of the class"),
])
def test_submission_when_json_ld_with_our_context_is_wrong_then_told_as_with_any(checked, spoil, words):
    text = spoil((ROOT / "docs/examples/new_experience.jsonld").read_text(encoding="utf-8"))
    line = next((n for n, one in enumerate(text.split("\n"), 2) if '"country:bolivia",' in one), 0)
    assert words.format(line=line) in " ".join(said(checked(text, "jsonld"))), said(checked(text, "jsonld"))


@pytest.mark.parametrize("written", ["12.25", "28500000.5", "-0.001", "85", '"12.25"'])
def test_number_when_written_in_json_ld_with_our_context_then_a_decimal(inspector, written):
    text = f'{{"@context": "{OWN_CONTEXT}", "id": "quantity:x", "numericValue": {written}}}'
    (quad,) = inspector.read(Upload(text.encode(), "jsonld")).quads
    assert (quad.object.value, local_name(quad.object.datatype.value)) == (written.strip('"'), "decimal")


def test_submission_when_a_passage_has_a_graph_of_its_own_then_it_may(checked):
    text = HONEY + f"""
        passage:2 a par:Passage ; rdfs:label "Second"@en , "Segundo"@es ; par:isPassageOf document:andean-honey ;
            par:passagePosition 2 ;
            par:hasPassageKind <{BASE}id/passage-kind/section> ; par:hasNamedGraph <{GRAPH}/2> .
        <{GRAPH}/2> a par:NamedGraph ; rdfs:label "Of the second"@en , "Del segundo"@es .
        GRAPH <{GRAPH}/2> {{ experience:andean-honey skos:altLabel "Pollen"@en }}"""
    submission = checked(text, "trig")
    assert submission.findings == []
    assert {quad.graph_name.value for quad in submission.quads} == {GRAPH, GRAPH + "/2"}
    assert "No passage has the graph" in said(checked(text.replace(f"par:hasNamedGraph <{GRAPH}/2>", ""), "trig"))[0]


@pytest.mark.parametrize(("old", "new", "words"), [
    ("country:peru ;", "country:peruu ;", ["There is no country/peruu in the graph", "mean country/peru?", "country:peru."]),
    ("tool:financing .", "tool:finance .", ["There is no tool/finance", "tool/financing"]),
    ("tool:financing .", "approach:innovation .", ["approach/innovation is not of the class", "par:appliesTool tool:financing"]),
    ("par:numericValue 85", 'par:numericValue "many"^^<http://www.w3.org/2001/XMLSchema#integer>', ["many will not do", "28000"]),
    ("par:partNumber 1", 'par:partNumber "one"^^<http://www.w3.org/2001/XMLSchema#integer>',
     ["not of the form", "for example: 3"]),
    ("par:passagePosition 1", "par:passagePosition 0", ["0 will not do as par:passagePosition", "par:passagePosition 12"]),
    ("par:passagePosition 1", "par:passagePosition 1 , 2", ["There are too many of par:passagePosition: 2."]),
    ("par:hasRole role:input-supplier ;", "", ["par:hasRole is missing", "par:hasRole role:buyer"]),
    ("par:involvesAgent agent", "par:involvesAgents agent", ["no term par:involvesAgents. Did you mean par:involvesAgent?"]),
    ("a par:Asset ;", "a par:Assets ;", ["no term par:Assets. Did you mean par:Asset?"]),
    ('"Pastos en flor"@es', '"Pastos en flor"@fr', ["not one in English and one in Spanish"]),
    (' , "Pastos en flor"@es', "", ["rdfs:label is in English alone", "write it in Spanish too", "Peru"]),
    ('"Flowering pastures"@en , ', "", ["rdfs:label is in Spanish alone", "write it in English too", "Peru"]),
    ('"Pastos en flor"@es', '"Pastos en flor"@es-PE', ["A text names a region", "Pastos en flor@es-pe", "@es."]),
    ('"Flowering pastures"@en', '"<b>Flowering</b>"@en', ["A name has markup"]),
    ('"Flowering pastures"@en', '"Flowering\\u202E pastures"@en', ["the character U+202E, which is not seen"]),
    ('"Flowering pastures"@en', '"Flowering\\u0007 pastures"@en', ["the character U+0007"]),
    ('"Flowering pastures"@en', '"Flowering pastures"@en--ltr', ["uses RDF 1.2"]),
    (EXPERIENCE, EXPERIENCE + " rdfs:seeAlso <javascript:alert(1)> ;", ["javascript:alert(1) is no web address"]),
    (EXPERIENCE, EXPERIENCE + " rdfs:seeAlso <file:///etc/passwd> ;", ["file:///etc/passwd is no web address"]),
    (EXPERIENCE, EXPERIENCE + ' rdfs:seeAlso " javascript:alert(1)" ;', ["javascript:alert(1) is no web address"]),
    (EXPERIENCE, EXPERIENCE + " rdfs:seeAlso [ rdfs:label \"x\"@en ] ;", ["spoken of without a name"]),
    (EXPERIENCE, EXPERIENCE + " rdfs:seeAlso <<( country:peru a par:Country )>> ;", ["uses RDF 1.2"]),
    (EXPERIENCE, EXPERIENCE + f' rdfs:comment "{"x" * 20_001}" ;', ["A text has 20,001 characters"]),
    (EXPERIENCE, EXPERIENCE + f" rdfs:seeAlso <https://example.org/{'x' * 300}> ;", ["more than 300 characters"]),
    ("dcterms:license <", "dcterms:rights <", ["under which licence", "dcterms:license <https://creativecommons.org"]),
    ("par:isPassageOf document:andean-honey ;", "par:isPassageOf document:toolbox ;", ["would add to document/toolbox"]),
    ("par:isPassageOf document:andean-honey ;", "par:isPassageOf document:toolbox ;", ["No passage of the document states it"]),
    ("agent:andean-honey-cooks a", "agent:andean-honey-Cooks a", ["agent/andean-honey-Cooks is not spelled as keys are"]),
    ("agent:andean-honey-cooks a par:AgentGroup ;", "agent:andean-honey-cooks", ["what agent/andean-honey-cooks is"]),
    ("agent:andean-honey-cooks a", "agent:honey-cooks a", []),
    ("agent:andean-honey-cooks a", "role:honey-cooks a", ["not its own: role/honey-cooks rdf:type par:AgentGroup"]),
    ("agent:andean-honey-cooks a", "agent:fao a", ["not its own: agent/fao rdf:type par:AgentGroup"]),
    ("agent:andean-honey-cooks a", "<http://example.org/x> a", ["not its own: http://example.org/x rdf:type par:AgentGroup"]),
])
def test_submission_when_one_thing_is_wrong_then_told_where_and_what_to_write(checked, old, new, words):
    text = honey(old, new)
    submission = checked(text)
    if not words:
        assert not submission.blocked
        return
    finding = one_of(submission, *words)
    assert finding.strength == "must"
    line = text.split("\n")[finding.line - 1][finding.column - 1:]
    assert line.startswith((f"par:{local_name(finding.field)} ", f"rdfs:{local_name(finding.field)} ", "a ")) \
        or local_name(finding.record) in line.partition(" ")[0]


@pytest.mark.parametrize(("old", "new", "words"), [
    ('dcterms:bibliographicCitation "', 'rdfs:comment "', ["who wrote the document"]),
    ('"Honey of the high valleys"@en , "Miel', '"Mieles del Sur"@en , "Miel', ["(experience/mieles-del-sur)?"]),
    ('"High valley pollen"@en', '"Honey"@en', ["The graph has product/honey of the same name", "id/product/honey>"]),
    ("agent:andean-honey-cooks a par:AgentGroup", "agent:andean-honey-cooks a par:Event", ["stand in another folder"]),
])
def test_submission_when_something_should_be_mended_then_it_is_told_and_passes(checked, old, new, words):
    finding = one_of(checked(honey(old, new)), *words)
    assert finding.strength == "should"


def test_submission_when_it_says_next_to_nothing_then_it_is_asked_for_entry_ways_and_tools(checked):
    text = HONEY[:HONEY.index("tool-application:andean-honey-fairs-associativity a")]
    submission = checked(text)
    assert [one.strength for one in submission.findings] == ["should", "should"]
    assert "par:usesEntryWay entry-way:fairs" in one_of(submission, "on which way").write
    assert "par:usesTool tool:associativity" in one_of(submission, "which tools").write


def test_submission_when_it_has_no_document_then_refused(checked):
    text = HONEY.replace("document:andean-honey a par:Document ;", "document:andean-honey a par:Asset ;")
    assert any("from which document" in words for words in said(checked(text)))


def test_submission_when_it_speaks_about_others_then_each_triple_is_named(checked):
    submission = checked((FOLDER / "another_case.trig").read_text(encoding="utf-8"), "trig")
    told = "\n".join(said(submission))
    for words in ("about the ontology, which contributions do not change: par:Tool rdfs:label anything@en",
                  "not its own: experience/ketal rdfs:label Another's@en", "not its own: agent/fao rdfs:label Another's@en",
                  "nobody states it: experience/another-case prov:wasAttributedTo agent/fao",
                  "not a contribution's to say: experience/another-case owl:sameAs experience/ketal",
                  "add to experience/maqueo, which is not its own: tool-application/another-case-1 par:ofExperience",
                  "add to tool/quality, which is not its own: tool-step/another-case-1 par:isStepOf tool/quality",
                  "tool/another-case would be a new par:Tool", "graph/toolbox/3-1 is not a graph of its own"):
        assert words in told


def test_submission_when_its_iri_is_taken_then_another_is_asked_for(checked):
    text = HONEY.replace("andean-honey", "ketal").replace("Honey of the high valleys", "Another")
    finding = next(one for one in checked(text).findings if "is in the graph already" in one.message)
    assert finding.record == BASE + "id/experience/ketal"
    assert "id/experience/ketal-2>" in finding.write


@pytest.mark.parametrize(("text", "words"), [
    ("", "It states nothing"), ("<http://a/b> <http://a/c> 1 .", "It holds no experience"),
    ((FOLDER / "two_experiences.ttl").read_text(encoding="utf-8"), "2 experiences: experience/invented-fair, experience/inv"),
    (HONEY.replace("experience:andean-honey", "experience:Andean"), "is no IRI for an experience"),
    (HONEY.replace("experience:andean-honey", "tool:andean-honey"), "is no IRI for an experience"),
])
def test_submission_when_it_is_not_one_experience_then_refused(checked, text, words):
    submission = checked(text)
    assert words in said(submission)[0]
    assert (submission.key, submission.experience, submission.quads) == ("", "", [])


@pytest.mark.parametrize(("old", "new", "words"), [
    ("a par:AgentGroup ;", "a par:AgentGroup , par:Event ; skos:definition \"x\"@en , \"x\"@es ;", "agent/andean-honey-cooks"),
    ("tool-application:andean-honey-fairs-financing", "tool-application:andean-honey-credit", "key of an entry in a cell"),
])
def test_submission_when_it_contradicts_the_ontology_then_refused(checked, old, new, words):
    finding = one_of(checked(honey(old, new)), "contradicts the ontology", words)
    assert finding.strength == "must"


def test_submission_when_asked_for_in_spanish_then_told_in_spanish(checked):
    finding = one_of(checked(honey("country:peru ;", "country:peruu ;"), language="es"), "country/peruu")
    assert finding.message == "No hay country/peruu en el grafo, y nada aquí dice qué es. ¿Quería decir country/peru?"
    assert finding.write.startswith("Diga en qué país")


def test_wording_when_compared_then_both_languages_say_all_and_leave_the_same_open():
    def opened(sentences):
        return {word.partition("}")[0] for sentence in sentences for word in sentence.replace("{{", "").split("{")[1:]}

    assert ENGLISH.keys() == SPANISH.keys()
    assert {name: opened(ENGLISH[name]) for name in ENGLISH} == {name: opened(SPANISH[name]) for name in SPANISH}


def test_submission_when_the_case_is_there_already_then_it_may_come_again_and_another_may_not_take_its_things(
        checked, inspector, folder, tmp_path):
    copy = DataFolder(tmp_path / "var")
    shutil.copytree(folder.path, copy.path)
    copy.commit("honey", lambda _: False, checked(HONEY).quads, lambda store, index: write_index(Opened(store), index))
    with asking(Settings(copy.path, "", 0, 30), Catalogue(shipped("queries"))) as inquiry:
        after = KnownThings(inquiry)
        again = check(Upload(HONEY.encode(), "turtle"), after, inspector=inspector)
        assert [one.strength for one in again.findings] == ["may"]
        assert "new version" in again.findings[0].message
        shorter = HONEY.replace("andean-honey", "andean").replace("agent:andean-beekeepers", "agent:andean-honey-beekeepers")
        told = said(check(Upload(shorter.encode(), "turtle"), after, inspector=inspector))
        assert any("agent/andean-honey-beekeepers is in the graph already" in words for words in told)


def test_findings_when_there_are_very_many_then_the_rest_is_counted(checked):
    text = HONEY + "".join(f'<http://example.org/{n}> rdfs:label "x"@en .\n' for n in range(500))
    submission = checked(text)
    assert len(submission.findings) == 201
    assert submission.findings[-1].message.startswith("There are 500 more findings") or said(submission, "may")


@pytest.mark.parametrize(("name", "code", "words"), [
    ("andean_honey.ttl", 0, "experience/andean-honey: Nothing must be mended."),
    ("two_experiences.ttl", 1, "must: It holds 2 experiences"),
    ("last_line.nt", 1, "it breaks off at line 4"),
])
def test_validate_when_a_file_is_given_then_a_report_and_its_exit_code(parkg, name, code, words):
    done = parkg("validate", str(FOLDER / name))
    assert (done.returncode, done.stderr) == (code, "")
    assert words in done.stdout


def test_validate_when_json_or_shacl_is_asked_for_then_another_program_can_read_it(parkg):
    text = honey("country:peru ;", "country:peruu ;")
    tree = json.loads(parkg("validate", "-", "--format", "turtle", "--json", stdin=text).stdout)
    assert not tree["passes"]
    (found,) = tree["findings"]
    assert found["record"] == BASE + "id/experience/andean-honey"
    assert text.split("\n")[found["line"] - 1].strip() == "par:inCountry country:peruu ;"
    done = parkg("validate", "-", "--format", "turtle", "--shacl", "--language", "es", stdin=text)
    report = Graph().parse(data=done.stdout, format="turtle")
    (result,) = report.subjects(RDF.type, SH.ValidationResult)
    assert report.value(result, SH.resultSeverity) == SH.Violation
    assert report.value(result, SH.resultMessage).language == "es"
    assert report.value(predicate=SH.result, object=result) == next(report.subjects(SH.conforms))


@pytest.mark.parametrize(("arguments", "words"), [(["-"], "--format"), (["nowhere.ttl"], "nowhere.ttl")])
def test_validate_when_it_cannot_be_told_what_the_file_is_then_exit_code_2(parkg, arguments, words):
    done = parkg("validate", *arguments, stdin="")
    assert done.returncode == 2
    assert words in done.stderr


ROSA = """
agent:andean-honey-rosa a par:Person ; rdfs:label "Rosa Invented"@en , "Rosa Inventada"@es .
"""


@pytest.mark.parametrize(("said_of_her", "strength"), [
    ("", "must"), ("par:namesUnasked", "should"), ("par:namesAsPublished", ""), ("par:namesWithConsent", "")])
def test_person_when_named_then_it_must_be_said_whether_they_agreed(checked, said_of_her, strength):
    told = f"<{GRAPH}> {said_of_her} agent:andean-honey-rosa ." if said_of_her else ""
    submission = checked(HONEY + ROSA + told)
    found = [one for one in submission.findings if one.record.endswith("/agent/andean-honey-rosa")]
    assert [one.strength for one in found] == [strength] * bool(strength), submission.findings
    assert len(submission.findings) == len(found)
    if strength == "must":  # what it says to write passes
        example = found[0].write.partition("and write ")[2].partition(" .")[0] + " ."
        assert checked(HONEY + ROSA + example).findings == []
        assert "nada dice que haya aceptado" in checked(HONEY + ROSA, language="es").findings[0].message


def test_person_when_published_and_pointed_at_then_asked_for_as_well(checked):
    text = honey("par:involvesAgent agent", "par:involvesAgent agent:marie-helene-collion , agent")
    assert one_of(checked(text), "names a person, agent/marie-helene-collion").strength == "must"
    assert checked(text + f"<{GRAPH}> par:namesAsPublished agent:marie-helene-collion .").findings == []


@pytest.mark.parametrize(("old", "new"), [("par:namesWithConsent agent", "par:namesWithConsent agent:fao , agent")])
def test_person_when_what_is_named_is_none_then_refused(checked, old, new):
    text = HONEY + ROSA + f"<{GRAPH}> par:namesWithConsent agent:andean-honey-rosa ."
    assert "agent/fao is not of the class" in " ".join(said(checked(text.replace(old, new))))


@pytest.mark.parametrize(("text", "contact"), [
    ("Write to rosa.inv@mail.example.org for honey.", "rosa.inv@mail.example.org"),
    ("Ask on +591 2 277 1234.", "+591 2 277 1234"), ("Teléfono: 277-1234, mornings.", "Teléfono: 277-1234"),
    ("Cel. (71) 234 5678", "Cel. (71) 234 5678"),
    ("In 2005-2010, 1 234 567 hives, 85 % of 12.500.000 bolivianos, ISBN 978-92-5-107547-7.", ""),
    ("Project P083051 gave 5,000-7,000 to each @ 12 %; 2026-11-27.", "")])
def test_contact_when_in_a_text_then_told_by_whether_anybody_agreed(checked, text, contact):
    def spoiled(more=""):
        submission = checked(honey("made-up group of families that sells", f"made-up group. {text} It sells") + more)
        return [(one.strength, one.found) for one in submission.findings]
    assert spoiled() == ([("must", contact)] if contact else [])
    if contact:
        assert spoiled(ROSA + f"<{GRAPH}> par:namesWithConsent agent:andean-honey-rosa .") == [("should", contact)]


def test_replication_when_it_says_which_case_it_repeats_then_accepted_but_never_of_itself_or_from_the_other_end(checked):
    def spoiled(more):
        return said(checked(honey(EXPERIENCE, f"{EXPERIENCE} {more} ;")))
    assert spoiled("par:repeatsCase experience:ketal") == []
    assert "is not of the class" in spoiled("par:repeatsCase tool:financing")[0]
    assert "contradicts the ontology" in spoiled("par:repeatsCase experience:andean-honey")[0]
    assert "would add to experience/ketal" in spoiled("par:isRepeatedBy experience:ketal")[0]
