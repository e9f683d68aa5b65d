"""Turns SPARQL Update text into text that may be run: refuses what fetches, and sets the dataset that a request chose.

Source: SPARQL 1.1 Update, and SPARQL 1.1 Protocol (W3C, 2013), section 2.2.
"""

from kg.errors import QueryMalformed, QueryTooLong
from kg.store.sparql import LONGEST_QUERY, Token, is_service, tokens

_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_QUERIES = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def check_update(update: str) -> None:
    """Refuse text that is a query, or that would have the server fetch something.

    LOAD SILENT passes: it fetches nothing where there is no network, and says that a failure is no matter. Raises QueryMalformed
    with line and column, and QueryTooLong.
    """
    if len(update) > LONGEST_QUERY:
        raise QueryTooLong(f"The update has {len(update):,} characters, and may have {LONGEST_QUERY:,}. Send the data to "
                           "/store, or in several updates.")
    words = [token for token in tokens(update) if token.kind in ("word", "name")]
    first = next((t.text.upper() for t in words if t.text.upper() in _UPDATES | _QUERIES), "")
    if first in _QUERIES:
        raise QueryMalformed(f"{first} asks and changes nothing; send it to /sparql.")
    for token, following in zip(words, [*words, None][1:], strict=True):
        word = token.text.upper().partition(":")[0]  # the engine takes LOAD:x for LOAD :x
        if is_service(token) or (word == "LOAD" and not (following and following.text.upper() == "SILENT")):
            raise QueryMalformed(f"{token.text} at line {token.line}, column {token.column}: this server fetches nothing. Fetch "
                                 "the data yourself and send them to /store.", token.line, token.column)


def with_dataset(update: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> str:
    """Return the update with a USING clause for each graph of the dataset before every WHERE; without a dataset as it is.

    Raises QueryMalformed where the update chooses a dataset itself, as the Protocol asks.
    """
    if not default_graphs and not named_graphs:
        return update
    using = "".join(f"USING <{g}> " for g in default_graphs) + "".join(f"USING NAMED <{g}> " for g in named_graphs)
    out: list[str] = []
    depth = 0
    previous = ""
    found = list(tokens(update))
    for place, token in enumerate(found):
        word = token.text.upper() if token.kind == "word" else ""
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0 and word in ("USING", "WITH"):
            raise QueryMalformed(f"{word} at line {token.line}, column {token.column}: the request chooses the graphs already, "
                                 "by using-graph-uri or using-named-graph-uri; leave one of the two out.",
                                 token.line, token.column)
        if depth == 0 and word == "WHERE":
            out.append(f"{_block(found[place + 1:]) if previous == 'DELETE' else ''} {using}")
        out.append(token.text)
        if token.kind not in ("space", "comment"):
            previous = token.text.upper()
    return "".join(out)


def _block(rest: list[Token]) -> str:
    """Return the block in braces that the tokens begin with: DELETE WHERE { P } is DELETE { P } WHERE { P }."""
    depth, block = 0, []
    for token in rest:
        depth += (token.text == "{") - (token.text == "}")
        block.append(token.text)
        if token.text == "}" and depth == 0:
            break
    return "".join(block)
