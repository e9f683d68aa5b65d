"""Amounts: how a number is written for people in each language."""

import pytest

from kg.amounts import written

NARROW = "\u202f"


@pytest.mark.parametrize(("number", "english", "spanish"), [
    ("33700", "33,700", f"33{NARROW}700"), ("2014", "2014", "2014"), (9999, "9999", "9999"),
    ("10000", "10,000", f"10{NARROW}000"), ("12.32", "12.32", "12,32"),
    ("-1234567.5", "-1,234,567.5", f"-1{NARROW}234{NARROW}567,5"), ("3E1", "30", "30"),
    ("1.50", "1.50", "1,50"), ("0", "0", "0"), (0.5, "0.5", "0,5"), ("Ǿ 5", "Ǿ 5", "Ǿ 5"),
    ("", "", ""), ("NaN", "NaN", "NaN"), ("INF", "INF", "INF")])
def test_number_when_written_then_as_the_language_groups_it_and_nothing_is_lost(number, english, spanish):
    assert written(number) == (english, spanish)
