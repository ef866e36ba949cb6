"""A place as the store holds it, opened once and asked many questions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import matching, measures, network, space
from assetmap.chosen import ON_FOOT
from assetmap.chosen import Choice as Choice
from assetmap.chosen import Walking as Walking
from assetmap.details import open_fields
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.ground import Ground
from assetmap.layers import Layer, find_layer
from assetmap.naming import id_of, names_read
from assetmap.network import Method, Nearest, Network, Relief, Walkways
from assetmap.provenance import Provenance as Provenance
from assetmap.provenance import provenance_of
from assetmap.space import Floats
from assetmap.store import Store
from assetmap.tables import OPEN, REGISTER_NAME, Areas, Assets, Locators, Streets
from assetmap.walkwords import WITHOUT_STEPS, shared_words

T = TypeVar("T")

STREETS_COVER: Final = 0.9
"""With less than this share of the people near a street that is loaded, the streets do not cover the place."""


class PlaceView:
    """One place, read from the store when first asked for and then kept.

    Parameters
    ----------
    store
        An open store.
    place_id
        The place: its id or its name.
    layers
        Every declared layer, by id.
    walking
        How people walk.

    Raises
    ------
    UnknownNameError
        If the store has no such place.
    QuestionError
        If walks are to allow for hills, and no heights are loaded for the place.
    """

    def __init__(self, store: Store, place_id: str, layers: Mapping[str, Layer], walking: Walking = ON_FOOT) -> None:
        places = store.places().set_index("place_id", drop=False)
        self._store = store
        self.layers = layers
        self.walking = walking
        self.place_id = id_of(place_id, dict(zip(places.index, places["name"], strict=True)), "place in this store")
        row = places.loc[self.place_id]
        self.name = str(row["name"])
        self.about = str(row["about"] or "")
        self.fictional = bool(row["fictional"])
        if walking.slope and not self.has_heights:
            raise QuestionError(
                f"No heights of the ground are loaded for {self.name}, so walks cannot allow for hills. Ask without "
                "--slope, or load a source of the layer 'heights', such as OS Terrain 50: CONTRIBUTING.md says how."
            )

    @cached_property
    def areas(self) -> Areas:
        """Its neighbourhoods.

        Raises
        ------
        QuestionError
            If none are loaded.
        """
        areas = self._store.areas(self.place_id)
        if not len(areas):
            raise QuestionError(
                f"No neighbourhoods are loaded for {self.name}, and every answer is told by neighbourhood. "
                "Load a source of the layer 'neighbourhoods'."
            )
        return areas

    @cached_property
    def ground(self) -> Ground:
        """Its neighbourhoods, ready to be asked where things are."""
        return Ground(self.areas)

    @cached_property
    def published(self) -> Assets:
        """Everything mapped in it, with what people added, its names as their registers print them."""
        return self._store.assets(self.place_id)

    @cached_property
    def assets(self) -> Assets:
        """The same rows with their names as people read them: what every question, map, sheet and screen works with.

        What the register calls each stays beside it, as :data:`assetmap.tables.REGISTER_NAME`.
        """
        rows = self.published
        return Assets(rows.assign(**{"name": names_read(rows), REGISTER_NAME: rows["name"]}))

    @cached_property
    def same_buildings(self) -> matching.SameBuildings:
        """Which of its rows are the same building in two registers; they stay two rows."""
        as_registered = self.assets.assign(name=self.assets[REGISTER_NAME])
        return matching.same_buildings(Assets(as_registered), self.layers)

    @cached_property
    def loads(self) -> pd.DataFrame:
        """The current load of each of its sources."""
        return self._store.loads(self.place_id)

    @cached_property
    def history(self) -> pd.DataFrame:
        """Every load of its sources that the store has had, oldest first."""
        return self._store.loads(self.place_id, current=False)

    @cached_property
    def issues_by_source(self) -> Mapping[str, int]:
        """How many issues each source's last load raised."""
        counts = self._store.issues(self.place_id)["source"].value_counts()
        return {str(source): int(count) for source, count in counts.items()}

    @cached_property
    def locators(self) -> Locators:
        """Postcodes that cover every home of the place, the property numbers of homes, and the buildings with homes."""
        homes = [row.source for row in self.loads.itertuples() if self._says_where_people_live(str(row.layer))]
        locators = self._store.locators(self.place_id, references=None if homes else [])
        return Locators(locators[locators["source"].isin(homes)].reset_index(drop=True))

    def _says_where_people_live(self, layer_id: str) -> bool:
        layer = self.layers.get(layer_id)
        return layer is not None and layer.holds == "locators" and layer.homes

    @cached_property
    def streets(self) -> Streets:
        """Its streets and paths, none when none are loaded."""
        return self._store.streets(self.place_id)

    @property
    def has_heights(self) -> bool:
        """Whether it is known how high its ground is, so that walks can allow for hills."""
        return bool(self.heights_layers & set(self.loads["layer"]))

    @property
    def heights_layers(self) -> frozenset[str]:
        """The layers of heights."""
        return frozenset(layer.id for layer in self.layers.values() if layer.holds == "heights")

    @cached_property
    def walkways(self) -> Walkways:
        """Its streets as they are walked, met by every door and postcode."""
        doors_m = network.entries_of(self.assets).points_m
        homes_m = space.coordinates_m(self.locators.geometry)
        relief = Relief.of(self._store.heights(self.place_id)) if self.walking.slope else None
        return Walkways(self.streets, self.walking, np.concatenate([doors_m, homes_m]), relief)

    @cached_property
    def network(self) -> Network | None:
        """The network that is walked; ``None`` when no streets are loaded."""
        return self.walkways.network if len(self.walkways.walked) else None

    @cached_property
    def origins(self) -> pd.DataFrame:
        """Where its people set out from: the columns of :data:`assetmap.measures.ORIGIN_COLUMNS`."""
        if not self.walking.step_free:
            return measures.origins(self.areas, self.locators, self.network)
        # people live where they live, whichever streets they can use
        every_street = network.kept_network(self.streets) if len(self.streets) else None
        return measures.along(measures.origins(self.areas, self.locators, every_street), self.network)

    @cached_property
    def by_area(self) -> measures.ByArea:
        """The same, numbered by neighbourhood once for all questions."""
        return measures.by_area(self.origins)

    @cached_property
    def people_near_streets(self) -> float:
        """The share of people whose origin lies on or near a loaded street, from 0 to 1."""
        weight = self.origins["people"].fillna(0.0).to_numpy()
        near = self.origins["node"].to_numpy() >= 0
        return float(weight[near].sum() / weight.sum()) if weight.sum() else float(near.mean())

    @cached_property
    def method(self) -> Method:
        """Whether distances are walked along streets, or straight lines because the streets do not cover the place."""
        if self.network is None or self.people_near_streets < STREETS_COVER:
            return "straight line"
        return "walking"

    def walk(self, minutes: float) -> str:
        """``15 minutes``, ``15 step-free minutes (counting hills)`` or ``15 minutes in a straight line``, as measured.

        Every sentence, legend and title that says how near something is takes its words from here, so that none leaves
        out that a distance is no walk.
        """
        unit = "minute" if minutes == 1 else "minutes"
        if self.method == "straight line":
            return f"{minutes:g} {unit} in a straight line"
        step_free = "step-free " if self.walking.step_free else ""
        return f"{minutes:g} {step_free}{unit}{' (counting hills)' if self.allows_for_hills else ''}"

    @property
    def allows_for_hills(self) -> bool:
        """Whether minutes allow for hills; straight lines do not, whatever was asked for."""
        return self.walking.slope and self.method == "walking"

    @cached_property
    def method_sentence(self) -> str:
        """How distances were measured, in plain words."""
        froms = ", ".join(f"{kind}s" for kind in self.origins["origin_kind"].value_counts().index)
        walked = f"along the loaded streets and paths{WITHOUT_STEPS if self.walking.step_free else ''}"
        along = walked if self.method == "walking" else "in a straight line, not walking"
        hills = " on the level, slower or faster on a slope" if self.allows_for_hills else ""
        shared = shared_words(self.origins, set(self.locators["scheme"]))
        return (
            f"Distances run {along}, from where people live ({froms}), at 80 metres a minute{hills}; "
            f"a neighbourhood's people are shared {shared}."
        )

    @cached_property
    def people(self) -> float:
        """How many people live in those of its neighbourhoods of which it is known; NaN where of none it is."""
        return float(self.areas["population"].astype("float64").sum(min_count=1))

    @cached_property
    def _nearest_by_key(self) -> dict[tuple[str, ...], Nearest]:
        return {}

    def nearest(self, assets: Assets, *, on_the_level: bool = False) -> Floats:
        """Metres from each origin to the nearest of some assets; infinite where none can be reached.

        Parameters
        ----------
        assets
            Some rows of :attr:`assets`.
        on_the_level
            Whether in plain metres, though walks allow for hills.
        """
        key = (str(on_the_level), *assets["asset_id"])
        if key not in self._nearest_by_key:
            streets = self.walkways.on_the_level if on_the_level else self.network
            self._nearest_by_key[key] = self._nearest_from(assets, streets)
        found = self._nearest_by_key[key]
        return measures.at_origins(self.origins, found) if self.method == "walking" else found.distance_m

    def _nearest_from(self, assets: Assets, streets: Network | None) -> Nearest:
        entries = network.entries_of(assets)
        if self.method == "walking" and streets is not None:
            snapped = network.snap(self.walkways.on_the_level, entries.points_m)  # the nodes are the same, and its tree
            return network.walk_from(streets, snapped.node, snapped.distance_m)
        return network.straight_from(self.origins[["x_m", "y_m"]].to_numpy(), entries.points_m)

    @cached_property
    def centres_m(self) -> Floats:
        """``(areas, 2)`` metres: the middle of where each neighbourhood's people live, in the order of the areas."""
        means = self.origins.groupby("area_code", sort=False)[["x_m", "y_m"]].mean()
        return means.reindex(self.areas["area_code"]).to_numpy()

    def metres_from_centres(self, assets: Assets) -> Floats:
        """``(areas, assets)`` straight-line metres from each neighbourhood's centre to each asset."""
        points = space.coordinates_m(assets.geometry)
        return np.asarray(np.hypot(*(self.centres_m[:, None, :] - points[None, :, :]).transpose(2, 0, 1)))

    def figures(self, layer_id: str) -> pd.DataFrame:
        """What is published about areas by their codes, in one layer; read once and then kept.

        Parameters
        ----------
        layer_id
            A layer that holds figures.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``code``, which stands once for each edition (and more often in a layer whose codes repeat):
            ``geography``, ``edition`` (``Int64``) and the layer's fields, numbers as ``float64`` or ``Int64``, all else
            as ``object``. No rows where none are loaded. Rows of different geographies are never to be joined.

        Raises
        ------
        UnknownNameError
            If there is no such layer, or it holds something else.
        """
        holding = {layer.id: layer for layer in self.layers.values() if layer.holds == "figures"}
        layer = find_layer(holding, layer_id)
        return self.once(("figures", layer_id), lambda: self._read_figures(layer))

    def _read_figures(self, layer: Layer) -> pd.DataFrame:
        rows = self._store.figures(self.place_id, layer.id)
        opened = pd.concat([rows[["code", "geography", "edition"]], open_fields(rows["details"], layer)], axis=1)
        return opened.set_index("code")

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, worked out when it is first asked for under ``key`` and then kept with the place."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept

    @cached_property
    def _kept(self) -> dict[Hashable, Any]:
        return {}

    def choose(self, kinds: Sequence[str] = (), layers: Sequence[str] = ()) -> list[Choice]:
        """The assets that words from a person mean; with no words, every layer of what is here.

        Raises
        ------
        UnknownNameError
            If a word is no kind or layer.
        """
        chosen = [Choice(found, tuple(found.kinds)) for found in (find_layer(self.layers, name) for name in layers)]
        chosen += [self._find_kind(kind) for kind in kinds]
        return chosen or [Choice(layer, tuple(layer.kinds)) for layer in self.layers_here]

    @property
    def layers_here(self) -> list[Layer]:
        """The layers that tell what a place has."""
        return [layer for layer in self.layers.values() if layer.holds == "assets" and layer.tells == "here"]

    def kind_choice(self, kind: str) -> Choice:
        """A kind of what is here or, where only a ledger of closures knows it, of what was.

        Raises
        ------
        UnknownNameError
            If no layer has such a kind.
        """
        try:
            return self._find_kind(kind)
        except UnknownNameError:
            for layer in self.layers.values():
                if layer.tells == "lost" and kind in layer.kinds:
                    return Choice(layer, (kind,))
            raise

    def _find_kind(self, word: str) -> Choice:
        plain = word.strip().casefold().replace("_", " ")
        for layer in self.layers_here:
            for kind, spec in layer.kinds.items():
                if plain in {kind.replace("_", " "), spec.title.casefold(), spec.plural.casefold()}:
                    return Choice(layer, (kind,))
        known = sorted(kind for layer in self.layers_here for kind in layer.kinds if kind != "other")
        raise UnknownNameError("kind of asset", word, known)

    def of(self, choice: Choice, *, open_only: bool = True) -> Assets:
        """The assets a choice means; only those open now, unless asked otherwise."""
        layer_id = choice.layer.id  # parted from the others once: answers ask for its rows kind by kind
        assets = self.once(("rows of", layer_id), lambda: self.assets[self.assets["layer"] == layer_id])
        wanted = assets["kind"].isin(choice.kinds)
        if open_only:
            wanted &= assets["status"].isin(OPEN)
        return Assets(assets[wanted].reset_index(drop=True))

    def of_layer(self, layer: Layer) -> Assets:
        """All of a layer's assets that stand today."""
        return self.of(Choice(layer, tuple(layer.kinds)))

    def provenance(self, layer_ids: Iterable[str]) -> tuple[Provenance, ...]:
        """The current loads of some layers, in the order they were loaded."""
        wanted = set(layer_ids)
        rows = self.loads[self.loads["layer"].isin(wanted)]
        counts = self.issues_by_source
        return tuple(provenance_of(row, counts.get(str(row["source"]), 0)) for _, row in rows.iterrows())

    def neighbourhood_columns(self) -> gpd.GeoDataFrame:
        """Code, name, locality, people and deprivation of each neighbourhood: the first columns of every answer."""
        areas = self.areas
        return gpd.GeoDataFrame(
            {
                "neighbourhood_code": areas["area_code"].to_numpy(),
                "neighbourhood_name": areas["name"].to_numpy(),
                "locality": areas["locality"].to_numpy(),
                "people": areas["population"].to_numpy(),
                "deprivation_decile": areas["imd_decile"].to_numpy(),
            },
            geometry=areas.geometry.to_numpy(),
            crs=space.STORED_CRS,
        )
