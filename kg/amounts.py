"""Turns a number into how English and Spanish write it, for people to read; data keep it as it is."""

from decimal import Decimal, InvalidOperation

from kg.names import PREFIXES

NUMERIC = frozenset(PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float", "int", "long",
                                                         "nonNegativeInteger", "positiveInteger"))
_SHORTEST_GROUPED = 10_000  # four digits are read at a glance, and may be a year
_NARROW_SPACE = "\u202f"


def written(number: str | float) -> tuple[str, str]:
    """Return a number as it is written in English and in Spanish: 33,700.5 and 33 700,5; of what is no number the text, twice.

    In Spanish a narrow space that no line breaks at parts the groups, as the Ortografía of the academies (2010) has it: of point
    and comma, the countries of the toolbox differ in which does.
    """
    text = str(number)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return text, text
    if not amount.is_finite():
        return text, text
    whole, _, part = f"{amount:f}".partition(".")
    whole = f"{int(whole):,}" if abs(amount) >= _SHORTEST_GROUPED else whole
    end = f".{part}" if part else ""
    return whole + end, whole.replace(",", _NARROW_SPACE) + end.replace(".", ",")
