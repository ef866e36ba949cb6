"""OpenStreetMap asked of a server: the same rows as out of a file, and nothing lost when the server fails."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import osmnx
import pytest
import shapely
import yaml

from assetmap.cli import main
from assetmap.errors import DeclarationError, SettingError, SourceError
from assetmap.loading import Outcome, load_place
from assetmap.network import build_network
from assetmap.places import Place, read_place
from assetmap.readers import Fetched, ReadSpec, fetch_osm, read
from assetmap.settings import DEFAULT_OVERPASS, read_settings
from assetmap.sources import Source
from assetmap.store import Store
from assetmap.uses import Uses
from overpass import FREE, FULL, NO_TURNS, STANDS, Overpass, Planet, overpass, whole
from registers import FILE, LAYERS, ROOT
from test_readers import OSM
from town import stored, town_areas

AROUND = shapely.box(-2.2, 52.9, -1.9, 53.3)
STREETS = {"highway": ("*",)}

NODES = [
    {"type": "node", "id": 1, "lat": 53.0, "lon": -2.0},
    {"type": "node", "id": 2, "lat": 53.1234567, "lon": -2.1234567},
]
WAY = {
    "type": "way",
    "id": 9,
    "nodes": [1, 2],
    "tags": {"highway": "steps", "access": "private", "name": 'A "&" <b>\x01'},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "town.osm"
    path.write_text(OSM, encoding="utf-8")
    return path


@pytest.fixture
def osm_server(file: Path) -> Iterator[Overpass]:
    with overpass(Planet(file)) as running:
        yield running


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long osmnx would have waited."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


def fetched(
    osm_server: Overpass, tmp_path: Path, where: dict[str, tuple[str, ...]] = STREETS, **more: Any
) -> tuple[Fetched, ReadSpec]:
    spec = ReadSpec("osm", tmp_path / "answer.osm", where=where)
    return fetch_osm(spec, osm_server.url, more.pop("outline", AROUND), **more), spec


# ------------------------------------------------------------------------------------------- what is asked and told


@pytest.mark.parametrize(
    "where",
    [
        {"highway": ("*",)},
        {"amenity": ("library", "community_centre"), "leisure": ("park",)},
        {"shop": ("baker's",)},
        {"odd_key": ("yes",), "amenity": ("*",)},
    ],
)
def test_the_same_rows_come_as_out_of_the_file(
    where: dict[str, tuple[str, ...]], osm_server: Overpass, file: Path, tmp_path: Path
) -> None:
    _, spec = fetched(osm_server, tmp_path, where)
    live, extract = read(spec), read(ReadSpec("osm", file, where=where))
    assert live.rows_in > 0
    assert live.rows.to_dict("records") == extract.rows.to_dict("records")
    assert live.shapes.to_wkt().tolist() == extract.shapes.to_wkt().tolist()
    assert len(osm_server.questions) == 1


def test_private_steps_come_with_all_that_is_said_of_them_and_every_corner(
    osm_server: Overpass, tmp_path: Path
) -> None:
    osm_server.said = [(200, json.dumps(whole([*NODES, WAY])))]
    _, spec = fetched(osm_server, tmp_path)
    frame = read(spec)
    (row,) = frame.rows.to_dict("records")
    # a character that no text file may hold is left out
    assert row == {"osm_id": "way/9", "highway": "steps", "access": "private", "name": 'A "&" <b>'}
    assert frame.shapes[0].equals_exact(shapely.LineString([(-2.0, 53.0), (-2.1234567, 53.1234567)]), 1e-9)


def test_only_what_lies_in_or_passes_through_the_outline_is_asked_for(osm_server: Overpass, tmp_path: Path) -> None:
    tags = {"shop": ("*",), "amenity": ("*",)}
    _, spec = fetched(osm_server, tmp_path, tags, outline=shapely.box(-2.11, 53.01, -2.05, 53.09))
    assert read(spec).rows["osm_id"].tolist() == ["way/10"]


def test_what_stands_in_several_parts_is_one_row(
    osm_server: Overpass, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(osmnx.settings, "max_query_area_size", 2e8)
    told, spec = fetched(osm_server, tmp_path)
    assert len(osm_server.questions) > 1
    assert f"in {len(osm_server.questions)} parts" in told.notes[0]
    assert read(spec).rows["osm_id"].tolist() == ["way/11", "way/12"]


def test_where_it_came_from_and_of_when_it_is(osm_server: Overpass, tmp_path: Path) -> None:
    told, _ = fetched(osm_server, tmp_path)
    assert told.address == f"{osm_server.url}/interpreter"
    assert told.source_date == STANDS[:10]
    assert len(told.sha256) == 64
    assert STANDS in told.notes[0]
    again, _ = fetched(osm_server, tmp_path)
    assert again.sha256 == told.sha256
    assert fetched(osm_server, tmp_path, {"amenity": ("*",)})[0].sha256 != told.sha256


def test_a_password_in_an_address_is_not_told(osm_server: Overpass, tmp_path: Path) -> None:
    osm_server.url = osm_server.url.replace("//", "//somebody:secret@")
    told, _ = fetched(osm_server, tmp_path)
    assert "secret" not in told.address + "".join(told.notes)


def test_openstreetmap_as_it_stood_is_asked_for_by_its_date(osm_server: Overpass, tmp_path: Path) -> None:
    told, _ = fetched(osm_server, tmp_path, on_date="2018-02-27")
    assert '[date:"2018-02-27T00:00:00Z"]' in osm_server.questions[0]
    assert told.source_date == "2018-02-27"
    with pytest.raises(SourceError, match=f"has data of {STANDS[:10]}, and 'osm_date' asks for 2030-01-01"):
        fetched(osm_server, tmp_path, on_date="2030-01-01")


def test_it_asks_in_its_own_name_and_leaves_everything_as_it_was(osm_server: Overpass, tmp_path: Path) -> None:
    before, lookup = vars(osmnx.settings).copy(), socket.getaddrinfo
    fetched(osm_server, tmp_path)
    osm_server.said = [(400, "no")]
    with pytest.raises(SourceError):
        fetched(osm_server, tmp_path)
    assert vars(osmnx.settings) == before
    assert socket.getaddrinfo is lookup
    assert {name.partition("/")[0] for name in osm_server.heard_from} == {"assetmap"}
    assert not Path("cache").exists()


# ------------------------------------------------------------------------------------------- what may go wrong

BROKEN_OFF = 'runtime error: Query timed out in "query" at line 1 after 181 seconds.'
PARSE_ERROR = (
    "<html><head><title>OSM3S</title></head><p><strong>Error</strong>: line 1: parse error: Unknown type</p></html>"
)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (
            200,
            json.dumps(whole([*NODES, WAY], remark=BROKEN_OFF)),
            r"broke off and sent only a part \(runtime error: Query",
        ),
        (200, json.dumps(whole([])), "has nothing here that the tags under 'where' choose"),
        (
            200,
            "<html><head><style>p {}</style></head><body>Log in to the Wi-Fi</body></html>",
            r"not JSON \(Log in to the",
        ),
        (200, "", r"not JSON \(nothing\)"),
        (200, "[]", "answered, but not as an Overpass server does"),
        (200, '{"elements": []}', "answered, but not as an Overpass server does"),
        (200, json.dumps(whole([*NODES, WAY]) | {"osm3s": {}}), "does not say of which date its data are"),
        (400, PARSE_ERROR, r"refused the question \(400 Bad Request: Error : line 1: parse error: Unknown type\)"),
        (403, "Blocked", r"refused the question \(403 Forbidden: Blocked\)"),
        (503, "down", r"is too busy \(503 Service Unavailable\)"),
    ],
)
def test_an_answer_that_is_none_is_refused_with_what_to_do(
    status: int, body: str, said: str, osm_server: Overpass, tmp_path: Path
) -> None:
    osm_server.said = [(status, body)]
    with pytest.raises(SourceError, match=said) as raised:
        fetched(osm_server, tmp_path)
    assert str(raised.value).startswith("127.0.0.1:")
    assert "What was loaded before is kept." in str(raised.value)
    assert len(osm_server.questions) == 1


@pytest.mark.parametrize(("status", "said"), [(429, "429 Too Many Requests"), (504, "504 Gateway Timeout")])
def test_a_busy_server_is_asked_once_more_and_then_left_alone(
    status: int, said: str, osm_server: Overpass, tmp_path: Path, pauses: list[float]
) -> None:
    osm_server.said = [(status, "busy")]
    assert read(fetched(osm_server, tmp_path)[1]).rows_in > 0
    assert max(pauses) > 30
    osm_server.said = [(status, "busy")] * 5
    with pytest.raises(SourceError, match=rf"is too busy \({said}\). Wait some minutes and type the same again"):
        fetched(osm_server, tmp_path)
    assert len(osm_server.said) == 3


def test_a_server_that_gives_no_turn_for_an_hour_is_not_waited_for(osm_server: Overpass, tmp_path: Path) -> None:
    osm_server.status = (200, FULL)
    with pytest.raises(SourceError, match="gives this network no turn within 5 minutes"):
        fetched(osm_server, tmp_path)
    assert osm_server.questions == []


@pytest.mark.parametrize("status", [(200, NO_TURNS), (404, "not found"), (200, FREE)])
def test_a_councils_own_server_needs_no_turns(
    status: tuple[int, str], osm_server: Overpass, tmp_path: Path, pauses: list[float]
) -> None:
    osm_server.status = status
    assert read(fetched(osm_server, tmp_path)[1]).rows_in > 0
    assert not any(pauses)


def test_a_server_that_is_not_there(osm_server: Overpass, tmp_path: Path, pauses: list[float]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        osm_server.url = f"http://127.0.0.1:{taken.getsockname()[1]}/api"
        with pytest.raises(SourceError, match=r"could not be reached \(connection refused\). Check that this machine"):
            fetched(osm_server, tmp_path)
    assert pauses == []


def test_a_server_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assetmap.readers.overpass.ANSWER_WITHIN_S", 0.1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        deaf = Overpass(f"http://127.0.0.1:{silent.getsockname()[1]}/api", None)
        with pytest.raises(SourceError, match="did not answer within"):
            fetched(deaf, tmp_path)


def test_a_whole_region_is_not_asked_for(osm_server: Overpass, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"is not asked for [\d,]+ square km.* Download an extract"):
        fetched(osm_server, tmp_path, outline=shapely.box(-3, 51, 0, 53))
    assert osm_server.questions == []


def test_a_search_that_cannot_be_made_is_not_sent(osm_server: Overpass, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be searched for the tag"):
        fetched(osm_server, tmp_path, {'a"]': ("*",)})
    assert osm_server.questions == []


# ------------------------------------------------------------------------------------------- settings and place files


def test_the_server_is_a_setting() -> None:
    home = {"ASSETMAP_HOME": str(ROOT)}
    assert read_settings(home).overpass_url == DEFAULT_OVERPASS
    for given in ("https://osm.council.example/api", "https://osm.council.example/api/interpreter"):
        found = read_settings({**home, "ASSETMAP_OVERPASS_URL": given})
        assert found.overpass_url == "https://osm.council.example/api"
    with pytest.raises(SettingError, match="ASSETMAP_OVERPASS_URL is 'ftp://x'"):
        read_settings({**home, "ASSETMAP_OVERPASS_URL": "ftp://x"})


STREETS_KEYS = {
    "layer": "streets",
    "reader": "osm_live",
    "sublayer": "lines",
    "where": {"highway": "*"},
    "row_id": "osm_id",
    "licence": "ODbL-1.0",
    "path": None,
    "source_date": None,
}


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"path": "./a.osm"}, "'osm_live' asks a server: take out 'path' and 'source_date'"),
        ({"source_date": "2025"}, "'osm_live' asks a server: take out 'path' and 'source_date'"),
        ({"where": None}, "'osm_live' needs 'where'"),
        ({"osm_date": "2018"}, "sources.streets.osm_date"),
        ({"osm_date": "2018-02-30"}, "'2018-02-30' is no date"),
        ({"reader": "osm", "source_date": "2025"}, "'path' is missing"),
        ({"reader": "osm", "path": "./a.osm"}, "'source_date' is missing"),
        (
            {"reader": "osm", "path": "./a.osm", "source_date": "2025", "osm_date": "2018-02-27"},
            "goes with 'reader: osm_",
        ),
        ({"joins": [{**FILE, **STREETS_KEYS, "layer": None, "row_id": None, "match": {"a": "b"}}]}, "only a source by"),
    ],
)
def test_what_a_source_that_is_asked_for_may_not_say(keys: dict[str, Any], told: str, tmp_path: Path) -> None:
    joins = {"joins": [given(join) for join in keys["joins"]]} if "joins" in keys else {}
    with pytest.raises(DeclarationError, match=told):
        read_place(place_file(tmp_path, streets={**STREETS_KEYS, **keys, **joins}))


def given(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}


def place_file(into: Path, **sources: dict[str, Any]) -> Path:
    """A place file in which a key that is ``None`` is left out."""
    whole_sources = {name: given({**FILE, **keys}) for name, keys in sources.items()}
    path = into / "handtown.yaml"
    path.write_text(yaml.safe_dump({"name": "Hand Town", "sources": whole_sources}), encoding="utf-8")
    return path


# ------------------------------------------------------------------------------------------- the way in


@pytest.fixture
def town_server() -> Iterator[Overpass]:
    """Hand Town's streets as a server has them, one of them private, one of them in another town."""
    with overpass() as running:
        running.said = [(200, json.dumps(whole(town_elements())))]
        yield running


def town_elements() -> list[dict[str, Any]]:
    corners = {1: (0, 0), 2: (400, 0), 3: (400, 400), 4: (800, 0), 5: (9000, 0), 6: (9100, 0)}
    spots = dict(zip(corners, stored([shapely.Point(at) for at in corners.values()]), strict=True))
    nodes = [{"type": "node", "id": name, "lat": spot.y, "lon": spot.x} for name, spot in spots.items()]
    ways = [
        ([1, 2, 4], {"highway": "residential", "surface": "asphalt"}),
        ([2, 3], {"highway": "steps", "foot": "yes", "access": "private", "bridge": "yes"}),
        ([3, 4], {"highway": "service", "access": "private"}),
        ([5, 6], {"highway": "residential"}),
    ]
    return [
        *nodes,
        *({"type": "way", "id": 70 + n, "nodes": refs, "tags": tags} for n, (refs, tags) in enumerate(ways)),
    ]


AREAS = {
    "layer": "neighbourhoods",
    "path": "./areas.geojson",
    "reader": "vector",
    "row_id": "LSOA21CD",
    "geography": "LSOA 2021",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hand Town's neighbourhoods, as a file."""
    data = tmp_path / "files"
    data.mkdir()
    areas = town_areas()[["area_code", "name", "population", "geometry"]]
    areas.rename(columns={"area_code": "LSOA21CD", "name": "LSOA21NM"}).to_file(data / "areas.geojson")
    return data


def by_source(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {outcome.source.removeprefix("handtown/"): outcome for outcome in outcomes}


@pytest.fixture
def live_town(folder: Path) -> Place:
    return read_place(place_file(folder, areas=AREAS, streets=STREETS_KEYS))


def test_a_place_is_loaded_without_an_extract(store: Store, live_town: Place, town_server: Overpass) -> None:
    loaded = by_source(load_place(store, live_town, LAYERS, None, overpass_url=town_server.url))
    outcome = loaded["streets"]
    assert outcome.fault is None
    record = outcome.record
    assert (record.rows_in, record.stored) == (4, 2)
    assert record.set_aside_rules == {
        "private, with nothing that says people may walk there": 1,
        "more than 2 km outside the place": 1,
    }
    streets = store.streets("handtown").set_index("street_id")
    kinds = {"handtown/streets:way/70": "residential", "handtown/streets:way/71": "steps"}
    assert streets["kind"].to_dict() == kinds
    said = {"access": "private", "bridge": "yes", "foot": "yes"}
    assert json.loads(streets.loc["handtown/streets:way/71", "details"]) == said
    walked = build_network(store.streets("handtown"))
    assert (len(walked), set(walked.component)) == (4, {0})
    kept = store.loads("handtown").set_index("source").loc["handtown/streets"]
    assert (kept["path"], kept["source_date"]) == (f"{town_server.url}/interpreter", STANDS[:10])
    (note,) = store.issues("handtown", "handtown/streets").query("kind == 'how_it_was_read'")["message"]
    assert note.startswith("Asked of 127.0.0.1:")


@pytest.mark.parametrize("said", [(504, "busy"), (200, json.dumps(whole(town_elements(), remark=BROKEN_OFF)))])
def test_a_server_that_fails_leaves_what_was_there(
    said: tuple[int, str], store: Store, live_town: Place, town_server: Overpass, pauses: list[float]
) -> None:
    load_place(store, live_town, LAYERS, None, overpass_url=town_server.url)
    before = store.streets("handtown"), store.loads("handtown")
    town_server.said = [said] * 2
    loaded = by_source(load_place(store, live_town, LAYERS, None, frozenset({"streets"}), overpass_url=town_server.url))
    assert "What was loaded before is kept." in loaded["streets"].fault
    assert store.streets("handtown").equals(before[0])
    assert store.loads("handtown").equals(before[1])


def test_nobody_is_asked_where_nobody_can_tell_where_to_look(
    store: Store,
    folder: Path,
    town_server: Overpass,
) -> None:
    place = read_place(place_file(folder, streets=STREETS_KEYS))
    (outcome,) = load_place(store, place, LAYERS, None, overpass_url=town_server.url)
    assert "no neighbourhoods, so nobody can tell where to look for 'streets'" in outcome.fault
    assert town_server.questions == []


def test_a_place_file_that_reads_extracts_can_be_asked_for_instead(
    store: Store,
    folder: Path,
    town_server: Overpass,
) -> None:
    extract = {**STREETS_KEYS, "reader": "osm", "path": "./not_there.osm.pbf", "source_date": "2022-07-20"}
    place = read_place(place_file(folder, areas=AREAS, streets=extract))
    missing = by_source(load_place(store, place, LAYERS, None))["streets"]
    assert "There is no file not_there.osm.pbf" in missing.fault
    assert "--live" in missing.fault
    asked = by_source(load_place(store, place.live(), LAYERS, None, overpass_url=town_server.url))
    assert [outcome.fault for outcome in asked.values()] == [None, None]
    assert town_server.questions != []


def test_the_command_line_asks_the_server_that_is_named_and_says_what_to_load_again(
    folder: Path,
    tmp_path: Path,
    town_server: Overpass,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    extract = {**STREETS_KEYS, "reader": "osm", "path": "./not_there.osm.pbf", "source_date": "2022-07-20"}
    place = place_file(folder, areas=AREAS, streets=extract)
    monkeypatch.setenv("ASSETMAP_OVERPASS_URL", town_server.url)
    words = ["assetmap", "load", str(place), "--live", "--format", "csv", "--store", str(tmp_path / "town.gpkg")]
    for code, told in ((0, "4 rows stored"), (1, "load only what is missing: --source streets")):
        monkeypatch.setattr("sys.argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
        assert (ended.value.code or 0) == code
        assert told in capsys.readouterr().err


def test_the_examples_in_the_guide_can_be_declared() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    told = [(key, given) for example in examples for key, given in yaml.load(example, yaml.BaseLoader).items()]
    assert [Uses.model_validate(given).read for key, given in told if key == "uses"] == [("name", "use", "held")]
    sources = [Source.model_validate({"id": key, **given}) for key, given in told if key != "uses"]
    assert {"osm", "osm_live"} <= {source.reader for source in sources}
    for source in sources:
        assert set(source.columns) <= set(LAYERS[source.layer].fields)
