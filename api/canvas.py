"""Turns the rows of a query for a business model canvas into its nine blocks, in the places that they have on the sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.sections import Filled, Line

# In the order of reading on a narrow page; a wide one places them by their keys. Source: Osterwalder and Pigneur (2010).
ORDER = ("partners", "activities", "resources", "value-proposal", "customer-relations", "channels", "customer-segment",
         "cost-structure", "source-of-income")


@dataclass(frozen=True)
class Block:
    """A block of the canvas: its key, its name, and its entries, each of them once with all of its passages."""

    key: str
    name: str
    lines: list[Line]


def blocks_of(whole: Filled, names: Sequence[tuple[str, str]]) -> list[Block]:
    """Return the blocks in the order of the sheet, with the entries of the rows; those that nothing fills are empty.

    names: key and name of each block, in the language of the rows.
    """
    called = dict(names)
    ordered = sorted(called, key=lambda key: ORDER.index(key) if key in ORDER else len(ORDER))
    return [Block(key, called[key], _entries(whole, called[key])) for key in ordered]


def _entries(whole: Filled, name: str) -> list[Line]:
    found: dict[str, Line] = {}
    for line in whole.lines:
        block, entry = line.cells.get("block_label"), line.cells.get("entry")
        if block and entry and block.text == name:
            before = found.get(entry.text)
            passages = tuple(dict.fromkeys((*(before.passages if before else ()), *line.passages)))
            found[entry.text] = Line(before.cells if before else line.cells, passages)
    return list(found.values())
