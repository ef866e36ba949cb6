"""An evidence pack: what is in it, that it can be made again to the byte, and that a check tells what moved."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import parse_qsl
from zipfile import ZIP_DEFLATED, ZipFile

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Inches
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pyogrio.errors import DataSourceError
from pypdf import PdfReader

from assetmap import packs, questions
from assetmap.cli import main
from assetmap.contributing import Offer, record_of
from assetmap.errors import QuestionError, SettingError, UnknownNameError
from assetmap.packs import Wanted, files_of, moved, open_pack, pack_bytes, pack_of, write
from assetmap.packs.wanted import ABOUT, read_wanted
from assetmap.placeview import PlaceView
from assetmap.printing import SHADES
from assetmap.questions.access import METHODS
from assetmap.questions.gap_index import PARTS
from assetmap.scenarios import Change, Scenario
from assetmap.screens import pages
from assetmap.sheets import checksum, in_fours
from assetmap.store import Store, open_store
from assetmap.tables import Assets
from registers import LAYERS
from test_deprivation_question import OF_2025, publish
from test_questions import fill
from town import PLACE, town_assets

DAY = dt.date(2026, 3, 5)
LIBRARY, EASTGATE = (f"{PLACE}/community_buildings:{number}" for number in (1, 2))
CLOSE = Scenario("without the library", (Change("close", LIBRARY),))
REOPEN = Scenario("with Eastgate open again", (Change("reopen", EASTGATE),))
WANTED = Wanted(PLACE, scenarios=(CLOSE, REOPEN), areas=("E01999901",))
EVERYTHING = Wanted(
    PLACE,
    ("gaps", "access", "who_lost", "sites", "play", "whatif", "profile", "lost"),
    layers=("here:green_space",),
    kinds=("sites:library", "who_lost:library", "access:library"),
    scenarios=(CLOSE, REOPEN),
    areas=("Westside",),
    minutes=10,
    weights={"need": 3.0, "beyond": 0.5},
    method="2sfca",
    since=2014,
    until=2016,
    choose=1,
    shade="walk",
)
SECRET = "Mary Osgood keeps the key and lives at number 9"
HOSTILE = '=HYPERLINK("http://evil.example","Hall")'
SCRIPT = "Hall </td><script>broken = true</script> <img src=x onerror=alert(1)>"


def view_of(store: Store, assets: Assets | None = None) -> PlaceView:
    """Hand Town, its sources all loaded at one moment, with a rule of its own on one of them."""
    view = fill(store, assets=town_assets() if assets is None else assets)
    return stopped(view)


def stopped(view: PlaceView) -> PlaceView:
    for name in ("loads", "history"):
        view.__dict__[name] = getattr(view, name).assign(loaded_at="2026-01-31T09:30:00Z")
    return view


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    with open_store(tmp_path_factory.mktemp("packs") / "handtown.gpkg") as store:
        yield view_of(store)


@pytest.fixture(scope="module")
def pack(town: PlaceView) -> packs.Pack:
    return pack_of(town, WANTED, DAY)


@pytest.fixture(scope="module")
def files(pack: packs.Pack) -> dict[str, bytes]:
    return files_of(pack)


@pytest.fixture(scope="module")
def small(town: PlaceView) -> packs.Pack:
    """A pack of one map, for tests of how packs are written and read."""
    return pack_of(town, Wanted(PLACE, ("lost", "profile")), DAY)


@pytest.fixture(scope="module")
def laid_out(small: packs.Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a folder, to be copied."""
    return write(small, tmp_path_factory.mktemp("laid out") / "pack")


def manifest_of(files: dict[str, bytes]) -> dict:
    return json.loads(files["manifest.json"])


def test_a_pack_holds_maps_tables_methods_sources_licences_and_data(files: dict[str, bytes]) -> None:
    keys = ("here", "profile", "whatif", "whatif-2", "gaps", "lost")
    maps = {f"maps/{key}.{form}" for key in keys for form in ("pdf", "png")}
    told = {"index.html", "manifest.json", "summary.docx", "methods.csv", "numbers.csv"}
    told |= {"sources.csv", "changes.csv", "LICENCES.txt"}
    assert {*maps, *told, f"data/{PLACE}.gpkg"} <= set(files)
    tables = {name for name in files if name.startswith("tables/")}
    assert {f"tables/{key}.csv" for key in keys} <= tables
    assert {"tables/whatif-totals.csv", "tables/gaps-why.csv", "tables/profile-questions.csv"} <= tables


def test_tables_are_those_of_the_answers(town: PlaceView, files: dict[str, bytes]) -> None:
    answer = questions.whatif(town, [CLOSE, REOPEN])
    told = pd.read_csv(BytesIO(files["tables/whatif.csv"])).set_index("neighbourhood_code")
    expected = answer.table.set_index("neighbourhood_code")["people_losing"]
    assert told["people_losing"].to_dict() == pytest.approx(expected.to_dict())
    scenarios = pd.read_csv(BytesIO(files["tables/whatif-totals.csv"]))["scenario"].unique().tolist()
    assert scenarios == ["without the library", "with Eastgate open again"]


def test_numbers_are_those_of_the_answers_and_say_what_they_rest_on(pack: packs.Pack) -> None:
    by_key = {entry.key: entry.numbers for entry in pack.entries}
    assert [entry.key for entry in pack.entries] == ["here", "profile", "whatif", "whatif-2", "gaps", "lost"]
    assert (by_key["whatif"][0].value, by_key["whatif-2"][0].value) == ("1,200", "900")
    assert by_key["whatif"][0].says == "people lose a library within 15 minutes, without the library"
    assert (by_key["lost"][0].value, by_key["lost"][0].says) == ("1", "closures recorded in Hand Town since 2015")
    assert by_key["here"][0].value == "2"
    near, far = by_key["gaps"][:2]
    assert near.says.startswith("of Hand Town’s people live within 15 minutes of")
    assert far.says.startswith("people live further than 15 minutes from")
    for number in (number for entry in pack.entries for number in entry.numbers):
        assert number.layers
        assert number.dates
        assert "Creative Commons Zero 1.0" in number.licences
        assert number.falls_short.endswith(".")


@pytest.mark.parametrize(
    ("about", "count"),
    [((), 5), (("here", "gaps", "lost"), 4), (("lost",), 2), (("here",), 3)],
)
def test_a_summary_tells_three_to_five_numbers_strengths_first(
    town: PlaceView, about: tuple[str, ...], count: int
) -> None:
    made = pack_of(town, Wanted(PLACE, about) if about else WANTED, DAY)
    assert len(made.numbers) == count
    if "here" in made.wanted.about:
        assert made.numbers[0] == made.entries[0].numbers[0]


def test_the_title_is_a_finding_or_a_persons_own(town: PlaceView, pack: packs.Pack) -> None:
    assert pack.title == questions.whatif(town, [CLOSE]).title
    assert pack_of(town, Wanted(PLACE), DAY).title == questions.here(town).title
    assert pack_of(town, Wanted(PLACE, ("lost",), title="Ours"), DAY).title == "Ours"


def test_the_same_store_questions_and_day_give_the_same_bytes(town: PlaceView, files: dict[str, bytes]) -> None:
    assert files_of(pack_of(stopped(PlaceView(town._store, PLACE, LAYERS)), WANTED, DAY)) == files


def test_both_engines_give_the_same_bytes(both_stores: tuple[Store, Store]) -> None:
    one, other = (pack_bytes(pack_of(view_of(store), EVERYTHING, DAY)) for store in both_stores)
    assert one == other


def test_a_store_loaded_on_another_day_gives_all_the_same_but_when_it_was_loaded(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    with open_store(tmp_path / "clean.gpkg") as store:
        view = view_of(store)
        for name in ("loads", "history"):
            view.__dict__[name] = getattr(view, name).assign(loaded_at="2027-07-31T10:00:00Z")
        again = files_of(pack_of(view, WANTED, DAY))
    others = {name for name in files if files[name] != again[name]}
    assert others == {"sources.csv", "changes.csv", "index.html", "manifest.json"}
    assert "when they were loaded: in sources.csv, changes.csv, this page and manifest.json." in Page(
        files["index.html"].decode()
    ).words.replace("\n", " ")


def test_the_number_follows_from_the_answers_and_from_no_clock(town: PlaceView, pack: packs.Pack) -> None:
    later = pack_of(town, WANTED, dt.date(2027, 1, 1), address="https://maps.example/")
    assert (later.pack_id, later.made_on) == (pack.pack_id, dt.date(2027, 1, 1))
    again = PlaceView(town._store, PLACE, LAYERS)
    again.__dict__["loads"] = town.loads.assign(loaded_at="2030-01-01T00:00:00Z")
    assert pack_of(again, WANTED, DAY).pack_id == pack.pack_id
    assert pack_of(town, Wanted(PLACE, minutes=10), DAY).pack_id != pack_of(town, Wanted(PLACE), DAY).pack_id
    other_file = PlaceView(town._store, PLACE, LAYERS)
    other_file.__dict__["loads"] = town.loads.assign(sha256="f" * 64)
    assert pack_of(other_file, WANTED, DAY).pack_id != pack.pack_id


def test_every_checksum_can_be_worked_out_by_hand(pack: packs.Pack, files: dict[str, bytes]) -> None:
    told = manifest_of(files)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    del digests["manifest.json"]
    assert told["files"] == digests
    evidence = [name for name in sorted(files) if name.startswith("tables/") or name in ("methods.csv", "numbers.csv")]
    lines = "".join(f"{digests[name]}  {name}\n" for name in evidence)
    assert told["pack"] == pack.pack_id == hashlib.sha256(lines.encode()).hexdigest()[:12].upper()


def test_every_figure_bears_the_number_of_the_pack(town: PlaceView, pack: packs.Pack, files: dict[str, bytes]) -> None:
    for entry in (each for each in pack.entries if each.sheet is not None):
        text = PdfReader(BytesIO(files[f"maps/{entry.key}.pdf"])).pages[0].extract_text()
        assert f"evidence pack {in_fours(pack.pack_id)}, sheet " in text
        assert "5 March 2026" in text
        with Image.open(BytesIO(files[f"maps/{entry.key}.png"])) as image:
            assert round(image.info["dpi"][0]) == 300
            assert image.info["Comment"] == f"Sheet {checksum(entry.sheet)}, pack {pack.pack_id}"


class Page(HTMLParser):
    """What a test asks of a page: its tags in order, the ids, the links and the words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def page(files: dict[str, bytes]) -> Page:
    return Page(files["index.html"].decode())


def test_the_page_can_be_read_by_everybody(page: Page) -> None:
    assert page.of("html") == [{"lang": "en-GB"}]
    assert len(page.of("title")) == len(page.of("h1")) == len(page.of("main")) == 1
    headings = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert all(attrs.get("scope") in ("col", "row") for attrs in page.of("th"))
    assert len(page.of("caption")) == len(page.of("table"))
    pictures = [attrs["alt"] or "" for attrs in page.of("img")]
    assert len(pictures) == 6
    assert all(0 < alt.count(". ") + alt.count("? ") + 1 <= 2 for alt in pictures)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_page_asks_nothing_of_any_other_host_and_leads_to_every_file(page: Page, files: dict[str, bytes]) -> None:
    assert not page.of("script") + page.of("link") + page.of("iframe")
    assert "url(" not in files["index.html"].decode()
    targets = {str(attrs["href"]) for attrs in page.of("a")}
    ids = {f"#{attrs['id']}" for _, attrs in page.tags if "id" in attrs}
    here = {each for each in targets if not each.startswith("http://localhost:8501/?page=")}
    assert {str(attrs["src"]) for attrs in page.of("img")} <= set(files)
    assert here <= set(files) | ids
    assert set(files) - here == {"index.html", "manifest.json"}


def test_the_page_tells_method_limits_sources_and_how_to_make_it_again(page: Page, pack: packs.Pack) -> None:
    assert "Hand Town is made up: nothing here is real." in page.words
    for entry in pack.entries:
        for told in (entry.asks, entry.answer.title, entry.answer.method, *entry.answer.caveats):
            assert told in page.words
        assert all(formula.says in page.words for formula in entry.answer.formulas)
    for words in ("0" * 64, "None needed.", pack.command, "A pack informs judgement", in_fours(pack.pack_id)):
        assert words in page.words
    assert "change=close%3Ahandtown%2Fcommunity_buildings%3A1&name=without+the+library" in page.words
    for never in ("unlawful", "illegal", "worst"):
        assert never not in page.words.casefold()


def test_the_summary_is_a_document_with_headings_header_rows_and_words_for_its_pictures(
    pack: packs.Pack, files: dict[str, bytes]
) -> None:
    document = Document(BytesIO(files["summary.docx"]))
    headings = [(each.style.name, each.text) for each in document.paragraphs if each.style.name.startswith("Heading")]
    assert [text for style, text in headings if style == "Heading 1"] == [pack.title]
    asked = [entry.asks for entry in pack.entries]
    told = ["The numbers", "What to know before relying on it", *asked, "Sources and licences"]
    assert [text for style, text in headings if style == "Heading 2"] == told
    levels = [int(style[-1]) for style, _ in headings]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    numbers, sources = document.tables
    for table, first in ((numbers, "Number"), (sources, "Register")):
        assert table.rows[0].cells[0].text == first
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
        widths = [column.width for column in table.columns]
        assert len(set(widths)) > 1
        assert sum(widths) <= document.sections[0].page_width - 2 * document.sections[0].left_margin
    assert [row.cells[0].text for row in numbers.rows[1:]] == [number.value for number in pack.numbers]
    assert [row.cells[0].text for row in sources.rows[1:]] == pack.register["title"].tolist()
    words = [picture._inline.docPr.get("descr") for picture in document.inline_shapes]
    assert len(words) == 6
    assert all("A map of the fictional town of Hand Town shows" in each for each in words)


def test_the_summary_tells_of_each_answer_its_method_and_what_to_know(
    pack: packs.Pack, files: dict[str, bytes]
) -> None:
    document = Document(BytesIO(files["summary.docx"]))
    lines = [each.text for each in document.paragraphs]
    for entry in pack.entries:
        told = (entry.answer.method, *map(str, entry.answer.formulas), *entry.answer.caveats)
        assert set(told) <= set(lines)
    assert set(pack.attributions) <= set(lines)


def test_each_map_of_the_summary_fills_a_page_held_as_it_is_and_is_sharp_and_light(
    pack: packs.Pack, files: dict[str, bytes]
) -> None:
    document = Document(BytesIO(files["summary.docx"]))
    shown = [
        (page, inline)
        for page in document.sections
        for each in page.iter_inner_content()
        for inline in each._element.iter(qn("wp:inline"))
    ]
    assert len(shown) == sum(entry.sheet is not None for entry in pack.entries)
    for page, inline in shown:
        wide, high = inline.extent.cx, inline.extent.cy
        assert (page.page_width > page.page_height) == (wide > high)
        across, down = page.page_width - 2 * page.left_margin, page.page_height - 2 * page.top_margin
        assert wide <= across
        assert high < down
        # as large as the page lets it be: one side all but fills it
        assert max(wide / across, high / down) > 0.9
        held = document.part.related_parts[inline.graphic.graphicData.pic.blipFill.blip.embed]
        with Image.open(BytesIO(held.blob)) as drawn:
            assert drawn.mode == "P"
            assert drawn.width == pytest.approx(200 * wide / Inches(1), abs=1)
    assert len(files["summary.docx"]) < 2_000_000


def test_a_map_of_the_summary_has_the_colours_of_the_map_itself(files: dict[str, bytes]) -> None:
    document = Document(BytesIO(files["summary.docx"]))
    inline = document.inline_shapes[0]._inline
    held = document.part.related_parts[inline.graphic.graphicData.pic.blipFill.blip.embed]
    with Image.open(BytesIO(held.blob)) as light, Image.open(BytesIO(files["maps/here.png"])) as drawn:
        full = drawn.convert("RGB").resize(light.size, Image.Resampling.HAMMING)
        furthest = max(high for _, high in ImageChops.difference(full, light.convert("RGB")).getextrema())
    assert furthest <= 12


def test_the_summary_speaks_english_and_bears_the_day(pack: packs.Pack, files: dict[str, bytes]) -> None:
    document = Document(BytesIO(files["summary.docx"]))
    told = document.core_properties
    assert (told.title, told.language, told.created.date()) == (pack.title, "en-GB", DAY)
    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_the_register_tells_of_every_load_what_became_of_its_rows(town: PlaceView, files: dict[str, bytes]) -> None:
    told = pd.read_csv(BytesIO(files["sources.csv"]))
    assert told["source"].tolist() == town.loads["source"].tolist()
    assert (told["rows_in"] == told["stored"] + told["set_aside"] + told["dropped"]).all()
    assert {"sha256", "published", "retrieved", "licence", "attribution", "file", "issues"} <= set(told)
    used = told.set_index("source")["used_in"]
    assert used[f"{PLACE}/neighbourhoods"] == "here; profile; whatif; whatif-2; gaps; lost"
    assert "None needed." in files["LICENCES.txt"].decode()


def test_a_file_on_somebodys_own_machine_is_told_by_its_name_alone(town: PlaceView) -> None:
    view = PlaceView(town._store, PLACE, LAYERS)
    view.__dict__["loads"] = town.loads.assign(path="/home/mary/secret/register.csv")
    assert set(pack_of(view, Wanted(PLACE), DAY).register["file"]) == {"register.csv"}


def test_the_log_tells_what_was_loaded_again_and_what_people_added(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.gpkg") as store:
        fill(store, assets=town_assets())
        view = fill(store, assets=town_assets())
        _add(store, view, name="The Allotment Kitchen")
        rows = pack_of(PlaceView(store, PLACE, LAYERS), Wanted(PLACE), DAY).changes
    again = rows[rows["again"] == 1]["told"].tolist()
    assert "Loaded again from the same file: 1 rows stored, 1 before." in again
    assert "Groups, skills and time: 1, not yet checked." in again


def _add(store: Store, view: PlaceView, name: str, layer: str = "groups", kind: str = "club") -> None:
    spot = view.areas.geometry.iloc[0].representative_point()
    store.add_contribution(record_of(view, Offer(layer, kind, name, spot.x, spot.y, SECRET, f"My aunt: {SECRET}")))


def every_word(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each file with what it holds, archives opened and PDFs as text."""
    for name, content in files.items():
        if name.endswith(".docx"):
            with ZipFile(BytesIO(content)) as archive:
                yield from ((f"{name}/{part}", archive.read(part)) for part in archive.namelist())
        elif name.endswith(".pdf"):
            yield name, PdfReader(BytesIO(content)).pages[0].extract_text().encode()
        else:
            yield name, content


def test_what_people_wrote_and_what_may_not_be_passed_on_stay_out(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.gpkg") as store:
        view = fill(store, assets=town_assets())
        _add(store, view, "The Allotment Kitchen")
        view = PlaceView(store, PLACE, LAYERS)
        of_owner = view.loads["layer"] == "public_land"
        view.__dict__["loads"] = view.loads.assign(licence=view.loads["licence"].where(~of_owner, "own"))
        files = files_of(pack_of(view, Wanted(PLACE, ("here", "profile")), DAY))
    held = [name for name, content in every_word(files) if b"Osgood" in content or b"lives at number" in content]
    assert held == []
    data = tmp_path / "data.gpkg"
    data.write_bytes(files[f"data/{PLACE}.gpkg"])
    layers = set(pyogrio.list_layers(data)[:, 0])
    assert "public_land" not in layers
    assert {"neighbourhoods", "community_buildings"} <= layers
    groups = pd.concat([gpd.read_file(data, layer=name) for name in layers if name.startswith("groups")])
    assert "The Allotment Kitchen" in set(groups["name"])


def test_openstreetmap_rows_stand_apart(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.gpkg") as store:
        assets = town_assets()
        of_map = assets["name"] == "Ninth Avenue Hall"
        assets["source"] = assets["source"].where(~of_map, f"{PLACE}/community_buildings_osm")
        view = fill(store, assets=assets.assign(layer=assets["layer"]))
        osm = view.loads["source"].str.endswith("_osm")
        licences = view.loads["licence"].where(~osm, "ODbL-1.0").where(osm, "OGL-UK-3.0")
        view.__dict__["loads"] = view.loads.assign(licence=licences)
        data = tmp_path / "data.gpkg"
        data.write_bytes(files_of(pack_of(view, Wanted(PLACE, ("lost",)), DAY))[f"data/{PLACE}.gpkg"])
    apart = gpd.read_file(data, layer="community_buildings_ODbL-1.0")
    assert apart["name"].tolist() == ["Ninth Avenue Hall"]
    assert "Ninth Avenue Hall" not in set(gpd.read_file(data, layer="community_buildings")["name"])


def test_hostile_names_harm_neither_page_nor_spreadsheet(tmp_path: Path) -> None:
    assets = town_assets()
    assets["name"] = assets["name"].replace({"Hand Town Library": SCRIPT, "Eastgate Library": HOSTILE})
    with open_store(tmp_path / "store.gpkg") as store:
        view = view_of(store, assets)
        names = Scenario(f"without {SCRIPT}", CLOSE.changes), Scenario(HOSTILE, REOPEN.changes)
        made = pack_of(view, Wanted(PLACE, ("lost",), scenarios=names, title=SCRIPT), DAY)
        opened = open_pack(write(made, tmp_path / "pack.zip"))
        assert opened.wanted == made.wanted
    files = dict(opened.files)
    page = Page(files["index.html"].decode())
    assert not page.of("script")
    assert all("onerror" not in attrs for _, attrs in page.tags)
    for name in (each for each in files if each.endswith(".csv")):
        cells = pd.read_csv(BytesIO(files[name]), dtype=str, keep_default_na=False)
        assert not [cell for column in cells for cell in cells[column] if cell.startswith(("=", "+", "@"))]


TEXT = st.text(max_size=20).filter(lambda text: text == text.encode("utf-8", "ignore").decode())
WORDS = st.lists(TEXT.filter(lambda text: ":" not in text), max_size=2).map(tuple)
ALONE = st.builds("{}:{}".format, st.sampled_from(ABOUT), TEXT)
CHANGES = st.builds(
    Change, st.sampled_from(["close", "reopen"]), TEXT.filter(lambda text: text.strip() != "")
)  # fmt: skip
SCENARIOS = st.builds(Scenario, TEXT, st.lists(CHANGES, min_size=1, max_size=3).map(tuple))
YEARS = st.none() | st.integers(1800, 2100)
WANTS = st.builds(
    Wanted,
    place=TEXT,
    about=st.lists(st.sampled_from(["here", "gaps", "lost", "profile", "access", "who_lost", "deprivation"])).map(
        tuple
    ),
    layers=WORDS,
    kinds=st.tuples(st.just("sites:library"), ALONE.filter(lambda text: not text.startswith("sites:"))),
    scenarios=st.lists(SCENARIOS, max_size=3).map(tuple),
    areas=WORDS,
    minutes=st.floats(1, 120),
    step_free=st.booleans(),
    slope=st.booleans(),
    weights=st.dictionaries(st.sampled_from(list(PARTS)), st.floats(0, 10)),
    need=st.sampled_from(["imd", "health"]),
    hot_spots=st.booleans(),
    method=st.sampled_from(list(METHODS)),
    offer=st.sampled_from(["places", "staffed hours"]),
    since=YEARS,
    until=YEARS,
    edition=YEARS,
    domain=st.sampled_from(["imd", "income"]),
    by=st.sampled_from(["", "locality"]),
    choose=st.integers(1, 20),
    aim=st.sampled_from(["people", "walks"]),
    shade=st.sampled_from(["", *SHADES]),
    title=TEXT,
)


@given(wanted=WANTS)
def test_what_is_wanted_is_read_back_from_a_manifest(wanted: Wanted) -> None:
    assert read_wanted(json.loads(json.dumps(wanted.written()))) == wanted


def usually(name: str) -> object:
    return getattr(Wanted(PLACE), name)


def test_every_choice_has_an_option_that_the_command_of_a_pack_says() -> None:
    """What is left out of the command could not be made again."""
    told = {
        "layers": ("groups",), "kinds": ("sites:library",), "scenarios": (CLOSE,), "areas": ("Westside",),
        "outline": "0,0 1,0 1,1", "minutes": 7.5, "step_free": True, "slope": True, "weights": {"need": 3.0},
        "need": "health", "hot_spots": True, "method": "2sfca", "offer": "hours", "since": 2014, "until": 2015,
        "edition": 2019, "domain": "income", "by": "locality", "choose": 2, "aim": "walks", "shade": "none",
        "title": "Ours",
    }  # fmt: skip
    assert {*told, "place", "about"} == {each.name for each in fields(Wanted)}
    assert all(told[name] != usually(name) for name in told)
    for name, value in told.items():
        kinds = {"kinds": ("sites:library",)} if name in ("choose", "aim") else {}
        said = Wanted(PLACE, **{**kinds, name: value}).command(DAY)
        assert said != Wanted(PLACE, **kinds).command(DAY), name


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"about": ("here", "everything")}, UnknownNameError),
        ({"layers": ("everything:groups",)}, UnknownNameError),
        ({"about": ("sites",)}, QuestionError),
        ({"about": ("sites",), "kinds": ("library", "hall")}, QuestionError),
        ({"about": ("whatif",)}, QuestionError),
        ({"outline": "1,2 3"}, QuestionError),
    ],
)
def test_what_no_pack_can_tell_is_refused(given: dict, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        Wanted(PLACE, **given)


def test_a_pack_is_written_as_an_archive_or_a_folder_and_checks(
    town: PlaceView, small: packs.Pack, tmp_path: Path
) -> None:
    archive, folder = write(small, tmp_path / "deep" / "pack.zip"), write(small, tmp_path / "pack")
    assert archive.read_bytes() == pack_bytes(small)
    for path in (archive, folder):
        opened = open_pack(path)
        assert opened.wanted == small.wanted
        assert opened.faults() == ()
        assert moved(opened, town) == ()
    assert {each.name for each in tmp_path.iterdir()} == {"deep", "pack"}


def test_the_archive_names_the_day_and_nothing_else_of_the_machine(small: packs.Pack) -> None:
    with ZipFile(BytesIO(pack_bytes(small))) as archive:
        told = archive.infolist()
    assert told[0].filename == "index.html"
    assert {each.date_time for each in told} == {(2026, 3, 5, 0, 0, 0)}
    assert all(not each.filename.startswith(("/", "..")) for each in told)


def test_a_file_that_was_changed_left_out_or_added_is_told(small: packs.Pack, laid_out: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(laid_out, tmp_path / "pack"))
    table = folder / "tables" / "lost.csv"
    table.write_bytes(table.read_bytes().replace(b"2015", b"2014"))
    (folder / "maps" / "lost.png").unlink()
    (folder / "note.txt").write_text("mine")
    assert open_pack(folder).faults() == (
        "maps/lost.png is missing.",
        "note.txt was added.",
        "tables/lost.csv is not what it was: its sha256 is another.",
        f"The tables and methods are not those of pack {small.pack_id}.",
    )


def test_every_answer_is_asked_with_the_choices_that_were_made(town: PlaceView) -> None:
    made = pack_of(town, EVERYTHING, DAY)
    told = {entry.key: entry for entry in made.entries}
    assert list(told) == ["profile", "whatif", "whatif-2", "sites", "play", "gaps", "access", "lost", "who-lost"]
    gaps = questions.gaps(town, minutes=10, weights={"need": 3.0, "beyond": 0.5})
    assert told["gaps"].answer.table["gap_score"].tolist() == gaps.table["gap_score"].tolist()
    assert told["gaps"].answer.method == gaps.method != questions.gaps(town, minutes=10).method
    assert told["access"].answer.title == questions.access(town, ["library"], method="2sfca", minutes=10).title
    assert told["who-lost"].answer.title == questions.who_lost(town, ["library"], 2014, 2016, 10).title
    assert told["sites"].answer.title == questions.sites(town, "library", 1, minutes=10, scenario=CLOSE).title
    assert told["lost"].numbers[0].says == "closures recorded in Hand Town from 2014 to 2016"
    assert made.title == gaps.title
    assert {key for key, entry in told.items() if entry.sheet is None} == set()


def test_links_lead_to_the_pages_with_the_choices_that_were_made(town: PlaceView) -> None:
    links = {entry.key: entry.link for entry in pack_of(town, EVERYTHING, DAY).entries}
    said = {key: dict(parse_qsl(link.removeprefix("?"))) for key, link in links.items()}
    assert all(words["walk"] == "10" for words in said.values())
    assert said["gaps"]["weights"] == "3,0.5,1,0"
    assert said["gaps"]["shade"] == "walk"
    assert (said["access"]["page"], said["access"]["how"]) == ("gaps", "2sfca")
    assert said["who-lost"] == {"page": "lost", "place": PLACE, "from": "2014", "to": "2016", "kind": "library",
                                "walk": "10"}  # fmt: skip
    assert (said["sites"]["find"], said["sites"]["kind"], said["sites"]["do"]) == ("1", "library", "open")
    assert said["whatif"]["beside"] == REOPEN.written()
    assert said["profile"]["area"] == "Westside"
    assert (said["play"]["page"], said["play"]["part"]) == ("play", "Westside")


def test_maps_tables_and_numbers_of_what_could_be_opened_up_say_the_same(town: PlaceView) -> None:
    told = {entry.key: entry for entry in pack_of(town, EVERYTHING, DAY).entries}
    streets = questions.play_street_candidates(town, areas=["Westside"])
    play, sites = told["play"], told["sites"]
    assert play.answer.table["name"].tolist() == streets.table["name"].tolist()
    assert play.numbers[0].value == f"{streets.table['street'].nunique():,}"
    assert play.numbers[0].says == "streets in Westside could become play streets"
    for entry in (play, sites):
        assert entry.sheet is not None
        assert entry.sheet.title == entry.answer.title
        assert entry.sheet.outlined is not None
        assert len(entry.sheet.outlined.standouts) > 0
    assert sites.sheet is not None
    assert sites.sheet.outlined is not None
    assert sites.numbers[0].says.endswith("(with this done first: without the library)")
    assert sites.sheet.outlined.standouts[0].facts.startswith(f"{sites.numbers[0].value} more people")


def test_every_table_of_deprivation_that_has_outlines_has_its_map(tmp_path: Path) -> None:
    with open_store(tmp_path / "indices.gpkg") as store:
        fill(store, assets=town_assets())
        publish(store, "deprivation", OF_2025)
        view = stopped(PlaceView(store, PLACE, LAYERS))
        wanted = Wanted(PLACE, ("deprivation",), areas=("Westside",), by="locality", domain="income")
        entries = {entry.key: entry for entry in pack_of(view, wanted, DAY).entries}
    assert list(entries) == ["deprivation", "deprivation-2025-locality"]
    for entry in entries.values():
        assert entry.sheet is not None
        assert entry.sheet.title == entry.answer.title


def test_where_no_street_could_be_played_in_a_pack_says_so_without_a_map(tmp_path: Path) -> None:
    with open_store(tmp_path / "bare.gpkg") as store:
        view = stopped(fill(store, assets=town_assets(), streets=False))
        (entry,) = pack_of(view, Wanted(PLACE, ("play",)), DAY).entries
    assert (entry.sheet, entry.numbers) == (None, ())
    assert entry.answer.title.startswith("No streets are loaded for Hand Town")


def test_a_kind_for_one_answer_alone_leaves_the_others_as_they_are(town: PlaceView) -> None:
    alone = pack_of(town, Wanted(PLACE, ("here", "lost"), kinds=("lost:hall",)), DAY)
    here, lost = alone.entries
    assert here.answer.title == questions.here(town).title
    assert len(lost.answer.table) == 0


def test_the_title_is_that_of_the_answer_asked_for_first(town: PlaceView) -> None:
    first = Wanted(PLACE, ("lost", "here"), scenarios=(CLOSE,))
    assert first.about == ("lost", "here", "whatif")
    assert pack_of(town, first, DAY).title == questions.lost(town).title
    assert Wanted(PLACE, scenarios=(CLOSE,)).about[0] == "whatif"


def test_what_the_title_is_about_is_among_the_numbers(town: PlaceView) -> None:
    made = pack_of(town, EVERYTHING, DAY)
    about = {entry.key: entry.numbers for entry in made.entries}
    assert about["gaps"][0] in made.numbers
    assert len(made.numbers) == 5


def test_who_quotes_a_number_finds_all_that_must_stand_beside_it(pack: packs.Pack, files: dict[str, bytes]) -> None:
    told = pd.read_csv(BytesIO(files["numbers.csv"]), dtype=str, keep_default_na=False)
    assert told["value"].tolist() == [number.value for entry in pack.entries for number in entry.numbers]
    beside = ["layers", "publishers", "dates", "licences", "issues", "falls_short", "method"]
    assert (told[beside] != "").all(axis=None)


def test_the_page_and_the_summary_tell_every_number_as_numbers_csv_does(
    pack: packs.Pack, page: Page, files: dict[str, bytes]
) -> None:
    lines = [each.text.replace("\n", " ") for each in Document(BytesIO(files["summary.docx"])).paragraphs]
    words = " ".join(page.words.split())
    told = pd.read_csv(BytesIO(files["numbers.csv"]), dtype=str, keep_default_na=False)
    assert len(told) == sum(len(entry.numbers) for entry in pack.entries)
    for row in told.itertuples():
        beside = f"{row.publishers}, {row.dates}. {row.licences}. {row.issues} issue"
        line = next(line for line in lines if line.startswith(f"{row.value} {row.says} "))
        assert beside in line
        assert row.falls_short in line
        assert beside in words[words.index(f"{row.value} {row.says}") :]


def test_a_check_names_the_row_that_was_changed(town: PlaceView, tmp_path: Path) -> None:
    opened = open_pack(write(pack_of(town, Wanted(PLACE, ("here",)), DAY), tmp_path / "pack.zip"))
    changed = town_assets()
    changed["name"] = changed["name"].replace({"Ninth Avenue Hall": "Tenth Avenue Hall"})
    with open_store(tmp_path / "store.gpkg") as store:
        told = moved(opened, view_of(store, changed))
    assert told == (
        "data/handtown.gpkg, community_buildings: handtown/community_buildings:3: name was Ninth Avenue Hall, now "
        "Tenth Avenue Hall.",
    )


def test_data_that_is_no_geopackage_any_more_is_told(town: PlaceView, laid_out: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(laid_out, tmp_path / "pack"))
    (folder / "data" / f"{PLACE}.gpkg").write_bytes(b"nothing")
    opened = open_pack(folder)
    assert any(line.startswith(f"data/{PLACE}.gpkg is not what it was") for line in opened.faults())
    assert any("in the store and not in the pack" in line for line in moved(opened, town))


def test_a_check_tells_which_numbers_moved_and_why(town: PlaceView, tmp_path: Path) -> None:
    opened = open_pack(write(pack_of(town, Wanted(PLACE, ("here",)), DAY), tmp_path / "pack.zip"))
    changed = town_assets()
    changed = Assets(changed[changed["name"] != "Ninth Avenue Hall"].reset_index(drop=True))
    with open_store(tmp_path / "store.gpkg") as store:
        view = view_of(store, changed)
        view.__dict__["loads"] = view.loads.assign(
            sha256=view.loads["sha256"].where(view.loads["layer"] != "community_buildings", "1" * 64)
        )
        told = moved(opened, view)
    assert (
        "What is here? The pack says: 2 places to meet in Hand Town. The store says: 1 place to meet in Hand Town."
        in told
    )
    assert any(line.startswith("tables/here.csv: 2 rows in the pack and not in the store: ") for line in told)
    assert any("E01999902" in line and line.endswith("community_buildings, hall.") for line in told)
    assert "A register was loaded from another file since." in told


def test_figures_that_differ_by_how_machines_add_up_have_not_moved(
    town: PlaceView, laid_out: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(laid_out, tmp_path / "pack"))
    table = folder / "tables" / "profile-nearest.csv"
    rows = pd.read_csv(table)
    rows["metres"] = rows["metres"] * (1 + 1e-13)
    table.write_bytes(rows.to_csv(index=False).encode("utf-8-sig"))
    assert moved(open_pack(folder), town) == ()


def test_nothing_but_an_earlier_pack_gives_way_and_only_when_asked(small: packs.Pack, tmp_path: Path) -> None:
    archive, folder = write(small, tmp_path / "pack.zip"), write(small, tmp_path / "pack")
    for path in (archive, folder):
        with pytest.raises(SettingError, match="is an earlier pack"):
            write(small, path)
        assert open_pack(write(small, path, overwrite=True)).faults() == ()
    (folder / "mine.txt").write_text("a note of my own")
    other = tmp_path / "other.zip"
    other.write_bytes(b"holiday pictures")
    file = tmp_path / "list"
    file.write_text("shopping")
    for path in (folder, other, file):
        with pytest.raises(SettingError, match="is no earlier pack, so it is left as it is"):
            write(small, path, overwrite=True)
    assert (folder / "mine.txt").read_text() == "a note of my own"
    assert other.read_bytes() == b"holiday pictures"
    assert {each.name for each in tmp_path.iterdir()} == {"pack.zip", "pack", "other.zip", "list"}


def test_a_folder_that_cannot_be_written_to_is_told(small: packs.Pack, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingError, match="Nothing was changed"):
        write(small, tmp_path / "file" / "pack.zip")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


MANIFEST: Final = {
    "made_by": "assetmap pack", "version": "0", "pack": "0", "made_on": "2026-11-27", "wanted": {}, "numbers": {},
    "evidence": [], "loads": {}, "files": {},
}  # fmt: skip
"""What a manifest cannot do without, of a pack that holds nothing."""


def test_a_pack_whose_bytes_were_spoilt_is_refused(laid_out: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.zip"
    with ZipFile(spoilt, "w", ZIP_DEFLATED) as archive:
        for file in (each for each in laid_out.rglob("*") if each.is_file()):
            archive.writestr(str(file.relative_to(laid_out)), file.read_bytes())
        first = archive.infolist()[0]
    content = bytearray(spoilt.read_bytes())
    start = first.header_offset + 30 + len(first.filename)
    content[start : start + 40] = bytes(40 * [255])
    spoilt.write_bytes(bytes(content))
    with pytest.raises(SettingError, match="is no pack that can be read"):
        open_pack(spoilt)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        json.dumps({"made_by": "assetmap pack"}).encode(),
        b"[1, 2]",
        b"\xff\xfe",
        b"{",
        *(
            json.dumps(MANIFEST | wrong).encode()
            for wrong in (
                {"made_on": "soon"},
                {"numbers": {"here": [1]}},
                {"evidence": [[1]]},
                {"loads": {"a": "b"}},
                {"files": []},
            )
        ),
    ],
)
def test_what_is_no_pack_is_refused(tmp_path: Path, content: bytes) -> None:
    plain, zipped, folder = tmp_path / "plain.zip", tmp_path / "pack.zip", tmp_path / "folder"
    plain.write_bytes(content)
    with ZipFile(zipped, "w") as archive:
        archive.writestr("manifest.json", content)
    folder.mkdir()
    (folder / "manifest.json").write_bytes(content)
    for path in (plain, zipped, folder):
        with pytest.raises(SettingError, match="is no pack that can be read"):
            open_pack(path)
    with pytest.raises(SettingError, match="is not there"):
        open_pack(tmp_path / "none.zip")


@pytest.mark.parametrize(
    ("wanted", "says"),
    [({}, "it has no 'place'"), ({"about": "here"}, "no list"), ({"scenarios": ["x=explode:all"]}, "cannot be read")],
)
def test_a_manifest_that_asks_for_what_cannot_be_is_refused(
    laid_out: Path, tmp_path: Path, wanted: dict, says: str
) -> None:
    folder = Path(shutil.copytree(laid_out, tmp_path / "pack"))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["wanted"] = {**manifest["wanted"], **wanted} if wanted else {}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SettingError, match=says):
        _ = open_pack(folder).wanted


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["assetmap", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        seen = capsys.readouterr()
        return Ran(int(ended.value.code or 0), seen.out, seen.err)

    return call


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stored") / "handtown.gpkg"
    with open_store(path) as store:
        fill(store, assets=town_assets())
    return path


def test_the_command_that_a_pack_names_makes_the_same_pack(run: Run, stored: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    words = ("--close", "Hand Town Library", "--name", "50% less = 1 gone", "--minutes", "10", "--date", "2026-03-05")
    ran = run("pack", "lost", *words, "--store", stored, "--out", first)
    assert (ran.code, ran.out.strip()) == (0, str(first))
    program, *told = shlex.split(json.loads(ZipFile(first).read("manifest.json"))["command"])
    told[told.index("--out") + 1] = str(second)
    assert program == "assetmap"
    assert run(*told, "--store", stored).code == 0
    assert first.read_bytes() == second.read_bytes()


def test_the_command_says_every_choice_that_a_person_made(run: Run, stored: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    words = ("--weight", "need=3", "--shade", "gap", "--method", "2sfca", "--since", "2010", "--step-free")
    words += ("--kind", "who_lost:library", "--layer", "gaps:community_buildings", "--area", "Westside")
    about = ("who_lost", "gaps", "access")
    assert run("pack", *about, *words, "--date", "2026-03-05", "--store", stored, "--out", first).code == 0
    manifest = json.loads(ZipFile(first).read("manifest.json"))
    wanted = read_wanted(manifest["wanted"])
    assert wanted.about == ("who_lost", "gaps", "access", "profile")
    assert (wanted.weights, wanted.shade, wanted.since, wanted.step_free) == ({"need": 3.0}, "gap", 2010, True)
    _, *told = shlex.split(manifest["command"])
    told[told.index("--out") + 1] = str(second)
    assert run(*told, "--store", stored).code == 0
    assert first.read_bytes() == second.read_bytes()
    assert run("pack", "--check", first, "--store", stored).code == 0


def test_a_check_ends_with_0_where_all_is_as_it_was_and_with_1_where_not(
    run: Run, stored: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pack"
    assert run("pack", "lost", "here", "--store", stored, "--out", out).code == 0
    ran = run("pack", "--check", out, "--store", stored)
    assert (ran.code, ran.out) == (0, "")
    assert "Every file is what it was." in ran.err
    assert "The store gives the same answers." in ran.err
    mine = shutil.copy(stored, tmp_path / "mine.gpkg")
    with open_store(mine) as store:
        store.remove_source(PLACE, f"{PLACE}/groups")
    (out / "methods.csv").write_text("nothing")
    ran = run("pack", "--check", out, "--store", mine)
    assert ran.code == 1
    assert "methods.csv is not what it was" in ran.out
    assert "The pack says: 1 group" in ran.out
    assert "A register is not loaded here." in ran.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["pack"], "Say where the pack goes"),
        (["pack", "everything", "--out", "x.zip"], "no answer for a pack called 'everything'"),
        (["pack", "whatif", "--out", "x.zip"], "Say what would change"),
        (["pack", "--close", "Atlantis Library", "--out", "x.zip"], "Nothing open in Hand Town is called"),
        (["pack", "--beside", "gone=close:handtown/none:1", "--out", "x.zip"], "has the id 'handtown/none:1'"),
        (["pack", "--beside", "gone=vanish:1", "--out", "x.zip"], "The change 'vanish:1' cannot be read"),
        (["pack", "--beside", "gone", "--out", "x.zip"], "The scenario 'gone' says no change"),
        (["pack", "--area", "Atlantis", "--out", "x.zip"], "Atlantis"),
        (["pack", "sites", "--out", "x.zip"], "Say which one kind of place would open"),
        (["pack", "--layer", "everything:groups", "--out", "x.zip"], "no answer for a pack called 'everything'"),
        (["pack", "here", "--shade", "pink", "--out", "x.zip"], "no shading called 'pink'"),
        (["pack", "--domain", "income", "--out", "x.zip"], "Indices"),
        (["pack", "--date", "yesterday", "--out", "x.zip"], "The day 'yesterday' cannot be read"),
        (["pack", "--date", "1066-10-14", "--out", "x.zip"], "archives know the days from 1980-01-01 to 2107-12-31"),
        (["pack", "--date", "9999-12-31", "--out", "x.zip"], "archives know the days from 1980-01-01 to 2107-12-31"),
        (["pack", "--title", "a\udcffb", "--out", "x.zip"], "The title holds bytes that are no text"),
        (["pack", "--place", "atlantis", "--out", "x.zip"], "no place in this store called 'atlantis'"),
        (["pack", "--kind", "castle", "--out", "x.zip"], "no kind of asset called 'castle'"),
        (["pack", "--check", "none.zip"], "none.zip is not there"),
        (["pack", "--out", "store.gpkg"], "store.gpkg is there already and is no earlier pack"),
    ],
)
def test_a_mistake_gives_one_message_and_writes_nothing(
    run: Run, stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], says: str
) -> None:
    shutil.copy(stored, tmp_path / "store.gpkg")
    monkeypatch.chdir(tmp_path)
    ran = run(*words, "--store", "store.gpkg")
    assert ran.code == 1
    assert says in ran.err
    assert "Traceback" not in ran.err
    assert [each.name for each in tmp_path.iterdir() if not each.name.endswith(("-wal", "-shm"))] == ["store.gpkg"]


def test_every_answer_a_pack_may_tell_of_is_a_page_or_a_question() -> None:
    assert set(ABOUT) - {"play"} <= {*questions.__all__}
    assert "play" in pages.TITLES


def test_a_disk_without_room_is_told_with_the_folder_and_what_to_do(
    small: packs.Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DataSourceError("Failed to commit transaction")

    monkeypatch.setattr(pyogrio, "write_dataframe", full)
    with pytest.raises(SettingError, match=r"where temporary files go .*See whether its disk is full"):
        pack_bytes(small)
