"""Lists read as English, and names that registers print in capitals read as names."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmap.naming import names_read
from assetmap.wording import and_words, count_words, displayed, number_word, or_words, people_words, readable, sentences


@pytest.mark.parametrize(
    ("published", "read"),
    [
        ("THE SALE U3A", "The Sale U3A"),
        ("MONTELL CARRINGTON RUFC", "Montell Carrington RUFC"),
        ("ST PETER'S HERITAGE TRUST", "St Peter's Heritage Trust"),
        ("9TH SALE SCOUT GROUP (ST ANNES C OF E)", "9th Sale Scout Group (St Annes C of E)"),
        ("NAVIGATION PRIMARY SCHOOL P.T.A., ALTRINCHAM", "Navigation Primary School P.T.A., Altrincham"),
        ("FRIENDS OF PARK ROAD SCHOOL(TIMPERLEY)", "Friends of Park Road School(Timperley)"),
        ("SKCV CHILDREN'S TRUST (UK)", "SKCV Children's Trust (UK)"),
        ("HIDDEN ALTRINCHAM FESTIVAL CIO", "Hidden Altrincham Festival CIO"),
        ("HALE AND DISTRICT HEBREW CONGREGATION LTD", "Hale and District Hebrew Congregation Ltd"),
        ("TLC: TALK, LISTEN, CHANGE", "TLC: Talk, Listen, Change"),
        ("3RD ASHTON-UPON-MERSEY SCOUT GROUP", "3rd Ashton-upon-Mersey Scout Group"),
        ("PARENTS', FRIENDS' AND TEACHERS' ASSOCIATION", "Parents', Friends' and Teachers' Association"),
        ("Y W C A PLAYGROUP", "Y W C A Playgroup"),
        ("ART WITH A HEART", "Art with a Heart"),
        ("O'NEILL AND MCDONALD TRUST", "O'Neill and McDonald Trust"),
        ("G-FORCE", "G-Force"),
        ("ST JOSEPH'S RC AND ST MARY'S CE SCHOOLS", "St Joseph's RC and St Mary's CE Schools"),
        ("SALE YMCA HALL II", "Sale YMCA Hall II"),
    ],
)
def test_a_name_in_capitals_is_written_as_people_write_it(published: str, read: str) -> None:
    assert readable(published) == read


@pytest.mark.parametrize(
    "name", ["Montell Carrington RUFC", "YMCA", "BBC", "the lunch club", "eBay", "2012", "", "中心"]
)
def test_other_names_stay_as_they_are(name: str) -> None:
    assert readable(name) == name


@given(st.text(max_size=60))
def test_only_the_capitals_of_a_name_ever_change(name: str) -> None:
    read = readable(name)
    assert read.casefold() == name.casefold()
    assert readable(read) == read


@pytest.mark.parametrize(
    ("published", "address", "read"),
    [
        ("St Ann's RC Primary School, Stretford", "Derbyshire Lane Stretford", "St Ann's RC Primary School"),
        ("ASHBY LIBRARY, GOLDEN WAY", "34 Golden Way, Ashby", "Ashby Library"),
        ("Grafton Centre - 104 George Street", "104 George Street Altrincham", "Grafton Centre"),
        ("1, 3 and 5 Lacy Street, Stretford.,STRETFORD,M32 8AA,Freehold,LAND", "Stretford", "1, 3 and 5 Lacy Street"),
        ("Town Gate Farm', Flixton", "Flixton", "Town Gate Farm"),
        ("Sale Waterside, Sale", "", "Sale Waterside"),
        ("91/93, Stretford Road", "91/93 Stretford Road", "91/93, Stretford Road"),
        ("Library, Stretford", "Stretford", "Library, Stretford"),
        ("Victoria Park, Public Toilets", "2 Victoria Road Stretford", "Victoria Park, Public Toilets"),
        ("Friends of Ashton P.T.A.", "Ashton", "Friends of Ashton P.T.A."),
    ],
)
def test_a_name_does_not_repeat_its_address_at_its_end(published: str, address: str, read: str) -> None:
    assert displayed(published, address) == read


@given(st.text(alphabet="aAb1', .-M32", max_size=40), st.text(alphabet="aAb1 ,", max_size=20))
def test_a_name_only_ever_loses_its_end_and_never_all_of_it(name: str, address: str) -> None:
    shown = displayed(name, address)
    assert readable(name).startswith(shown)
    assert bool(shown.strip()) == bool(name.strip())
    assert displayed(shown, address) == shown


def test_rows_that_a_register_tells_apart_are_not_called_the_same() -> None:
    rows = pd.DataFrame({
        "layer": ["land", "land", "halls", "halls"],
        "name": ["Town Hall, Sale", "TOWN HALL, STRETFORD", "Town Hall, Sale", None],
        "address": ["School Road Sale", "Talbot Road Stretford", "School Road Sale", None],
    }, dtype=object)  # fmt: skip
    assert names_read(rows).tolist() == ["Town Hall, Sale", "Town Hall, Stretford", "Town Hall", None]


def test_lists_end_with_one_and_or_one_or() -> None:
    assert (and_words([]), and_words(["a"]), and_words(["a", "b", "c"])) == ("", "a", "a, b and c")
    assert (or_words([]), or_words(["a"]), or_words(["a", "b"]), or_words("abcd")) == (
        "",
        "a",
        "a or b",
        "a, b, c or d",
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("One has closed", ["One has closed"]),
        ("St. Mary's is near (about 650\N{NO-BREAK SPACE}m). It is open. 3 are not.",
         ["St. Mary's is near (about 650\N{NO-BREAK SPACE}m).", "It is open.", "3 are not."]),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_ends_them(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_small_numbers_are_words() -> None:
    assert [number_word(count) for count in (1, 10, 12, 13, 1_300)] == ["one", "ten", "twelve", "13", "1,300"]


@pytest.mark.parametrize(
    ("people", "told"),
    [(0, "0 people"), (0.9, "1 person"), (1, "1 person"), (1.6, "2 people"), (1660.2, "1,660 people")],
)
def test_people_are_counted_whole_and_one_is_a_person(people: float, told: str) -> None:
    assert people_words(people) == told
    assert count_words(people, "person", "people") == told
