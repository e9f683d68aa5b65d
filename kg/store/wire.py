"""Turns questions and outcomes into messages between the server and its readers, and back.

A message is its length in four bytes, then itself; that of a reader opens with a mark, ANSWER or FAULT. What a reader sends is
bytes or JSON and is never unpickled: a reader that a query has taken over can give a wrong answer, and no more.
"""

import json
import struct

from kg import errors
from kg.errors import ParkgError, QueryMalformed
from kg.store.engine import Question

LENGTH = struct.Struct("!I")
ANSWER, FAULT = b"=", b"!"


def plain_question_bytes(query: bytes, format: str) -> bytes:
    """Return a question that chooses no graphs, its query in UTF-8, as question_bytes does."""
    return b"%s\n\n%s" % (format.encode(), query)


def question_bytes(question: Question) -> bytes:
    """Return a question as the body of a message: a line each for its format and its graphs, if it chooses any; then the query.

    Equal questions give equal bytes.
    """
    query = question.query.encode("utf-8", "surrogatepass")
    if not question.default_graphs and not question.named_graphs:
        return plain_question_bytes(query, question.format)
    graphs = json.dumps([question.default_graphs, question.named_graphs])
    return b"%s\n%s\n%s" % (question.format.encode(), graphs.encode(), query)


def question_of(body: bytes) -> Question:
    """Return the question that question_bytes wrote."""
    format, graphs, query = body.split(b"\n", 2)
    default_graphs, named_graphs = json.loads(graphs) if graphs else ((), ())
    return Question(query.decode("utf-8", "surrogatepass"), format.decode(), tuple(default_graphs), tuple(named_graphs))


def fault_bytes(error: Exception) -> bytes:
    """Return an error as the body of a message."""
    line, column = (error.line, error.column) if isinstance(error, QueryMalformed) else (0, 0)
    return json.dumps([type(error).__name__, str(error), line, column]).encode()


def fault_of(body: bytes) -> Exception:
    """Return the error that fault_bytes wrote."""
    name, text, line, column = json.loads(body)
    known = getattr(errors, name, None)
    if known is QueryMalformed:
        return QueryMalformed(text, line, column)
    if isinstance(known, type) and issubclass(known, ParkgError):
        return known(text)
    return RuntimeError(f"{name} in a reader: {text}")
