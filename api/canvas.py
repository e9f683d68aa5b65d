"""Turns the rows of a query for a business model canvas into its nine blocks, in the places that they have on the sheet.

On paper they are one sheet, A4 on its side: of each block it has the entries that have room there, and says how many more
there are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.lines import Line
from api.sections import Filled

# In the order of reading on a narrow page; a wide one places them by their keys. Source: Osterwalder and Pigneur (2010).
ORDER = ("partners", "activities", "resources", "value-proposal", "customer-relations", "channels", "customer-segment",
         "cost-structure", "source-of-income")
# Of a block on paper: how many lines it has, and how many characters a line, in the type that api/static/style.css prints it in.
_ROOM = dict.fromkeys(("partners", "value-proposal", "customer-segment"), (31, 34)) | dict.fromkeys(
    ("cost-structure", "source-of-income"), (6, 92))
_ROOM_OF_OTHERS = (13, 34)
_MARK = 2  # characters that the mark of a passage takes


@dataclass(frozen=True)
class Block:
    """A block of the canvas: its key, its name, and its entries, each of them once with all that its marks open."""

    key: str
    name: str
    lines: list[Line]

    @property
    def fits(self) -> int:
        """Return how many of the entries have room on the sheet; at least one."""
        room, width = _ROOM.get(self.key, _ROOM_OF_OTHERS)
        taken = 0
        for number, line in enumerate(self.lines):
            name = line.cells.get("entry_label") or line.cells["entry"]
            marks = len(line.passages) + len(line.disputed[""])
            taken += math.ceil((len(name.text if name else "") + _MARK * (marks + 1)) / width)
            if taken > room:
                return max(number, 1)
        return len(self.lines)


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
            disputed = tuple(dict.fromkeys((*(before.disputed[""] if before else ()), *line.disputed.get("", ()))))
            found[entry.text] = replace(before or line, passages=passages, beside={}, disputed={"": disputed})
    return list(found.values())
