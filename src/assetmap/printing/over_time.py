"""What closed by when, as small maps on one page."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import geopandas as gpd

from assetmap import measures
from assetmap.placeview import PlaceView
from assetmap.printing.parts import backdrop_of, kinds_lost, of_the_place, sources_of, title_of
from assetmap.questions.over_time import lost_over_time
from assetmap.sheets import Panel, Sheet
from assetmap.sheets.credits import in_brief, in_words


def over_time_sheet(
    view: PlaceView,
    minutes: float = measures.WALK_MINUTES,
    title: str = "",
    since: int | None = None,
    until: int | None = None,
    kinds: Sequence[str] = (),
) -> Sheet:
    """The sheet of what had closed at several dates: the numbers of :func:`lost_over_time`, a small map for each.

    Parameters
    ----------
    title
        A title of the person's own, in place of the finding.
    since, until
        Years, both included; all of the ledger without them.
    kinds
        What is asked about; all that closed, without any.

    Raises
    ------
    QuestionError
        If no closure has a date, or none is of these years.
    """
    answer = lost_over_time(view, minutes, since, until, kinds)
    table = answer.part("moments")
    lost = gpd.GeoDataFrame(view.assets[view.assets["asset_id"].isin(answer.table["asset_id"])])
    first = "Before the first closure on record" if since is None else f"Before {since}, to compare with"
    backdrop = backdrop_of(view)
    sources = sources_of(view, answer, [], backdrop, lost)
    return Sheet(
        title=title_of(title, answer),
        subtitle=answer.sentence,
        **of_the_place(view),
        layers=(),
        lost=lost,
        backdrop=backdrop,
        sources=in_words(sources),
        brief=in_brief(sources),
        caveats=answer.caveats,
        about_losses=True,
        kinds_lost=kinds_lost(view, lost),
        method=answer.method,
        panels=tuple(
            _panel(moment, before, first)
            for moment, before in zip(table.to_dict("records"), [None, *table["year"].astype(int)[:-1]], strict=True)
        ),
    )


def _panel(moment: dict[Hashable, Any], since: int | None, first: str) -> Panel:
    """One map: what had closed by then, how much of it since the map before, and what people could walk to."""
    year, reach = int(moment["year"]), str(moment["reach"])
    if since is None:
        count = first
    else:
        years = f"{since + 1}" if since + 1 == year else f"{since + 1} to {year}"
        new, so_far = int(moment["closed"]), int(moment["closed_so_far"])
        some = "all" if new == so_far > 1 else "" if new == so_far else f"{new:,} of them" if new else "none of them"
        count = f"{so_far:,} closed, {f'{some} ' if some else ''}in {years}"
    return Panel(year, since, (count, reach) if reach else (count,))
