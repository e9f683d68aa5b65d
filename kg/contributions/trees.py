"""Turns contributions, and what they change, into the trees that are told as JSON."""

from typing import Any

from kg.contributions.contribute import Difference
from kg.contributions.ledger import Contribution


def contribution_tree(one: Contribution, events: bool = False) -> dict[str, Any]:
    """Return where a contribution stands; events: and what happened to it."""
    tree = {"id": one.id, "experience": one.experience, "state": one.state, "edition": one.edition,
            "version": one.version or None, "shapes": one.shapes or None, "sent_by": one.who, "moved": one.events[-1].at,
            "page": f"/contributions/{one.id}"}
    told = [{"at": event.at, "who": event.who, "did": event.did, "edition": event.edition, "note": event.note,
             "version": event.version or None} for event in one.events]
    return {**tree, "events": told} if events else tree


def difference_tree(difference: Difference) -> dict[str, Any]:
    """Return what an edition adds and removes, what follows and what it contradicts, statements as N-Triples."""
    return {"adds": [str(triple) for triple in difference.adds], "removes": [str(triple) for triple in difference.removes],
            "follows": None if difference.follows is None else [str(triple) for triple in difference.follows],
            "contradicts": difference.contradicts or None}
