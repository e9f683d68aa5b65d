"""Turns those who act along a value chain into its map, in the notation of the trade.

Stages are arrows from left to right; below each stand its operators in boxes; then supporters (meso level) in rounded boxes, and
enablers (macro level) in a band beneath; at the right is the end market. Source: ValueLinks, the manual of the GIZ, module 1.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kg.pictures.svg import LINE, box, height_of, lines, picture, shape, text

# How this project reads a role on a map that does not say itself under which sign one stands, in the order from field to table.
OPERATORS = ("input-supplier", "producer", "producer-organization", "supplier", "cooperative", "association", "processor",
             "company", "operator", "trader", "exporter", "exhibitor", "seller", "lead-buyer", "anchor-firm", "buyer")
SUPPORTERS = ("supporter", "service-provider", "funder", "lender", "facilitator", "honest-broker", "promoter", "implementer",
              "certifier", "evaluator", "research-centre", "university", "financial-institution",
              "non-governmental-organization", "international-agency")
ENABLERS = ("enabler", "regulator", "government", "policy-maker", "public-agency")

OPERATOR, SUPPORTER, ENABLER, END_MARKET, OTHER = "operator", "supporter", "enabler", "end-market", "other"
WIDTH, GAP, PAD, HEAD, POINT, LEFT = 158, 14, 10, 52, 16, 8


@dataclass(frozen=True)
class Actor:
    """Who stands on the map: the name, the role's key and name, the sign that the source gives, and the stage, if any is told."""

    name: str
    role: str
    role_name: str
    sign: str = ""
    stage: str = ""


@dataclass(frozen=True)
class Stage:
    """A stage: its key and name. numbered: whether the source says where it stands among the others."""

    key: str
    name: str
    numbered: bool = False


def sign_of(actor: Actor) -> str:
    """Return the sign under which an actor stands: the source's own, else how the role is read here."""
    if actor.sign:
        return actor.sign
    read = ((OPERATORS, OPERATOR), (SUPPORTERS, SUPPORTER), (ENABLERS, ENABLER), (("consumer",), END_MARKET))
    return next((sign for roles, sign in read if actor.role in roles), OTHER)


def chain_map(title: str, stages: Sequence[Stage], actors: Sequence[Actor], say: Callable[[str, str], str]) -> str:
    """Return the map as SVG; nothing where no stage, operator or end market is known.

    Without stages of the source's own, the arrows are the roles of the operators. Who is the end market is no operator beside,
    who operates is no supporter, and who has a role of its own stands under that alone, not under operator at large too.
    say: which of a text in English and in Spanish the page shows.
    """
    by_sign = {sign: [one for one in _told_once(actors) if sign_of(one) == sign]
               for sign in (OPERATOR, SUPPORTER, ENABLER, END_MARKET, OTHER)}
    if not stages and not by_sign[OPERATOR] and not by_sign[END_MARKET]:
        return ""
    told = bool(stages)
    ordered = not told or all(one.numbered for one in stages)
    columns = _by_stage(stages, actors, say) if told else _by_role(by_sign[OPERATOR])
    columns.append((say("End market", "Mercado final"), _names(by_sign[END_MARKET])))
    unplaced = {} if not told else {one.name: one for one in by_sign[OPERATOR] if not one.stage}
    known = {one.name for one in actors if sign_of(one) != OTHER}
    at_stage = {one.name for one in actors if told and one.stage}
    bands = [(say("Supporters (meso)", "Apoyos (meso)"), "supporter", _rest(by_sign[SUPPORTER], at_stage)),
             (say("Enablers (macro)", "Habilitadores (macro)"), "enabler", _rest(by_sign[ENABLER], at_stage)),
             (say("Operators whose stage is not told", "Operadores cuya etapa no se indica"), "operator", list(unplaced)),
             (say("Others who take part", "Otros que participan"), "other", _rest(by_sign[OTHER], known | at_stage))]
    width = LEFT * 2 + len(columns) * (WIDTH + GAP)
    parts, height = _columns(columns, ordered, say)
    for name, kind, names in bands:
        if names:
            drawn, height = _band(name, kind, names, width, height)
            parts += drawn
    description = ". ".join(f"{name}: {', '.join(names) or say('nothing documented', 'nada documentado')}"
                            for name, names in [*columns, *((name, names) for name, _, names in bands if names)])
    return picture("chain", width, height + PAD, title, description, parts)


def _told_once(actors: Sequence[Actor]) -> list[Actor]:
    """Return the actors without what another of their roles tells better; at a stage of the source's own all stay."""
    signs: dict[str, set[str]] = {}
    for one in actors:
        if one.role != OPERATOR:
            signs.setdefault(one.name, set()).add(sign_of(one))

    def is_told(one: Actor) -> bool:
        others, sign = signs.get(one.name, set()), sign_of(one)
        return ((one.role == OPERATOR and bool(others - {OTHER})) or (sign == OPERATOR and END_MARKET in others)
                or (sign == SUPPORTER and OPERATOR in others))
    return [one for one in actors if one.stage or not is_told(one)]


def _by_stage(stages: Sequence[Stage], actors: Sequence[Actor], say: Callable[[str, str], str]) -> list[tuple[str, list[str]]]:
    return [(one.name, _names(actor for actor in actors if actor.stage == one.key)) for one in stages]


def _by_role(operators: Sequence[Actor]) -> list[tuple[str, list[str]]]:
    """Return the operators by their roles, in the order from field to table; who has two roles stands under both."""
    roles = {one.role: one.role_name for one in operators}
    order = sorted(roles, key=lambda role: (OPERATORS.index(role) if role in OPERATORS else len(OPERATORS), role))
    return [(roles[role], _names(one for one in operators if one.role == role)) for role in order]


def _names(actors: Iterable[Actor]) -> list[str]:
    return list(dict.fromkeys(one.name for one in actors))


def _rest(actors: Sequence[Actor], placed: set[str]) -> list[str]:
    return [name for name in _names(actors) if name not in placed]


def _columns(columns: Sequence[tuple[str, list[str]]], ordered: bool, say: Callable[[str, str], str]) -> tuple[list[str], float]:
    head = max(HEAD, *(height_of(name, WIDTH - 40) + 2 * PAD for name, _ in columns))
    parts, lowest = [], head + PAD
    for place, (name, names) in enumerate(columns):
        x, last = LEFT + place * (WIDTH + GAP), place == len(columns) - 1
        middle = x + WIDTH / 2 + (POINT / 2 if ordered and not last else 0)
        if last:
            parts.append(box("market", x, PAD, WIDTH, head, head / 2, dashed=not names))
        elif ordered:
            parts.append(shape("stage", ((x, PAD), (x + WIDTH, PAD), (x + WIDTH + POINT, PAD + head / 2), (x + WIDTH, PAD + head),
                                         (x, PAD + head), (x + POINT, PAD + head / 2))))
        else:
            parts.append(box("stage", x, PAD, WIDTH, head))
        parts.append(lines(name, middle, PAD + head / 2 - height_of(name, WIDTH - 40) / 2 + LINE - 4, WIDTH - 40, bold=True))
        y = 2 * PAD + head
        for one in names or [say("nothing documented", "nada documentado")]:
            high = height_of(one, WIDTH - 16) + 10
            parts.append(box("market" if last else "operator", x, y, WIDTH, high, 10 if last else 0, dashed=not names))
            parts.append(lines(one, x + WIDTH / 2, y + LINE, WIDTH - 16))
            y += high + 6
        lowest = max(lowest, y)
    return parts, lowest


def _band(name: str, kind: str, names: Sequence[str], width: float, top: float) -> tuple[list[str], float]:
    """Return a band across the map with a box for each name, and where it ends."""
    parts, x, y, high = [text(name, LEFT, top + LINE + 4, bold=True)], float(LEFT), top + LINE + PAD, 0.0
    for one in names:
        if x + WIDTH > width:
            x, y, high = LEFT, y + high + 6, 0
        tall = height_of(one, WIDTH - 20) + 10
        parts.append(box(kind, x, y, WIDTH, tall, {"supporter": 12, "enabler": 0}.get(kind, 0), dashed=kind == "other"))
        parts.append(lines(one, x + WIDTH / 2, y + LINE, WIDTH - 20))
        x, high = x + WIDTH + GAP, max(high, tall)
    return parts, y + high + PAD
