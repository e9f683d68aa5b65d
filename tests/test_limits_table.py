"""The table of limits in the docs: its figures, settings and statuses are those of the code."""

import re

from api import MAX_REQUEST_BYTES, connection, fields, front
from api import reports as api_reports
from api.errors import STATUS
from kg import amend, errors, inquire, mcp_tools, search
from kg.contributions import reports
from kg.settings import read_settings
from kg.store import abroad, changes, crew, dumper, dumps, federation, sandbox, sent, sparql, trials, writer
from kg.submissions import wholesome
from tests.defences import DEFENCES
from tests.machine import ROOT

MB = 2**20
DEFAULTS = read_settings({})
# What is in the table, in its order: the figure, its unit, the setting, and the error or the words of the last column.
LIMITS = [
    (DEFAULTS.time_limit_s, "s", "PARKG_TIME_LIMIT_S", errors.QueryTimeout),
    (DEFAULTS.result_limit_bytes / MB, "MB", "PARKG_RESULT_LIMIT_MB", errors.AnswerTooLarge),
    (sandbox.MEMORY_LIMIT_BYTES / MB, "MB", "", errors.QueryAborted),
    (writer.MEMORY_LIMIT_BYTES / MB, "MB", "", errors.QueryAborted),
    (sparql.LONGEST_QUERY, "characters", "", errors.QueryTooLong),
    (search.LONGEST_TEXT, "characters", "", errors.ParameterInvalid),
    (MAX_REQUEST_BYTES / MB, "MB", "", 413),
    (fields.MOST_FIELDS, "", "", 400),
    (changes.DEEPEST_JSON, "", "", errors.UploadMalformed),
    (inquire.MOST_CELLS, "cells", "", errors.AnswerTooLarge),
    (mcp_tools.MOST_ROWS, "rows", "", "the number of all is told"),
    (mcp_tools.MOST_CHARACTERS, "characters", "", "an error that says what to ask for"),
    (crew.MOST_LONG, "", "", errors.TooManyQueries),
    (crew.WAIT_S, "s", "", errors.TooManyQueries),
    (crew.MOST_WAITING, "", "", errors.TooManyQueries),
    (front.MOST_LEAVING_BYTES / MB, "MB", "", errors.TooManyQueries),
    (connection.MOST_CONNECTIONS, "", "", "the one that is silent longest is ended"),
    (connection.QUIET_S, "s", "", "the connection is ended"),
    (connection.BODY_S, "s", "", "the connection is ended"),
    (connection.STUCK_S, "s", "", "the connection is ended"),
    (DEFAULTS.allowed_hosts or "none", "", "PARKG_ALLOWED_HOSTS", errors.HostNotAllowed),
    (federation.MOST_CLAUSES, "", "", errors.QueryMalformed),
    (federation.MOST_ROWS, "", "", errors.AnswerTooLarge),
    (abroad.LARGEST_SOLUTIONS_BYTES / MB, "MB", "", errors.AnswerTooLarge),
    (abroad.LARGEST_DOCUMENT_BYTES / MB, "MB", "", errors.AnswerTooLarge),
    (abroad.MOST_AT_ONCE, "", "", errors.TooManyQueries),
    (reports.MOST_OF_ONE, "", "", errors.TooManyReports),
    (reports.MOST_OF_ALL, "", "", errors.TooManyReports),
    (reports.MOST_WAITING, "", "", errors.TooManyReports),
    (api_reports.LARGEST_REPORT_BYTES / 1024, "kB", "", 413),
    (reports.LONGEST_REPORT, "characters", "", errors.ParameterInvalid),
    (reports.LONGEST_FIELD, "characters", "", errors.ParameterInvalid),
    (dumps.MOST_WAITING, "", "", errors.TooManyQueries),
    (trials.MOST_WAITING, "", "", errors.TooManyQueries),
    (amend.OF_A_PAGE, "", "", errors.QueryTimeout),
    (dumps.TIME_LIMIT_S, "s", "", errors.QueryTimeout),
    (dumper.MEMORY_LIMIT_BYTES / MB, "MB", "", errors.QueryAborted),
    (sent.LARGEST_BYTES / MB, "MB", "", "a finding that blocks it"),
    (sent.MOST_QUADS, "", "", "a finding that blocks it"),
    (wholesome.LONGEST_TEXT, "characters", "", "a finding that blocks it"),
    (wholesome.LONGEST_IRI, "characters", "", "a finding that blocks it"),
    (sent.DEEPEST_XML, "", "", "a finding that blocks it"),
    (sent.LARGEST_ENTITIES_BYTES / MB, "MB", "", "a finding that blocks it"),
]


def row_of(figure, unit, setting, over):
    """Return the last three columns of a limit, as the table has them."""
    most = figure if isinstance(figure, str) else f"{figure:,.10g}"
    return f"{most} {unit}".strip(), f"`{setting}`" if setting else "", str(STATUS[over][0] if over in STATUS else over)


def test_table_when_compared_with_the_code_then_each_limit_its_setting_and_what_comes_over_it():
    page = (ROOT / "docs/limits.md").read_text(encoding="utf-8")
    table = [tuple(cell.strip() for cell in line.split("|")[2:5]) for line in re.findall(r"^\| .*$", page, re.MULTILINE)]
    assert table[0] == ("most", "setting", "over it")
    assert table[1:] == [row_of(*limit) for limit in LIMITS]


def test_defences_when_listed_then_the_lines_of_each_stand_in_the_code_once():
    """They are taken away by a command that runs for minutes; that they are there is seen each time."""
    counts = {defence.name: (ROOT / defence.file).read_text(encoding="utf-8").count(defence.lines) for defence in DEFENCES}
    assert len(counts) >= 30
    assert set(counts.values()) == {1}, [name for name, count in counts.items() if count != 1]
