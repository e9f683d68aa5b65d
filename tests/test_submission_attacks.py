"""What is sent to harm: each row of what parsers are attacked with is refused in plain words, in time, and nothing is fetched."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from kg.submissions.inspectors import Inspector
from kg.submissions.submission import Upload, check
from tests.servers import children_of
from tests.test_submission import HONEY, checked

__all__ = ["checked"]

RDFXML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://example.org/">'
LAUGHS = "<!DOCTYPE r [<!ENTITY a0 \"ha\">" + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20)) + "]>"
QUADRATIC = f'<!DOCTYPE r [<!ENTITY a "{"x" * 100_000}">]>{RDFXML}<a:b>{"&a;" * 100_000}</a:b></rdf:RDF>'
DEEP_JSON = '{"http://example.org/a":' * 3300 + "1" + "}" * 3300
DEEP_XML = RDFXML + "<rdf:Description><a:b>" * 10_000 + "</a:b></rdf:Description>" * 10_000 + "</rdf:RDF>"
MILLION = "<http://example.org/a> <http://example.org/b> " + ",".join(map(str, range(1_000_000))) + " ."
MILLION_LINES = b"".join(b"<http://example.org/%d> <http://example.org/b> <http://a/> .\n" % n for n in range(1_000_000))
SECONDS = 15


@pytest.mark.parametrize(("text", "format", "words"), [
    (LAUGHS + RDFXML + "<a:b>&a19;</a:b></rdf:RDF>", "rdfxml", "entities that are made of others"),
    (LAUGHS.replace('"', "'") + RDFXML + "<a:b>&a19;</a:b></rdf:RDF>", "rdfxml", "entities that are made of others"),
    (QUADRATIC, "rdfxml", "or that come to more than 1 MB"),
    (DEEP_XML, "rdfxml", "deeper than the 200 levels"),
    (DEEP_JSON, "jsonld", "deeper than the 200 levels"),
    ("[ <http://example.org/a> " * 100_000 + "1" + " ]" * 100_000 + " .", "turtle", "more than the 10,000 statements"),
    ("<http://example.org/a> <http://example.org/b> (" + "(" * 100_000, "turtle", "more than the 10,000 statements"),
    (f'<http://example.org/a> <http://example.org/b> "{"x" * (20 << 20)}" .', "turtle", "more text than the 8 MB"),
    (f'<http://example.org/a> <http://example.org/b> "{"x" * (4 << 20)}" .', "turtle", "A text has 4,194,304 characters"),
    ("<http://example.org/a b> <http://example.org/b> 1 .", "turtle", "what no address may have"),
    ('<http://example.org/"> <http://example.org/b> 1 .', "ntriples", "what no address may have"),
    ("<a> <http://example.org/b> 1 .", "turtle", "an address that is not whole at line 1, column 1"),
    ('{"@id": "a", "http://example.org/b": {"@id": "c"}}', "jsonld", "an address that is not whole"),
    ('{"@context": {"b": "http://example.org/b"}, "@id": "http://example.org/a", "b": 1, "cost": 2}', "jsonld", "no term cost"),
    ('[{"@id": "http://example.org/a", "http://example.org/b": 1, "@type": "Fair"}]', "jsonld", "no term Fair"),
    (f'{RDFXML}<rdf:Description rdf:about="a"><a:b>1</a:b></rdf:Description></rdf:RDF>', "rdfxml", "address that is not whole"),
    ("<javascript:alert(1)> <http://example.org/b> 1 .", "turtle", "javascript:alert(1) is no web address"),
    ("<http://example.org/a> <http://example.org/b> \"a\0b\" .", "turtle", "The text is not UTF-8 at line 1"),
    (b"<http://example.org/a> <http://example.org/b> \"a\xffb\" .", "turtle", "The text is not UTF-8 at line 1, column 49"),
    ("<a/>".encode("utf-16"), "rdfxml", "The text is not UTF-8"),
    (MILLION, "turtle", "more than the 10,000 statements"),
    (MILLION_LINES, "ntriples", "more text than the 8 MB"),
    (HONEY + "experience:andean-honey par:inCountry", "turtle", f"breaks off at line {HONEY.count(chr(10)) + 1}"),
    ("a:b <http://example.org/b> 1 .", "turtle", "a prefix is used at line 1"),
    (f"{RDFXML}\n<rdf:Description></a>", "rdfxml", "cannot be read as rdfxml: it breaks off at line 2, column"),
    ('{"@id": "http://example.org/a",}', "jsonld", "cannot be read as jsonld: it breaks off at line 1"),
], ids=lambda value: value[:30] if isinstance(value, str) and len(value) < 60 else "text")
def test_submission_when_it_attacks_the_parser_then_refused_in_time_and_the_next_is_read(checked, text, format, words):
    began = time.monotonic()
    submission = checked(text, format)
    assert time.monotonic() - began < SECONDS
    assert submission.blocked
    assert any(words.lower() in f"{one.message} {one.write}".lower() for one in submission.findings), submission.findings
    assert checked(HONEY).findings == []


@pytest.mark.parametrize("body", [
    '{{"@context": "http://127.0.0.1:{port}/context", "@id": "http://example.org/a", "http://example.org/b": 1}}',
    '{{"@context": {{"@import": "http://127.0.0.1:{port}/context"}}, "@id": "http://example.org/a", "http://example.org/b": 1}}',
    '{{"@context": "file:///etc/passwd", "@id": "http://example.org/a", "http://example.org/b": 1}}',
])
def test_submission_when_its_context_stands_elsewhere_then_refused_and_no_connection_is_made(checked, body):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        submission = checked(body.format(port=listening.getsockname()[1]), "jsonld")
        with pytest.raises(TimeoutError):
            listening.accept()
    assert "nothing is fetched here" in submission.findings[0].message


def test_submission_when_xml_names_entities_of_others_then_refused_and_no_connection_is_made(checked):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        for declared in (f'<!ENTITY a SYSTEM "{address}">', f'<!ENTITY % a SYSTEM "{address}"> %a;',
                         '<!ENTITY a SYSTEM "/etc/passwd">'):
            submission = checked(f"<!DOCTYPE r [{declared}]>{RDFXML}<rdf:Description rdf:about='http://example.org/a'>"
                                 "<a:b>&a;</a:b></rdf:Description></rdf:RDF>", "rdfxml")
            assert submission.blocked
            assert "root:" not in str(submission)
        with pytest.raises(TimeoutError):
            listening.accept()


def test_inspector_when_its_process_is_lost_while_it_reads_then_that_is_a_finding_and_the_next_is_read(known):
    with Inspector() as inspector:
        assert check(Upload(HONEY.encode(), "turtle"), known, inspector=inspector).findings == []
        mine = inspector._process._process.pid
        threading.Timer(0.2, os.kill, (mine, signal.SIGKILL)).start()
        slow = ("<http://example.org/a> <http://example.org/b> " + "<" * (7 << 20)).encode()
        submission = check(Upload(slow, "turtle"), known, inspector=inspector)
        assert "was ended" in submission.findings[0].message
        assert check(Upload(HONEY.encode(), "turtle"), known, inspector=inspector).findings == []


def test_check_when_no_inspector_is_given_then_its_process_ends_with_it(known):
    before = set(children_of(os.getpid()))
    assert check(Upload(HONEY.encode(), "turtle"), known).findings == []
    assert set(children_of(os.getpid())) <= before


def test_submission_module_when_imported_then_nothing_that_reads_rdf_by_itself_comes_with_it():
    code = "import sys, kg.submissions.submission; sys.exit('pyshacl' in sys.modules or 'rdflib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
