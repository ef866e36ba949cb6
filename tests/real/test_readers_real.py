"""Every published file is read whole: as many rows as its publisher counts, with nothing said where nothing is odd."""

from pathlib import Path

import pytest

from assetmap.errors import SourceError
from assetmap.readers import ReadSpec, read

AMENITIES = {"amenity": ("*",), "leisure": ("*",)}


@pytest.mark.parametrize(
    ("path", "rows", "columns"),
    [
        ("england/File_7_IoD2025_rebuilt.csv.gz", 33_755, 56),
        ("england/File_1_-_IMD2019_Index_of_Multiple_Deprivation.csv.gz", 32_844, 6),
        ("england/LSOA11_LSOA21_lookup.csv.gz", 35_796, 5),
        ("england/lsoa_population.csv", 35_672, 2),
        ("england/libraries_england_2022.csv", 3_451, 51),
        ("england/libraries_england_2023.csv", 3_487, 54),
        ("england/libraries_england_2016_geocoded.csv", 3_238, 35),
        ("england/links_edubasealldata20250422.csv", 33_801, 5),
        ("england/edubasealldata_header_133_columns.csv", 0, 133),
        ("trafford/trafford_land_and_building_assets.csv", 608, 20),
        ("trafford/trafford_postcodes.csv.gz", 11_264, 12),
        ("brownfield/london_combined.csv", 1_079, 28),
    ],
)
def test_a_published_table_is_read_whole(path: str, rows: int, columns: int, real_data: Path) -> None:
    frame = read(ReadSpec("csv", real_data / path))
    assert (frame.rows.shape, frame.unreadable) == ((rows, columns), ())
    assert frame.row_numbers.tolist() == list(range(1, rows + 1))


@pytest.mark.parametrize("folder", ["brownfield", "cheltenham", "hastings", "london", "rutland", "trafford"])
def test_every_published_table_has_its_rows(folder: str, real_data: Path) -> None:
    for path in sorted(real_data.glob(f"{folder}/*.csv*")):
        frame = read(ReadSpec("csv", path))
        assert frame.unreadable == (), path.name
        assert len(frame.rows.columns) > 1, path.name
        known = ("Windows-1252", "columns are called")
        assert all(any(words in note for words in known) for note in frame.notes), path.name


def test_cheltenhams_register_of_2021(real_data: Path) -> None:
    frame = read(ReadSpec("csv", real_data / "cheltenham/local_authority_land_and_assets_2021.csv"))
    assert list(frame.rows.columns[:4]) == [
        "Organisation",
        "OrganisationLabel",
        "Organisation (2)",
        "OrganisationLabel (2)",
    ]
    assert len(frame.rows) == 498  # 166 of its postcodes hold a line break
    assert not frame.rows.map(lambda cell: cell != cell.strip()).any(axis=None)
    assert "Windows-1252" in frame.notes[0]


def test_a_table_without_a_header_row_takes_the_names_declared(real_data: Path) -> None:
    header = tuple(f"field {place}" for place in range(1, 35))
    frame = read(ReadSpec("csv", real_data / "rutland/os_open_names_SK80.csv", header=header))
    assert frame.rows.shape == (2_504, 34)
    assert frame.rows["field 1"].iloc[0] == "osgb4000000074562658"


def test_a_schema_in_utf16_without_a_mark(real_data: Path) -> None:
    frame = read(ReadSpec("json", real_data / "england/esd_LandAndBuilding_schema.json"))
    assert frame.rows["name"].tolist()[:4] == ["OrganisationLabel", "OrganisationURI", "ApplicableDate", "UPRN"]


def test_englands_neighbourhoods(real_data: Path) -> None:
    frame = read(ReadSpec("vector", real_data / "england/lsoa21_england.gpkg.zip", columns=("LSOA21CD",)))
    assert frame.rows["LSOA21CD"].nunique() == len(frame.shapes) == 33_755
    assert not frame.shapes.isna().any()


def test_every_published_map_file_has_its_shapes(real_data: Path) -> None:
    for path in sorted(real_data.glob("*/*.geojson")):
        frame = read(ReadSpec("vector", path))
        assert frame.rows_in == len(frame.shapes) > 0, path.name
        assert frame.shapes.notna().all(), path.name


def test_one_of_eighteen_layers_is_asked_for_by_name(real_data: Path) -> None:
    path = real_data / "rutland/rutland-latest-free.shp.zip"
    assert read(ReadSpec("vector", path, sublayer="gis_osm_pois_free_1")).rows_in == 455
    with pytest.raises(SourceError, match="holds 18 layers"):
        read(ReadSpec("vector", path))


def test_rutlands_features_and_streets(real_data: Path) -> None:
    path = real_data / "rutland/rutland-2022-07-20.osm.pbf"
    features = read(ReadSpec("osm", path, where=AMENITIES))
    streets = read(ReadSpec("osm", path, where={"highway": ("*",)}, sublayer="lines", columns=("highway", "name")))
    assert features.rows["osm_id"].str.fullmatch(r"(node|way|relation)/\d+").all()
    assert ((features.rows["amenity"] != "") | (features.rows["leisure"] != "")).all()
    assert (features.rows["amenity"] == "library").any()
    assert len(streets.rows) == 6_660
    assert (streets.rows["highway"] != "").all()
    assert set(streets.shapes.geom_type) == {"LineString"}


def test_an_extract_cut_short_is_refused(real_data: Path, tmp_path: Path) -> None:
    for name, kept in [("rutland/rutland-2022-07-20.osm.pbf", 900_000), ("trafford/stretford_kingsway.osm", 300_000)]:
        cut = tmp_path / Path(name).name
        cut.write_bytes((real_data / name).read_bytes()[:kept])
        with pytest.raises(SourceError, match="could not be read to its end"):
            read(ReadSpec("osm", cut, where=AMENITIES))
