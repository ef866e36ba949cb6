"""What registers' words say of buildings: which have room for something else, and which are in use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmap.declarations import declared
from assetmap.errors import DeclarationError
from assetmap.layers import Layer
from assetmap.uses import ROOMS, UseRule, Uses
from assetmap.wording import short_name
from registers import LAYERS

LAND = LAYERS["public_land"].uses


@pytest.mark.parametrize(
    ("name", "use", "held", "room", "says"),
    [
        ("Sale West Community Centre", "", "Leasehold Out", "likely", "For the community"),
        ("Former Priory Lane Primary School", "Vacant", "", "likely", "Stands empty"),
        ("Fen Road Depot", "Depot, part empty", "", "likely", "Partly empty"),
        ("Sale Moor Centre", "", "Owner Occupied", "perhaps", "Public building with rooms"),
        ("Woodheys Primary School", "School", "Owner Occupied", "in_use", "In use as a school"),
        ("School Rd (87)", "", "Leasehold Out", "in_use", "Let to others"),
        ("Shawe View Residential Care Home", "", "", "in_use", "In use as a home"),
        ("De Quincey Park (No Buildings)", "", "Other", "none", "Said to have no buildings"),
        ("Moor Nook Allotments (2x Store Rooms, Toilets)", "Managed allotments", "", "none", "No room: allotments"),
        ("Grove Park, Football Changing Rooms", "Leisure", "Other", "none", "No room: changing rooms"),
        ("Woodsend Fields (Football Changing Rooms) with Community Centre", "", "", "likely", "For the community"),
        ("Quayside Toilets", "Vacant", "", "none", "No room: toilets"),
        ("Little Terns Children\u2019s Centre", "", "", "likely", "For the community"),
    ],
)
def test_a_land_register_tells_by_its_words(name: str, use: str, held: str, room: str, says: str) -> None:
    told = LAND.of("building", [name, use, held])
    assert (told.room, told.says) == (room, says)


def test_a_place_of_worship_is_in_use_and_a_hall_is_for_the_community() -> None:
    meeting = LAYERS["community_buildings"].uses
    assert meeting.of("faith_building", ["St Anne's Hall"]).room == "in_use"
    assert meeting.of("hall", ["St Anne's Hall"]).room == "likely"


@given(st.text(max_size=60))
def test_any_words_have_an_answer_and_capitals_do_not_matter(text: str) -> None:
    told = LAND.of("building", [text])
    assert told.room in ROOMS
    if text.isascii():
        assert LAND.of("building", [text.upper()]) == told


def test_the_first_rule_decides_and_words_are_whole() -> None:
    rules = (
        UseRule(room="none", says="No room: {word}", words=("shed",), unless=("hall",)),
        UseRule(room="likely", says="A hall", words=("hall",)),
    )
    uses = Uses(told=rules)
    assert uses.of("building", ["Two Sheds"]).says == "No room: sheds"
    assert uses.of("building", ["Village Hall and Shed"]).says == "A hall"
    assert uses.of("building", ["Tramshed"]) == uses.usual


@pytest.mark.parametrize(
    ("uses", "fault"),
    [
        ({"told": [{"room": "likely", "says": "A palace", "kinds": ["palace"]}]}, "'palace' is no kind of this layer"),
        ({"read": ["rumour"]}, "'rumour' is no field of this layer"),
        ({"told": [{"room": "likely", "says": "Anything"}]}, "needs 'words' or 'kinds'"),
        ({"told": [{"room": "huge", "says": "Anything", "words": "barn"}]}, "likely"),
    ],
)
def test_a_fault_in_uses_is_told(uses: dict[str, object], fault: str) -> None:
    content = LAYERS["groups"].model_dump(by_alias=True, exclude_defaults=True)
    with pytest.raises(DeclarationError, match=fault):
        declared(Layer, {**content, "uses": uses}, "groups.yaml")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Moor Nook Allotments (2x Store Rooms, Lockers, Toilets)", "Moor Nook Allotments"),
        ("Woodheys Park,(1Block)Woodheys Pavilion/Conference room, pitch and putt/public toilets", "Woodheys Park"),
        ("Urmston Library, Golden Way", "Urmston Library, Golden Way"),
        ("(unnamed)", "(unnamed)"),
    ],
)
def test_a_register_s_name_is_short_in_a_sentence(name: str, short: str) -> None:
    assert short_name(name) == short
