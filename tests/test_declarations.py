"""Layer and place files: strict, and every fault told at once in plain words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assetmap.declarations import MAX_DECLARATION_BYTES, read_declaration
from assetmap.errors import DeclarationError, SourceError, UnknownNameError
from assetmap.layers import find_layer, read_layer, read_layers
from assetmap.mapping import LOCATION_HEADERS
from assetmap.places import find_place, place_files, read_place
from assetmap.space import parse_crs
from registers import LAYERS, ROOT, write_place

LAYER = """\
title: Halls
one: hall
many: halls
counts: Halls that people can book for a meeting.
theme: meeting
icon: groups
kinds:
  hall: {title: Hall, plural: Halls}
  other: {title: Other, plural: Others}
fields:
  name: {says: What it is called., called: [name]}
  kind: {says: Which kind it is., values: {Village Hall: hall}}
  seats: {says: How many can sit., type: whole_number, called: [seats]}
examples:
  - says: A hall.
    given: {name: A}
    becomes: {name: A}
"""
PLACE_FOLDERS = [ROOT / "data" / "places", ROOT / "data" / "town"]


@pytest.fixture
def faults(tmp_path: Path) -> Callable[[str | bytes], str]:
    """What is said of a layer file with this content."""

    def told(content: str | bytes, name: str = "halls.yaml") -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(DeclarationError) as raised:
            read_layer(path)
        return str(raised.value)

    return told


@pytest.fixture
def place_faults(tmp_path: Path) -> Callable[..., str]:
    """What is said of a place file whose one source has these keys."""

    def told(**source: object) -> str:
        with pytest.raises(DeclarationError) as raised:
            read_place(write_place(tmp_path, {"register": {"layer": "halls", **source}}))
        return str(raised.value)

    return told


@pytest.mark.parametrize("prepared", [LAYER, "\ufeff" + LAYER, LAYER.replace("\n", "\r\n")], ids=["", "bom", "crlf"])
def test_a_layer_is_what_its_file_says(prepared: str, tmp_path: Path) -> None:
    path = tmp_path / "halls.yaml"
    path.write_bytes(prepared.encode())
    layer = read_layer(path)
    assert (layer.id, layer.holds, layer.tells) == ("halls", "assets", "here")
    assert layer.detail_fields == ("seats",)
    assert [layer.type_of(field) for field in ("name", "seats")] == ["text", "whole_number"]
    assert [layer.kind_title("hall", count) for count in (1, 2)] == ["Hall", "Halls"]
    assert layer.kind_title("tin_tabernacle") == "Tin tabernacle"


def test_every_fault_of_a_file_is_told_at_once(faults: Callable[[str], str]) -> None:
    wrong = (
        LAYER.replace("icon:", "icom:")
        .replace("title: Halls\n", "title: [Halls]\n")
        .replace("says: What", "said: What")
    )
    told = faults(wrong + "add_here: perhaps\nblur_m: much\nholds: things\n")
    for line in [
        "title: this must be one text",
        "icom: this key is not known here; is it misspelt?",
        "fields.name.said: this key is not known here",
        "fields.name.says: this key is needed",
        "add_here: write yes or no",
        "blur_m: this must be a number",
        "holds: this may only be 'areas', 'assets', 'streets', 'locators', 'figures' or 'heights'",
    ]:
        assert line in told
    assert told.count("\n  - ") == 7


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "halls.yaml").write_text(LAYER + "colour: red\n")
    (tmp_path / "pubs.yaml").write_text("title: Pubs\n")
    (tmp_path / "parks.yaml").write_text(LAYER)
    with pytest.raises(DeclarationError) as raised:
        read_layers(tmp_path)
    assert [line.split(":")[0] for line in raised.value.faults] == ["halls.yaml"] + ["pubs.yaml"] * 3


def test_no_layer_files(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="it holds no layer files"):
        read_layers(tmp_path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "it holds no 'key: value' lines"),
        ("- a\n- b\n", "it holds no 'key: value' lines"),
        ("title: A\ntitle: B\n", "the key 'title' is given twice; see line 2"),
        ("kinds:\n  hall: {title: A, title: B}\n", "the key 'title' is given twice; see line 2"),
        ("title: A\n\tone: hall\n", "a tab stands here: use spaces; see line 2"),
        ("title: [A\n", "it is not YAML"),
        ("? [a, b]\n: c\n", "a key must be one word"),
        ("title: A\n---\ntitle: B\n", "expected a single document"),
        ("title: A\0\n", "special characters are not allowed"),
        ("a: &a {b: *a}\n", "recursive"),
        ("[" * 1200, "nested too deeply"),
        (b"title: Caf\xe9\n", "it is not UTF-8 text: save it as UTF-8"),
        ("#" * (MAX_DECLARATION_BYTES + 1), "it is larger than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_declaration(content: str | bytes, told: str, faults: Callable[[str | bytes], str]) -> None:
    assert told in faults(content)


def test_a_declaration_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="there is no such file"):
        read_declaration(tmp_path / "halls.yaml")
    with pytest.raises(DeclarationError, match="it cannot be read"):
        read_declaration(tmp_path)


def test_words_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("a: no\nb: 2013-03\nc: 01234\nd: 1e3\ne: null\nf: 12:30\ng: !!python/name:os.system ''\n")
    assert list(read_declaration(path).values()) == ["no", "2013-03", "01234", "1e3", "null", "12:30", ""]


def test_a_bomb_of_anchors_is_refused_at_once(faults: Callable[[str], str]) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 15)]
    told = faults("\n".join(lines) + "\n" + LAYER.replace("given: {name: A}", "given: *a14"))
    assert "examples.0.given: this must be 'key: value' lines" in told
    assert len(told) < 2_000


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("theme: meeting", "theme: mauve"), "'mauve' is not a theme of the look"),
        (("theme: meeting\n", ""), "a layer of assets needs a theme"),
        (("icon: groups\n", ""), "needs an icon and kinds"),
        (("one: hall\n", ""), "needs 'one' and 'many'"),
        (("  other: {title: Other, plural: Others}\n", ""), "kinds need 'other'"),
        (("Village Hall: hall", "Village Hall: haul"), "fields.kind.values: 'haul' is not one of hall, other"),
        (("  seats:", "  asset_id:"), "fields asset_id are set by assetmap"),
        (("  seats:", "  Seats (max):"), "names of layers, kinds and fields are of small letters"),
        (("  hall:", "  village/hall:"), "'village/hall': names of layers"),
        (("theme:", "scheme: uprn\ntheme:"), "'scheme' goes with 'holds: locators'"),
        (("theme:", "holds: areas\ntheme:"), "fields kind, seats are not columns of the areas table"),
        (("theme:", "holds: figures\ntheme:"), "a layer of figures needs the field 'code', and fields for what is"),
        (("theme:", "codes_repeat: yes\ntheme:"), "'codes_repeat' goes with 'holds: figures'"),
        (("theme:", "holds: locators\nscheme: building\ntheme:"), "a layer of buildings needs 'sizes' and the fields"),
        (("theme:", "holds: locators\nscheme: building\ntheme:"), "a layer of buildings needs the kinds 'homes' and"),
        (("hall: {", 'hall: {homes: "0", '), "a kind with no homes needs 'says': why it is set aside"),
        (("  seats:", "  edition:"), "fields edition are set by assetmap"),
        (("  seats: {", "  address: {says: Where., called: [a]}\n  seats: {"), ""),
        (("    becomes: {name: A}\n", ""), "an example needs 'becomes', 'raises' or 'set_aside'"),
        (("title: Halls\n", "title: Halls\nid: halls\n"), "the file's name is the layer's id"),
        (("examples:", "set_aside: [{column: a, why: because}]\nexamples:"), "a rule needs 'is', 'contains' or 'blank"),
    ],
)
def test_what_a_layer_may_not_say(change: tuple[str, str], told: str, faults: Callable[[str], str]) -> None:
    changed = LAYER.replace(*change)
    assert changed != LAYER
    if not told:
        changed += "blur_m: 500\n"
        told = "a layer with 'blur_m' keeps no address"
    assert told in faults(changed)


@pytest.mark.parametrize("holds", ["streets", "figures"])
def test_streets_and_figures_have_fields_of_their_own(holds: str, tmp_path: Path) -> None:
    path = tmp_path / "seats.yaml"
    path.write_text(LAYER.replace("theme:", f"holds: {holds}\ntheme:").replace("  name:", "  code:"))
    layer = read_layer(path)
    shared = {"streets": ("code", "seats"), "figures": ("kind", "seats")}
    assert layer.detail_fields == shared[holds]


def test_a_layers_name_is_one_that_a_view_can_have(tmp_path: Path) -> None:
    path = tmp_path / "Village Halls.yaml"
    path.write_text(LAYER)
    with pytest.raises(DeclarationError, match="'Village Halls': names of layers"):
        read_layer(path)


def test_an_unknown_layer_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match=r"There is no layer called 'halls'.*community_buildings"):
        find_layer(LAYERS, "halls")


# --- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", place_files(PLACE_FOLDERS).values(), ids=place_files(PLACE_FOLDERS))
def test_every_place_file_can_be_used(path: Path) -> None:
    place = read_place(path)
    for source in place.sources.values():
        layer = find_layer(LAYERS, source.layer)
        assert set(source.columns) <= set(layer.fields), source.id
        parse_crs(source.locate.crs or "EPSG:4326")
    assert {find_layer(LAYERS, source.layer).holds for source in place.sources.values()} >= {"areas"}


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            {"reader": "xlsx"},
            "sources.register.reader: this may only be 'csv', 'excel', 'vector', 'osm', 'osm_live', 'json', 'xml' "
            "or 'heights'",
        ),
        ({"licence": "OGL"}, "'OGL' is not a licence known here; use one of OGL-UK-3.0"),
        ({"source_date": "31/3/2013"}, "sources.register.source_date"),
        ({"attribution": []}, "sources.register.attribution: at least 1 is needed here"),
        ({"colums": {}}, "sources.register.colums: this key is not known here; is it misspelt?"),
        ({"columns": {"name": {"column": "a", "always": "b"}}}, "say either 'column'"),
        ({"columns": {"name": {"values": {"a": "b"}}}}, "say either 'column'"),
        ({"columns": {"name": {"column": "a", "write": "no braces"}}}, "sources.register.columns.name.write"),
        ({"locate": {"x": "lon"}}, "'x' and 'y' go together"),
        ({"locate": {"x": "lon", "y": "lat", "position": "where"}}, "go together, and not with 'position'"),
        ({"locate": {"accuracy_m": "0"}}, "sources.register.locate.accuracy_m: this must be more than 0"),
        ({"keep": [{"column": "a", "why": "because"}]}, "a rule needs 'is', 'contains' or 'blank: true'"),
        ({"joins": [{"match": {"a": "b", "c": "d"}}]}, "sources.register.joins.0.match: at most 1 may stand here"),
        ({"margin_m": "-1"}, "sources.register.margin_m: this must be at least 0"),
    ],
)
def test_what_a_source_may_not_say(keys: dict[str, object], told: str, place_faults: Callable[..., str]) -> None:
    assert told in place_faults(**keys)


def test_faults_of_several_sources_are_told_at_once(tmp_path: Path) -> None:
    path = write_place(tmp_path, {"one": {}, "two": {"layer": "halls", "reader": "pdf"}}, colour="red")
    with pytest.raises(DeclarationError) as raised:
        read_place(path)
    assert [line.split(": ")[0] for line in raised.value.faults] == [
        "sources.one.layer",
        "sources.two.reader",
        "colour",
    ]


def test_a_source_has_a_name_that_can_stand_in_an_address(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="'a/b': a source is named in letters"):
        read_place(write_place(tmp_path, {"a/b": {"layer": "halls"}}))


@pytest.mark.parametrize("key", ["id", "folder"])
def test_what_the_file_itself_says_cannot_be_declared(key: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=f"{key}: this is set from the file itself"):
        read_place(write_place(tmp_path, {"register": {"layer": "halls"}}, **{key: "x"}))


@pytest.mark.parametrize("path", ["./../secret.csv", "/etc/passwd", "../secret.csv", "./a/../../secret.csv"])
def test_a_path_never_leaves_its_folder(path: str, tmp_path: Path) -> None:
    place = read_place(write_place(tmp_path, {"register": {"layer": "halls", "path": path}}))
    with pytest.raises(DeclarationError, match="leaves the folder"):
        place.find(place.sources["register"], tmp_path / "data")


def test_a_place_file_is_found_whatever_the_capitals(tmp_path: Path) -> None:
    write_place(tmp_path, {"register": {"layer": "halls"}})
    (known,) = (path.stem for path in tmp_path.glob("*.yaml"))
    assert find_place(known.swapcase(), [tmp_path]).id == known


def test_a_file_is_beside_the_place_file_or_under_the_data_folder(tmp_path: Path) -> None:
    sources = {"near": {"layer": "halls", "path": "./a.csv"}, "far": {"layer": "halls", "path": "b/c.csv"}}
    place = read_place(write_place(tmp_path, sources))
    assert place.find(place.sources["near"], None) == tmp_path.resolve() / "a.csv"
    assert place.find(place.sources["far"], tmp_path / "data") == tmp_path.resolve() / "data" / "b" / "c.csv"
    with pytest.raises(DeclarationError, match="give it with --data or set ASSETMAP_REAL_DATA"):
        place.find(place.sources["far"], None)


def test_a_place_is_found_by_name_or_by_path(tmp_path: Path) -> None:
    path = write_place(tmp_path, {"register": {"layer": "halls"}})
    assert find_place("handtown", [tmp_path]) == find_place(str(path), []) == read_place(path)
    with pytest.raises(UnknownNameError, match=r"'hndtown'. Did you mean 'handtown'\? Known: handtown"):
        find_place("hndtown", [tmp_path])


def test_usual_headers_of_coordinates_go_in_pairs() -> None:
    assert len(LOCATION_HEADERS["x"]) == len(LOCATION_HEADERS["y"])


def test_a_coordinate_system_nobody_knows() -> None:
    with pytest.raises(SourceError, match="'EPSG:99999' is not a coordinate system"):
        parse_crs("EPSG:99999")
