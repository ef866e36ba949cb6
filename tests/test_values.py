"""Text from registers as values: what each spelling means, and what is no value at all."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assetmap import values


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2013", "2013"),
        ("2013.0", "2013"),
        ("\u00a02013 ", "2013"),
        ("March 2013", "2013-03"),
        ("Sept 2013", "2013-09"),
        ("Oct-10", "2010-10"),
        ("10-Oct", "2010-10"),
        ("mar 98", "1998-03"),
        ("2013 March", "2013-03"),
        ("09/2019", "2019-09"),
        ("2013-3", "2013-03"),
        ("2013-03-31", "2013-03-31"),
        ("2013-03-31T09:30:00Z", "2013-03-31"),
        ("2013/03/31", "2013-03-31"),
        ("2013.03.31", "2013-03-31"),
        ("31/03/2013", "2013-03-31"),
        ("31.3.2013", "2013-03-31"),
        ("31-03-13", "2013-03-31"),
        ("31/03/2013 00:00", "2013-03-31"),
        ("11/20/2022", "2022-11-20"),
        ("03/04/2013", "2013-04-03"),
        ("31 March 2013", "2013-03-31"),
        ("Sunday 31st March, 2013", "2013-03-31"),
        ("31-Mar-2013", "2013-03-31"),
        ("April 1, 2013", "2013-04-01"),
        ("29/02/2012", "2012-02-29"),
    ],
)
def test_a_date_is_as_precise_as_it_was_written(text: str, date: str) -> None:
    assert values.partial_date(text) == date


@pytest.mark.parametrize(
    "text",
    [
        *("", "N/A Closed", "N.K.", "c. 2013", "2013?", "Spring 2013", "Mai 2013", "12 Marble 2013"),
        *("2013/14", "2011/12", "2013-14", "2013-2014"),  # two years: which of them is not said
        *("13/25/2020", "29/02/2013", "31/04/2013", "00/03/2013", "2013-00", "1900-01-00", "13/2020"),
        *("41364", "20130331", "0000", "0999", "3000000"),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert values.partial_date(text) is None


def test_a_year_of_two_figures_is_never_far_ahead() -> None:
    for years in range(-80, 11, 10):
        year = dt.date.today().year + years
        assert values.partial_date(f"Mar-{year % 100:02}") == f"{year}-03"


@given(st.dates(dt.date(1000, 1, 1)))
def test_every_way_to_write_a_day_gives_that_day(day: dt.date) -> None:
    spellings = [
        day.isoformat(),
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day.day:02}/{day.month:02}/{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
    ]
    assert {values.partial_date(text) for text in spellings} == {day.isoformat()}


@given(st.text())
@example("99/99/99")
@example("\u0663\u0661/\u0660\u0663/\u0662\u0660\u0661\u0663")
def test_no_text_upsets_the_reading_of_it(text: str) -> None:
    date = values.partial_date(text)
    assert date is None or dt.date.fromisoformat((date + "-01-01")[:10])
    assert values.year_of(date) == (int(date[:4]) if date else None)
    assert values.number(text) is None or abs(values.number(text)) < float("inf")
    assert values.uprn(text) is None or values.uprn(text).isdigit()
    assert all(values.postcodes_in(code) == [code] for code in values.postcodes_in(text))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[("1643", 1643), ("1,643", 1643), ("29,199", 29199), ("1,234,567.5", 1234567.5), ("-2.5", -2.5), (".5", 0.5)],
        *[("£240,000", 240000), ("12%", 12), (" 7 ", 7), ("1.5e3", 1500), ("0", 0)],
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert values.number(text) == number


@pytest.mark.parametrize(
    "text", ["", "-", "£", "many", "1,64", "12,34", "5 ha", "1-2", "inf", "-inf", "nan", "1e400", "0x1A", "1_000", "e5"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert values.number(text) is None


def test_a_count_is_whole_and_has_an_end() -> None:
    assert values.whole_number("1,643.0") == 1643
    assert values.whole_number("1e300") is None
    assert values.whole_number("some") is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("M31 4FA", ["M31 4FA"]),
        ("m314fa", ["M31 4FA"]),
        ("GL50\u00a01DY\n", ["GL50 1DY"]),
        ("GL50\r\n1DY", ["GL50 1DY"]),
        ("SW1A1AA", ["SW1A 1AA"]),
        ("M1 1AA", ["M1 1AA"]),
        ("Jethro's Motel, Lewdown, EX20 4DS.", ["EX20 4DS"]),
        ("between WA14 1PF and WA15 8EW", ["WA14 1PF", "WA15 8EW"]),
        ("Unit 12 A4 paper", []),
        ("M31", []),
        ("XM31 4FAX", []),
        ("M31 4CA", []),  # the last two letters are never C, I, K, M, O or V
        ("", []),
    ],
)
def test_postcodes_in_any_text(text: str, codes: list[str]) -> None:
    assert values.postcodes_in(text) == codes


@pytest.mark.parametrize("text", ["M31", "m41 ", "WA14 1", "WA14 1A", "SW1A"])
def test_part_of_a_postcode(text: str) -> None:
    assert values.is_part_of_postcode(text)


@pytest.mark.parametrize("text", ["", "M31 4FA", "Sale", "31", "Unit 4"])
def test_what_is_not_part_of_a_postcode(text: str) -> None:
    assert not values.is_part_of_postcode(text)


@pytest.mark.parametrize(
    ("text", "uprn"),
    [
        ("100012797623", "100012797623"),
        ("000100121228178", "100121228178"),
        (" 10012809329 ", "10012809329"),
        ("100012797623.0", "100012797623"),
        ("1.00013E+11", None),
        ("1234567890123", None),
        ("UPRN", None),
        ("000", None),
        ("-5", None),
        ("", None),
    ],
)
def test_property_numbers(text: str, uprn: str | None) -> None:
    assert values.uprn(text) == uprn


def test_yes_no_and_partly() -> None:
    assert [values.yes_no(word) for word in ("Yes", "y", "TRUE", "1", "x")] == ["yes"] * 5
    assert [values.yes_no(word) for word in ("no", "N", "false", "0")] == ["no"] * 4
    assert [values.yes_no(word) for word in ("Partial", "limited", "some")] == ["partly"] * 3
    assert [values.yes_no(word) for word in ("", "perhaps", "yes and no")] == [None] * 3


def test_headers_are_one_whatever_their_case_and_spaces() -> None:
    assert values.plain_header("Site Reference ") == values.plain_header("SITE_REFERENCE") == "sitereference"
