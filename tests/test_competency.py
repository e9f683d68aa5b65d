"""The competency questions: each has its queries, and each of these finds an answer in the shipped graph."""

import re

import pytest

from tests.machine import ROOT

PAGE = (ROOT / "docs/competency_questions.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
ASKED = [(number, *command.split(" ")) for number, _, cell in ROWS for command in re.findall(r"`parkg query ([^`]+)`", cell)]


def test_questions_when_counted_then_one_to_thirty_seven_and_each_has_a_query():
    assert [int(number) for number, *_ in ROWS] == list(range(1, 38))
    assert {number for number, *_ in ASKED} == {number for number, *_ in ROWS}


@pytest.mark.parametrize("asked", ASKED, ids="-".join)
@pytest.mark.parametrize("language", ["en", "es"])
def test_question_when_asked_then_there_is_an_answer_in_each_language(asked, language, inquiry):
    _, name, *given = asked
    values = dict(value.split("=", 1) for value in given)
    assert inquiry.table(inquiry.bound(name, {**values, "language": language})).rows
