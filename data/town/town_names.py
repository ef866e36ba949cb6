"""Street names for Marramsea: ordinary English words put together, each combination used once."""

# ruff: noqa: E501  -- word lists
from __future__ import annotations

from collections.abc import Iterable

from numpy.random import Generator

FIRST: dict[str, str] = {
    "harbour": "Anchor Capstan Herring Mackerel Lobster Netshed Cockle Sailmakers Chandlers Lantern Cooper Smack Coble "
    "Hawser Keel Mariner Pilot Rudder Bosun Tiller Shrimp Lugger Spinnaker Trawl Winkle Beachcomber Driftwood Fathom "
    "Halyard Jetty Mast Oar Pebble Quay Reef Shingle Skiff Starboard Sprat Whelk Compass Topsail Mizzen Barnacle Dory",
    "victorian": "Albert Alma Inkerman Cobden Gladstone Peel Palmerston Clarence Adelaide Raglan Balaclava Sebastopol Russell "
    "Cambridge Wellington Nelson Trafalgar Osborne Windsor Balmoral Kimberley Mafeking Disraeli Salisbury Rosebery "
    "Bright Villiers Stanley Derby Melbourne Cardigan Princess Duke Regent Crown Union Jubilee Exchange Hope Temperance "
    "Prospect Belmont Cavendish Grosvenor Montague Portland Bedford Brunswick Hanover Devonshire Norfolk Richmond York "
    "Lancaster Stafford Talbot Howard Percy Neville Beaufort Clifton Spencer Arthur Edward Louisa Maud Beatrice Charlotte "
    "Caroline Amelia Sophia Helena Leopold Alfred Ernest Frederick William Henry George James Herbert Walter",
    "church": "Abbot Bishop Cloister Friars Almoners Canon Chantry Cross Dean Monks Nuns Pilgrim Prebend Sexton Vestry "
    "Cellarer Chapter Novice Palmer Refectory Scriptorium Sacristan Tithe Verger Psalter Matins Compline Garth",
    "trees": "Acacia Alder Almond Ash Aspen Beech Birch Blackthorn Cedar Cherry Chestnut Cypress Elder Elm Fir Hawthorn Hazel "
    "Holly Hornbeam Juniper Laburnum Larch Laurel Lime Linden Magnolia Maple Medlar Mulberry Oak Pear Pine Poplar "
    "Quince Rowan Spruce Sycamore Walnut Whitebeam Willow Yew Lilac Myrtle Olive Rosemary Lavender Wisteria Woodbine "
    "Bramble Clover Fern Heather Ivy Jasmine Orchard Primrose Rose Sorrel Tansy Thyme Violet Yarrow Briar Bluebell",
    "trades": "Baker Brewer Candlewick Carter Cordwainer Farrier Flax Foundry Fuller Glover Hemp Kiln Loom Malt Miller Oakum "
    "Potter Saddler Sawyer Shuttle Spindle Tanner Thatcher Tinker Turner Twine Weaver Wheelwright Hackle Bobbin Skein",
    "fields": "Barley Buttercup Campion Corn Cornflower Cowslip Daisy Furrow Glebe Harvest Haystack Headland Hedgerow Home "
    "Meadow Oat Paddock Pasture Plough Poppy Ridge Rye Sheaf Sickle Sorghum Stile Stubble Teasel Threshers Vetch "
    "Wheat Croft Gleaners Halter Harrow Long Mead Lower Upper Middle West South Bank Brook Ditch Ford Spring Well",
    "birds": "Avocet Bittern Brent Bunting Chaffinch Curlew Dabchick Dotterel Dunlin Eider Fieldfare Finch Gannet Godwit "
    "Goldcrest Goosander Grebe Gull Harrier Heron Kestrel Kittiwake Knot Lapwing Linnet Mallard Martin Nightjar "
    "Nuthatch Osprey Ouzel Oystercatcher Petrel Pintail Pipit Plover Pochard Puffin Redshank Redstart Redwing Robin "
    "Sanderling Sandpiper Scoter Shelduck Shoveler Siskin Skua Snipe Starling Stonechat Swallow Swift Teal Tern Thrush "
    "Turnstone Wagtail Warbler Wheatear Whimbrel Widgeon Wren Yellowhammer",
    "heaths": "Bilberry Bracken Broom Buckthorn Cairn Down Dune Foxglove Furze Gorse Harebell Heath Juniper Knoll Ling Marram "
    "Moor Peat Rush Samphire Sandhill Sedge Speedwell Summit Sundew Thrift Tor Tussock Upland Warren Whin Cliff Beacon "
    "Lookout Horizon Seagrass Teasel Restharrow Saltwort Campion Stonecrop Orache",
    "village": "Bakehouse Church Duckpond Forge Glebe Green Manor Mill Old Pound Pump Rectory School Smithy Stocks Tithe Vicarage "
    "Village Well Barn Byre Cart Dovecote Farm Granary Hall Hayrick Kennel Maypole Orchard Parsonage Shepherds Stable "
    "Sexton Tollgate Wagon Wharf Withy Yeoman",
}
LAST: dict[str, str] = {
    "harbour": "Street Row Lane Way Passage Road Walk",
    "victorian": "Street Road Terrace Place Grove",
    "church": "Street Road Row Walk Terrace",
    "trees": "Avenue Road Drive Grove Gardens",
    "trades": "Street Road Row Terrace",
    "fields": "Road Drive Way Avenue Crescent",
    "birds": "Road Crescent Avenue Way Walk Drive",
    "heaths": "Drive Road Rise Way Avenue",
    "village": "Lane Road Hill End Street",
}
CLOSES = ("Close", "Court", "Mews", "Place", "Gardens", "Nook")


class StreetNames:
    """Hands out names, never the same one twice."""

    def __init__(self, rng: Generator, used: Iterable[str]) -> None:
        """Remember the names the plan already uses."""
        self.rng = rng
        self.used = set(used)

    def street(self, theme: str) -> str:
        """A through street's name."""
        return self._draw(FIRST[theme].split(), LAST[theme].split())

    def close(self, theme: str) -> str:
        """A cul-de-sac's name."""
        return self._draw(FIRST[theme].split(), list(CLOSES))

    def _draw(self, firsts: list[str], lasts: list[str]) -> str:
        for prefix in (
            "",
            "Upper ",
            "Lower ",
            "Old ",
            "New ",
            "North ",
            "South ",
            "East ",
            "West ",
            "Little ",
            "Great ",
        ):
            free = [f"{prefix}{a} {b}" for a in firsts for b in lasts if f"{prefix}{a} {b}" not in self.used]
            if free:
                name = free[int(self.rng.integers(len(free)))]
                self.used.add(name)
                return name
        raise RuntimeError("the street-name lists have run out: add words to town_names.py")
