"""The palette is told apart by everyone it is drawn for, and one set of shapes serves screen and paper."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import colorspacious
import numpy as np
import pytest

from assetmap import look
from assetmap.errors import UnknownNameError

SIGHT = (None, "deuteranomaly", "protanomaly", "tritanomaly")
SECOND_LIGHTEST_GREY = "#E6E4E1"


def srgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def seen(colour: str, sight: str | None) -> np.ndarray:
    """Where a colour lies in CAM02-UCS for somebody with that sight, at full severity."""
    rgb = srgb(colour)
    if sight is not None:
        rgb = colorspacious.cspace_convert(rgb, {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}, "sRGB1")
    return colorspacious.cspace_convert(np.clip(rgb, 0, 1), "sRGB1", "CAM02-UCS")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    rgb = srgb(colour)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_themes_are_told_apart_in_every_sight(sight: str | None) -> None:
    colours = [theme.colour for theme in look.THEMES.values()] + [look.LOST.colour]
    distances = [np.linalg.norm(seen(a, sight) - seen(b, sight)) for a, b in combinations(colours, 2)]
    assert min(distances) >= 10.0


@pytest.mark.parametrize("sight", SIGHT)
def test_the_greys_of_need_are_in_even_order(sight: str | None) -> None:
    steps = [np.linalg.norm(seen(a, sight) - seen(b, sight)) for a, b in pairwise(look.NEED_FIFTHS)]
    assert min(steps) >= 4.0
    assert [luminance(grey) for grey in look.NEED_FIFTHS] == sorted(map(luminance, look.NEED_FIFTHS), reverse=True)


@pytest.mark.parametrize("theme", [*look.THEMES.values(), look.LOST, look.CONTRIBUTED], ids=lambda theme: theme.id)
def test_marks_stand_out_on_paper_and_on_grey(theme: look.Theme) -> None:
    assert contrast(theme.colour, SECOND_LIGHTEST_GREY) >= 3.0
    assert contrast(theme.colour, look.PAGE) >= 3.0


@pytest.mark.parametrize("text", [look.INK, look.QUIET])
@pytest.mark.parametrize("ground", [look.PAGE, look.PANEL, SECOND_LIGHTEST_GREY])
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


def test_themes_differ_in_shape_as_well_as_colour() -> None:
    assert list(look.THEMES) == ["meeting", "wealth", "public_land", "green", "streets", "groups"]
    shapes = [theme.shape for theme in look.THEMES.values()]
    assert shapes == ["circle", "hexagon", "square", "triangle", "diamond", "star"]
    assert set(shapes) == set(look.SHAPES)


def area_and_middle(outline: look.Outline) -> tuple[float, float, float]:
    """By the shoelace formula, over the ends of each step."""
    ends = np.array([numbers[-2:] for _, numbers in outline if numbers])
    x, y = ends[:, 0], ends[:, 1]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    area = cross.sum() / 2
    return (
        abs(area),
        ((x + np.roll(x, -1)) * cross).sum() / (6 * area),
        ((y + np.roll(y, -1)) * cross).sum() / (6 * area),
    )


@pytest.mark.parametrize("shape", sorted(look.SHAPES))
def test_shapes_are_centred_and_of_a_size(shape: str) -> None:
    area, x, y = area_and_middle(look.SHAPES[shape])
    assert (x, y) == pytest.approx((0.0, 0.0), abs=0.11)
    assert 1.7 <= area <= 3.0
    reach = max(float(np.hypot(*numbers[-2:])) for _, numbers in look.SHAPES[shape] if numbers)
    assert 0.9 <= reach <= 1.35


def test_a_dashed_ring_is_broken_arcs_of_one_circle() -> None:
    starts = [numbers for letter, numbers in look.LOST_RING if letter == "M"]
    ends = [numbers[-2:] for letter, numbers in look.LOST_RING if letter == "C"]
    assert len(starts) == len(ends) == 8
    assert {round(float(np.hypot(*point)), 2) for point in (*starts, *ends)} == {0.92}


@pytest.mark.parametrize("fifth", range(1, 6))
def test_the_most_deprived_fifth_is_the_darkest(fifth: int) -> None:
    assert look.need_colour(fifth) == look.NEED_FIFTHS[5 - fifth]


@pytest.mark.parametrize("fifth", [0, 6, -1])
def test_there_is_no_sixth_fifth(fifth: int) -> None:
    with pytest.raises(UnknownNameError, match="Known: 1, 2, 3, 4, 5"):
        look.need_colour(fifth)


def test_an_unknown_theme_is_refused_with_those_there_are() -> None:
    assert look.theme("green") is look.THEMES["green"]
    with pytest.raises(UnknownNameError, match="meeting, wealth, public_land"):
        look.theme("halls")


def paths(svg: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}path"))


@pytest.mark.parametrize("shape", [*look.SHAPES, "lost"])
def test_every_mark_is_svg_with_a_white_halo_beneath(shape: str) -> None:
    halo, mark = paths(look.svg_marker(shape, "#D05E1F"))
    assert halo.get("stroke") == look.PAGE
    assert "#D05E1F" in (mark.get("fill"), mark.get("stroke"))


def test_a_mark_on_screen_has_y_pointing_down() -> None:
    (_, first), *_ = look.SHAPES["triangle"]
    assert look.svg_path(look.SHAPES["triangle"]).startswith(f"M{first[0]:g} {-first[1]:g} L")


def test_what_people_added_and_what_could_open_are_drawn_apart() -> None:
    plain = look.svg_marker("circle", "#D05E1F")
    added = look.svg_marker("circle", "#D05E1F", contributed=True)
    hollow = paths(look.svg_marker("circle", "#D05E1F", hollow=True))[1]
    assert len(paths(added)) == len(paths(plain)) + 2
    assert (hollow.get("fill"), hollow.get("stroke")) == ("none", "#D05E1F")


def test_a_mark_speaks_only_when_it_has_something_to_say() -> None:
    spoken = ET.fromstring(look.svg_marker("circle", "#D05E1F", label='"><script>alert(1)</script>'))
    assert spoken.get("aria-label") == '"><script>alert(1)</script>'
    assert ET.fromstring(look.svg_marker("circle", "#D05E1F")).get("aria-hidden") == "true"


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="shape"):
        look.svg_marker("blob", "#D05E1F")
