"""The real app over a small made-up town, opened in Chromium, where nothing may reach another host."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    FrameLocator,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as TooLate

import rows
import town
from assetmap.store import Store, open_store
from assetmap.tables import Assets

from .tilehost import tile_host

ROOT = Path(__file__).parents[2]
DESKTOP = (1440, 900)
PHONE = (390, 844)

NASTY = "Mill Lane Hall </script><script>broken = true</script> \"Mary's\" <img src=x onerror='broken = true'>"

INDICES: list[town.Published] = [
    (town.WEST, "LSOA 2021", 2025, {"imd_rank": 2500, "imd_score": 48.5, "crime_rank": 30_000, "population": 1200}),
    (town.EAST, "LSOA 2021", 2025, {"imd_rank": 25000, "imd_score": 9.25, "crime_rank": 1000, "population": 1500}),
]
"""The west is deprived, but not by crime; the east is by that alone."""

STANDS_STILL = """() => new Promise((done) => {
    let before = "", same = 0;
    const look = () => {
        const places = [...document.querySelectorAll("button, iframe, h1")].map((each) => each.getBoundingClientRect());
        const now = JSON.stringify(places);
        same = now === before ? same + 1 : 0;
        before = now;
        if (same > 12) done(); else requestAnimationFrame(look);
    };
    look();
})"""
"""Resolves when every button, frame and title has been where it is for a dozen pictures in a row."""

Visit = Callable[..., "Visited"]

expect.set_options(
    timeout=20_000
)  # a machine with other work to do still gets there; nothing waits longer than it must


class Visited:
    """A page of the app, which keeps lists of what went wrong in it and of each time that it was worked out."""

    def __init__(self, window: BrowserContext, base: str, size: tuple[int, int], tiles: str = "") -> None:
        self.base = base
        self.allowed = tuple(filter(None, (base, tiles)))
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page: Page = window.new_page()
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.route("**/*", self._guard)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda fault: self.faults.append(f"script: {fault}"))
        self.page.on("request", self._asked)
        self.runs: list[str | bytes] = []
        self.page.on("websocket", lambda socket: socket.on("framesent", self._worked_out))

    def _guard(self, route: Route) -> None:
        url = route.request.url
        if urlsplit(url).scheme in {"data", "blob"} or url.startswith(self.allowed):
            route.continue_()
        else:
            self.faults.append(f"another host: {url}")
            route.abort()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} {message.location['url']}")

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _worked_out(self, asked: str | bytes) -> None:
        self.runs.append(asked)

    @property
    def map(self) -> FrameLocator:
        """The frame with the map in it."""
        return self.page.frame_locator("iframe")

    def in_map(self, script: str) -> object:
        """What a script gives inside the map's frame."""
        frame = next(frame for frame in self.page.frames if "/component/" in frame.url)
        return frame.evaluate(script)

    def wait_for_map(self, says: str = "Map of") -> None:
        """Until a map whose name ``says`` so has been drawn, the one before it is gone, and the page is quiet."""
        expect(self.page.locator(f"iframe[title*='{says}']")).to_have_count(1)
        self.wait_until_quiet()
        expect(self.page.locator("iframe")).to_have_count(1)
        expect(self.map.locator(".am-legend")).to_be_visible()

    def wait_until_quiet(self) -> None:
        """Until nothing is being worked out and nothing moves, as a person waits before pressing what has appeared."""
        expect(self.page.get_by_test_id("stStatusWidget")).to_have_count(0)
        self.page.evaluate(STANDS_STILL)

    def choose(self, label: str, option: str, typed: str = "") -> None:
        """One of a list, by the list's label; ``typed`` shortens a long list.

        A list closes when the page moves beneath it, as when a table above it has just been drawn: whoever meets that
        opens it again.
        """
        box = self.page.get_by_role("combobox", name=label)
        choice = self.page.get_by_role("option", name=option)
        for last in (False, False, False, True):
            box.scroll_into_view_if_needed()
            self.wait_until_quiet()
            box.click()
            if typed:
                box.fill(typed)
            try:
                choice.click(timeout=20_000 if last else 5_000)
            except TooLate:
                if last:
                    raise
            else:
                return

    def keep_picture(self, name: str) -> None:
        """A screenshot, where ``ASSETMAP_SCREENSHOTS`` names a folder for them."""
        folder = os.environ.get("ASSETMAP_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png")


def _put(store: Store, frame: pd.DataFrame, holds: str, layer: str) -> None:
    """Store the rows of a frame, source by source."""
    for source, part in frame.groupby("source", sort=False):
        kept = part.reset_index(drop=True)
        load = rows.load(len(kept), place_id=town.PLACE, source=str(source), layer=layer, publisher="Hand Town Council")
        store.replace_source(load, kept, holds, rows.issues())


@pytest.fixture(scope="session")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-solved town in a store, one of its places with a name that tries to be a script."""
    path = tmp_path_factory.mktemp("store") / "town.gpkg"
    assets = town.town_assets()
    assets.loc[assets["kind"] == "hall", "name"] = NASTY
    with open_store(path) as store:
        store.save_place(town.PLACE, "Hand Town", fictional=True)
        _put(store, town.town_areas(), "areas", "neighbourhoods")
        _put(store, town.town_streets(), "streets", "streets")
        _put(store, town.town_heights(), "heights", "heights")
        _put(store, town.town_locators(), "locators", "postcodes")
        _put(store, town.town_figures("deprivation", INDICES), "figures", "deprivation")
        for layer, part in assets.drop(columns="access").groupby("layer"):
            _put(store, Assets(part), "assets", str(layer))
    return path


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running_app(store_path: Path, **settings: str) -> Iterator[str]:
    """The app's address, from when it says that it listens."""
    port = _free_port()
    environment = {
        **os.environ,
        "ASSETMAP_DATABASE_URL": str(store_path),
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        said = next((line for line in app.stdout if "URL" in line), "the app stopped before it listened")
        assert str(port) in said, said
        yield f"http://localhost:{port}"
        app.terminate()


@pytest.fixture(scope="session")
def app_url(store_path: Path) -> Iterator[str]:
    """The app as it is in a hall with no internet: the tile server does not answer."""
    nobody = f"http://127.0.0.1:{_free_port()}/{{z}}/{{x}}/{{y}}.png"
    with running_app(store_path, ASSETMAP_TILES="auto", ASSETMAP_TILES_URL=nobody) as url:
        yield url


@pytest.fixture(scope="session")
def window() -> Iterator[BrowserContext]:
    """Chromium: the one that ASSETMAP_CHROMIUM names, else the system's, else Playwright's own; one cache for all."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    names = ("chromium", "chromium-browser", "google-chrome")
    system = os.environ.get("ASSETMAP_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=system, args=quiet) as chromium:
        yield chromium.new_context()


@pytest.fixture
def visit_with_tiles(window: BrowserContext, store_path: Path) -> Iterator[Visited]:
    """The app where a tile server answers; the browser may ask that one host for pictures and no other."""
    with tile_host() as host:
        tiles = f"{host.address}/{{z}}/{{x}}/{{y}}.png"
        with running_app(store_path, ASSETMAP_TILES="auto", ASSETMAP_TILES_URL=tiles) as url:
            visited = Visited(window, url, DESKTOP, host.address)
            visited.page.goto(url)
            expect(visited.page.locator("h1")).to_be_visible()
            yield visited
            visited.page.close()
    assert visited.faults == []


@pytest.fixture
def visit(window: BrowserContext, app_url: str) -> Iterator[Visit]:
    """Opens a page of the app; at the end of the test nothing may have gone wrong in any of them."""
    with visits(window, app_url) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def flat_url(store_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with the town's heights not loaded."""
    path = shutil.copy(store_path, tmp_path_factory.mktemp("flat") / "town.gpkg")
    with open_store(path) as store:
        store.remove_source(town.PLACE, f"{town.PLACE}/heights")
    with running_app(path, ASSETMAP_TILES="off") as url:
        yield url


@contextmanager
def visits(window: BrowserContext, url: str) -> Iterator[Visit]:
    """Opens pages of the app at an address; at the end nothing may have gone wrong in any of them."""
    opened: list[Visited] = []

    def open_page(path: str = "", size: tuple[int, int] = DESKTOP) -> Visited:
        visited = Visited(window, url, size)
        opened.append(visited)
        visited.page.goto(f"{url}/{path}")
        expect(visited.page.locator("h1")).to_be_visible()
        return visited

    yield open_page
    faults = [fault for visited in opened for fault in visited.faults]
    for visited in opened:
        visited.page.close()
    assert faults == []
