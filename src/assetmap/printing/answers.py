"""What is here, where the gaps are and what was lost, each as a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import pandas as pd

from assetmap import measures, questions
from assetmap.errors import QuestionError
from assetmap.layers import Layer
from assetmap.placeview import Choice, PlaceView
from assetmap.printing.parts import (
    BESIDE_NEED,
    backdrop_of,
    is_ground,
    kinds_lost,
    near_words,
    of_the_place,
    sources_of,
    title_of,
    words_of,
)
from assetmap.printing.shades import NO_SHADE, TOGETHER, as_asked, gaps_shaded, refuse_unknown
from assetmap.questions import Answer
from assetmap.questions.gap_index import NEEDS
from assetmap.questions.lost import has_ledger, no_ledger
from assetmap.sheets import Outlined, Sheet, SheetLayer, Standout
from assetmap.sheets.credits import in_brief, in_words
from assetmap.tables import NAMELESS
from assetmap.wording import and_words, called, opening, or_words, people_words, share_words

About = Literal["here", "gaps", "lost"]
ABOUT: Final[Sequence[About]] = ("here", "gaps", "lost")
"""What a sheet may be about."""

LABELS_AT_MOST: Final = 60
"""With more places than this in a layer, names would only hide each other."""

MANY_BLURRED: Final = 100
"""A layer whose positions are rounded to a grid is drawn unasked only when it has no more rows than this."""

FEW_LOST: Final = 12
"""A sheet of what is here shows what was lost as well, as long as it is no more than this."""

STANDOUTS: Final = 6
"""How many neighbourhoods a sheet of gaps numbers and lists."""

TOP_SHARE: Final = 0.2


@dataclass(frozen=True)
class Terms:
    """What a sheet's question is asked with, beyond what it is about.

    Attributes
    ----------
    minutes, weights, need
        Of a sheet of gaps, as :func:`assetmap.questions.gaps` takes them.
    since, until
        Of a sheet of losses: years, both included.
    shade
        How neighbourhoods are shaded, one of :data:`assetmap.printing.SHADES`; as usual without one.
    """

    minutes: float = measures.WALK_MINUTES
    weights: Mapping[str, float] | None = None
    need: str = "imd"
    since: int | None = None
    until: int | None = None
    shade: str = ""


USUAL: Final = Terms()


def sheet_of(
    view: PlaceView,
    about: About,
    layers: Sequence[str] = (),
    kinds: Sequence[str] = (),
    title: str = "",
    terms: Terms = USUAL,
    answer: Answer | None = None,
) -> Sheet:
    """The sheet that answers one question.

    Parameters
    ----------
    about
        ``here``, ``gaps`` or ``lost``.
    layers, kinds
        Which layers to draw, or which kinds to ask about; all of what is here by default.
    title
        A title of the person's own, in place of the finding.
    terms
        What the question is asked with.
    answer
        What has been answered to it already; without it, it is asked here.

    Raises
    ------
    QuestionError
        If what is loaded cannot answer, or the sheet's text leaves no room for a map.
    """
    if about == "lost" and not has_ledger(view):
        raise QuestionError(no_ledger(view))
    refuse_unknown(about, terms.shade)
    answer = answer or _answer(view, about, layers, kinds, terms)
    counted = [choice.layer for choice in _choices(view, about, layers, kinds)]
    drawn = [layer for layer in counted if len(view.of_layer(layer)) and not _is_left_out(view, layer, layers, kinds)]
    lost = _lost(view, about, bool(kinds) or len(layers) == 1, answer)
    backdrop = backdrop_of(view, green=about == "lost")
    sources = sources_of(view, answer, [*counted, *drawn], backdrop, lost)
    sheet = Sheet(
        title=title_of(title, answer),
        subtitle=_subtitle(view, about, answer, terms),
        **of_the_place(view),
        layers=tuple(_sheet_layer(view, layer, about, layers, kinds) for layer in drawn),
        lost=lost,
        backdrop=backdrop,
        sources=in_words(sources),
        brief=in_brief(sources),
        caveats=_caveats(view, about, answer, [layer for layer in counted if layer not in drawn], lost),
        outlined=_gaps(view, answer, _choices(view, about, layers, kinds), terms) if about == "gaps" else None,
        about_losses=about == "lost",
        kinds_lost=kinds_lost(view, lost),
    )
    if terms.shade == NO_SHADE:
        return as_asked(sheet, about, terms.shade)
    if about != "gaps" or not terms.shade:
        return sheet
    return gaps_shaded(view, sheet, answer, terms.shade, terms.minutes, terms.need)


def _answer(view: PlaceView, about: About, layers: Sequence[str], kinds: Sequence[str], terms: Terms) -> Answer:
    if about == "gaps":
        together = terms.shade == TOGETHER
        return questions.gaps(view, kinds, layers, terms.minutes, terms.weights, terms.need, patterns=together)
    if about == "lost":
        return questions.lost(view, terms.since, terms.until, kinds)
    return questions.here(view, kinds, layers)


def _choices(view: PlaceView, about: About, layers: Sequence[str], kinds: Sequence[str]) -> list[Choice]:
    """What the sheet counts of what stands today, each layer once, as :attr:`PlaceView.layers_here` orders them."""
    if about == "gaps":
        usual = [layer.id for layer in view.layers.values() if layer.gaps_first]
        chosen = view.choose(kinds, () if kinds else layers or usual)
    else:
        chosen = _asked(view, kinds, layers) if about == "lost" else view.choose(kinds, layers)
    by_layer: dict[str, Choice] = {}
    for choice in chosen:
        before = by_layer.get(choice.layer.id)
        known = before.kinds if before is not None else ()
        by_layer[choice.layer.id] = Choice(choice.layer, tuple(dict.fromkeys((*known, *choice.kinds))))
    return [by_layer[layer.id] for layer in view.layers_here if layer.id in by_layer]


def _asked(view: PlaceView, kinds: Sequence[str], layers: Sequence[str]) -> list[Choice]:
    """What still stands of what a sheet of losses is about; of a kind that only a ledger knows, nothing."""
    if kinds or layers:
        chosen = [view.kind_choice(kind) for kind in kinds] + (view.choose((), layers) if layers else [])
        return [choice for choice in chosen if choice.layer.tells == "here"]
    return [choice for choice in view.choose() if choice.layer.theme in BESIDE_NEED]


def _is_left_out(view: PlaceView, layer: Layer, layers: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether a layer's positions are too rough, and its rows too many, to draw them beside other layers."""
    return bool(layer.blur_m) and not kinds and len(layers) != 1 and len(view.of_layer(layer)) > MANY_BLURRED


def _lost(view: PlaceView, about: About, one_thing: bool, answer: Answer) -> gpd.GeoDataFrame | None:
    """What closed, where the sheet shows it: on a sheet of one thing that is here it would be beside the point."""
    closed = gpd.GeoDataFrame(view.assets[view.assets["status"] == "closed"])
    if about == "lost":
        return closed[closed["asset_id"].isin(answer.table["asset_id"])]
    return closed if about == "here" and not one_thing and 0 < len(closed) <= FEW_LOST else None


def _sheet_layer(
    view: PlaceView, layer: Layer, about: About, layers: Sequence[str], kinds: Sequence[str]
) -> SheetLayer:
    (choice,) = (found for found in _choices(view, about, layers, kinds) if found.layer.id == layer.id)
    # Closed rows come with `lost`, where the sheet shows them.
    rows = gpd.GeoDataFrame(view.of(choice))
    rows["name"] = rows["name"].where(~rows["name"].str.endswith(NAMELESS, na=False))
    minor = frozenset(kind for kind, spec in layer.kinds.items() if spec.minor)
    minor = minor if set(choice.kinds) - minor else frozenset()
    prominent = rows[~rows["kind"].isin(minor)]
    return SheetLayer(
        title=_kinds_title(layer, choice.kinds) if kinds else layer.title,
        theme=layer.theme or "meeting",
        points=rows,
        minor_kinds=minor,
        labels=about == "here" and not layer.blur_m and len(prominent) <= LABELS_AT_MOST,
        kinds={kind: words_of(layer, kind) for kind in layer.kinds},
        words=None if kinds else (layer.one, layer.many),
        small=about == "lost",
        ground=not kinds and len(layers) != 1 and is_ground(layer, rows),
    )


def _kinds_title(layer: Layer, kinds: Sequence[str]) -> str:
    titles = and_words([Choice(layer, (kind,)).many for kind in kinds])
    return opening(titles)


def _gaps(view: PlaceView, answer: Answer, choices: Sequence[Choice], terms: Terms) -> Outlined:
    scored = answer.table[answer.table["lack"] > 0]
    top = scored.head(round(TOP_SHARE * len(answer.table)))
    listed = top.head(STANDOUTS)
    one = or_words([choice.one for choice in choices])
    return Outlined(
        title="Where more could open",
        note=f"In reach: {one} within {view.walk(terms.minutes)}.",
        codes=frozenset(top["neighbourhood_code"]),
        codes_title="The fifth with the widest gaps",
        standouts=tuple(_standout(row) for _, row in listed.iterrows()),
    )


def _standout(row: pd.Series) -> Standout:
    facts = [] if pd.isna(row["people"]) else [people_words(row["people"])]
    if pd.notna(row["share_within"]):
        facts.append(f"{share_words(row['share_within'])} in reach")
    if pd.notna(row["kinds_within"]) and row["kinds_asked"] > 1:
        facts.append(f"{row['kinds_within']:.1f} of {row['kinds_asked']} kinds")
    return Standout(
        area_code=str(row["neighbourhood_code"]),
        name=called(str(row["neighbourhood_name"]), row["locality"]),
        near=near_words(row["nearby"]),
        facts=", ".join(facts),
    )


def _subtitle(view: PlaceView, about: About, answer: Answer, terms: Terms) -> str:
    if about != "gaps":
        return answer.sentence
    straight = " Distances are straight lines, shorter than walks." if view.method == "straight line" else ""
    need = "deprivation" if terms.need == "imd" else f"need ({NEEDS[terms.need].lower()})"
    return f"Outlined: the fifth of neighbourhoods with most {need} and least in reach.{straight}"


def _caveats(
    view: PlaceView, about: About, answer: Answer, left_out: Sequence[Layer], lost: gpd.GeoDataFrame | None
) -> tuple[str, ...]:
    told = [*answer.caveats, *(_not_drawn(view, layer) for layer in left_out if len(view.of_layer(layer)))]
    if lost is not None and (lost["located_by"] == "postcode").any():
        count = int((lost["located_by"] == "postcode").sum())
        metres = lost.loc[lost["located_by"] == "postcode", "location_accuracy_m"].max()
        within = "" if pd.isna(metres) else f", to within about {metres:,.0f}\N{NO-BREAK SPACE}m"
        some = f"{count:,} of the {len(lost):,} closures" if count < len(lost) else f"The {count:,} closures"
        some = "The one closure" if len(lost) == 1 else some
        are, their = ("is", "its") if count == 1 else ("are", "their")
        told.append(f"{some} {are} placed at the middle of {their} postcode{within}.")
    closed = int((view.assets["status"] == "closed").sum())
    if about == "here" and lost is None and closed > FEW_LOST:
        told.append(f"{closed:,} closures are recorded; they have a sheet of their own.")
    return tuple(told)


def _not_drawn(view: PlaceView, layer: Layer) -> str:
    counted = Choice(layer, tuple(layer.kinds)).counted(len(view.of_layer(layer)))
    return f"{counted} are placed to the nearest {layer.blur_m:,.0f}\N{NO-BREAK SPACE}m and are not drawn here."
