/* Draws a place with Leaflet: what it has in colour, need in greys, what was lost as dashed rings.
 *
 * assetmap.draw(map, data, tilesUrl)  once a map: areas, backdrop, every layer, legend, scale, sources.
 * assetmap.view(map, view)            whenever a person chooses: layers, shading, years, street map, pin, and what is
 *                                     drawn over the place for one question alone.
 *
 * Text from rows reaches the page only as text nodes, so that no row can add markup.
 */
(function () {
  "use strict";

  const PANES = ["need", "green", "water", "streets", "outline", "parts", "minor", "points", "lost", "added", "names", "pin"];
  const HATCH = "assetmap-hatch";
  const REACH_PX = 22; // how far from a small mark a finger or the keyboard's cross may be
  const LABEL_PX = [7.5, 16]; // the room that a letter of a year or a name needs beside its mark
  const LINE_AT_MOST = 24; // letters of a line of a name beside its mark
  const LINES_AT_MOST = 2; // a longer name is left to a press: one cut short would be no name
  const PART_PX = [7.2, 17]; // the room that a letter of the name of a part of the place needs
  const PART_LINE_AT_MOST = 14; // letters of a line of such a name, where it does not fit in one
  const PART_SHIFTS = [0, -12, 12, -24, 24, -36, 36].flatMap((dy) => [0, -22, 22, -44, 44].map((dx) => [dx, dy]));
  const PART_COVERS = 1; // small marks that such a name may touch before it is left out
  const RING_PX = 11; // a ring's radius at its usual size
  const SCALE_BY_ZOOM = [[10.6, 0.62], [11, 0.7], [12, 0.8], [13, 0.9], [14, 1.05], [15.5, 1.25]];
  const NOTHING_OVER = { id: "", layers: [], style: null, classes: [], outlined: [], says: {}, phrases: [] };
  const CORNERS_AT_MOST = 100; // as many as the address of a page may hold
  let live = null; // what the last draw() made: one map a frame

  /* ---- small helpers ---- */

  function el(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  }

  function svg(tag, attributes) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    return node;
  }

  function inLines(name, atMost) {
    const lines = [];
    for (const word of name.split(" ")) {
      const joined = lines.length ? lines[lines.length - 1] + " " + word : word;
      if (lines.length && joined.length <= atMost) lines[lines.length - 1] = joined; else lines.push(word);
    }
    return lines;
  }

  function besideMark(name) {
    // A name as it stands beside its mark, line by line; nothing where it needs more lines than that.
    const lines = inLines(name, LINE_AT_MOST);
    return lines.length > LINES_AT_MOST ? "" : lines.join("\n");
  }

  function sizeOf(words, px) {
    const lines = words.split("\n");
    return [Math.max(...lines.map((line) => line.length)) * px[0], lines.length * px[1]];
  }

  function hatchPattern(colour) {
    const holder = svg("svg", { width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" });
    const pattern = svg("pattern", {
      id: HATCH, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    });
    pattern.append(svg("rect", { width: 6, height: 6, fill: "#ffffff" }));
    pattern.append(svg("line", { x1: 0, y1: 0, x2: 0, y2: 6, stroke: colour, "stroke-width": 1.6 }));
    const defs = svg("defs", {});
    defs.append(pattern);
    holder.append(defs);
    document.body.append(holder);
  }

  /* ---- marks: one path a shape, in coordinates where the shape's radius is 1 ---- */

  const Mark = L.CircleMarker.extend({
    _updatePath: function () {
      const path = this._path;
      if (!path || !this._point) return;
      if (this._empty()) { path.setAttribute("d", "M0 0"); return; }
      const [dx, dy] = this.options.shift || [0, 0];
      const x = this._point.x + dx, y = this._point.y + dy;
      path.setAttribute("d", this.options.d);
      path.setAttribute("transform", "translate(" + x + " " + y + ") scale(" + this._radius + ")");
    },
  });

  // A tooltip that waits for focus makes a browser stop at every shape: hundreds of stops without a name. The keyboard
  // meets shapes under the map's cross instead; rings, which have names, stay stops of their own.
  const waitForFocus = L.Layer.prototype._addFocusListenersOnLayer;
  L.Layer.include({
    _addFocusListenersOnLayer: function (layer) {
      if (!(layer instanceof L.Path)) waitForFocus.call(this, layer);
    },
  });

  function picture(markup, width) {
    // Markup of the look's own shapes, never of a row.
    const holder = el("span", "am-picture");
    holder.innerHTML = markup;
    if (width) holder.firstElementChild.setAttribute("width", width);
    return holder;
  }

  function pictureIcon(markup, label) {
    const holder = el("div", "am-framed-mark");
    if (markup) holder.append(picture(markup));
    if (label) holder.append(el("span", "am-year", label));
    return L.divIcon({ html: holder, className: "am-icon", iconSize: [34, 34], iconAnchor: [17, 17] });
  }

  /* ---- what a mark says ---- */

  function popupOf(properties, layer) {
    const box = el("div", "am-popup");
    const head = el("div", "am-popup-kind");
    head.append(picture(live.data.rings[properties.s] || (properties.c ? layer.added : layer.picture), 18));
    head.append(el("span", "", properties.k || layer.title));
    box.append(head, el("strong", "", properties.n));
    const phrases = layer.phrases || live.data.phrases;
    const lines = (properties.d || []).map((line) => (typeof line === "number" ? phrases[line] : line)).filter(Boolean);
    lines.forEach((line, index) => box.append(el("p", index === lines.length - 1 ? "am-origin" : "", line)));
    return box;
  }

  function areaPopup(properties) {
    const box = el("div", "am-popup");
    box.append(el("strong", "", properties.n));
    for (const line of [...properties.d, ...(live.over.says[properties.i] || [])]) box.append(el("p", "", line));
    if (properties.o && window.frameElement) box.append(pageLink(properties.o));
    return box;
  }

  function addressOf(query) {
    const address = new URL(window.parent.location.href);
    const kept = live.view.keeps ? "&" + live.view.keeps : ""; // what was chosen on the page goes along
    address.search = query + kept; // the rest stays this app's own, whatever the query is
    return address.href;
  }

  function pageLink(query) {
    const line = el("p", "am-opens"), link = el("a", "", live.data.words.opens);
    link.href = addressOf(query);
    link.target = "_blank";
    link.rel = "noopener";
    link.addEventListener("click", (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      openPage(query);
    });
    line.append(link);
    return line;
  }

  function openPage(query) {
    // A frame may not send the page around it elsewhere. The page is told of its new address as by the back button.
    const page = window.parent;
    live.map.closePopup();
    page.history.pushState({}, "", addressOf(query));
    page.dispatchEvent(new page.PopStateEvent("popstate"));
    page.document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  }

  function tooltipOf(properties, layer) {
    const box = el("span", "");
    box.append(el("strong", "", properties.n), document.createTextNode(" " + (properties.k || layer.title)));
    return box;
  }

  function dress(mark, properties, layer) {
    mark.bindPopup(() => popupOf(properties, layer), { maxWidth: 280, autoPanPadding: [24, 24] });
    mark.bindTooltip(() => tooltipOf(properties, layer), { direction: "top", offset: [0, -8], opacity: 1 });
    mark.assetmapName = properties.n;
    mark.assetmapBeside = properties.b;
    return mark;
  }

  /* ---- layers ---- */

  function pointMark(feature, at, layer) {
    const properties = feature.properties;
    if (properties.s) return iconMark(at, "lost", live.data.rings[properties.s], properties, layer);
    if (properties.c) return iconMark(at, "added", layer.added, properties, layer);
    const pane = properties.m || layer.crowded ? "minor" : "points";
    const radius = properties.m || layer.crowded ? live.data.radius.minor : live.data.radius.major;
    const mark = new Mark(at, {
      renderer: live.renderers[pane], pane: pane, d: layer.d, radius: radius, opacity: 1,
      className: "am-mark" + (layer.hollow ? " am-mark-hollow" : ""),
      halo: layer.hollow ? live.data.hollow_stroke : 2 * live.data.halo, color: layer.hollow ? layer.colour : "#ffffff",
      fillColor: layer.hollow ? "#ffffff" : layer.colour, fillOpacity: layer.hollow ? 0.35 : 1,
    });
    mark.assetmapRadius = radius;
    return dress(mark, properties, layer);
  }

  function iconMark(at, pane, markup, properties, layer) {
    const label = [properties.n, properties.k, properties.w].filter(Boolean).join(", ");
    const beside = layer.named ? besideMark(properties.b) : properties.y;
    const mark = L.marker(at, { icon: pictureIcon(markup, beside), pane: pane, keyboard: true });
    mark.on("add", () => mark.getElement().setAttribute("aria-label", label));
    mark.assetmapYear = Number(properties.y) || null;
    mark.assetmapLabel = beside;
    mark.assetmapOver = layer.over;
    return dress(mark, properties, layer);
  }

  function hollowed(layer) {
    // A street not yet opened up is two lines of its colour with the page between them.
    return L.geoJSON(layer.rows, {
      pane: "streets", renderer: live.renderers.streets, interactive: false,
      filter: (feature) => feature.geometry.type.endsWith("LineString"),
      style: { color: "#ffffff", weight: 3, opacity: 1, fill: false, lineCap: "round" },
    });
  }

  function named(group) {
    return group.getLayers().filter((drawn) => drawn instanceof L.Path);
  }

  function nameBeside(mark) {
    // Words alone, which a press or the keyboard passes by: the mark itself answers.
    const words = besideMark(mark.assetmapBeside), icon = pictureIcon("", words);
    const at = mark.getLatLng ? mark.getLatLng() : mark.getBounds().getCenter();
    const name = L.marker(at, { icon: icon, pane: "names", interactive: false, keyboard: false });
    name.on("add", () => name.getElement().setAttribute("aria-hidden", "true"));
    name.assetmapMark = mark.getLatLng ? mark : name;
    name.assetmapLabel = words;
    return name;
  }

  function shapeStyle(feature, layer) {
    if (feature.geometry.type === "Point") return {}; // marks have their own style
    if (feature.geometry.type.endsWith("LineString")) {
      return { color: layer.colour, weight: layer.hollow ? 7 : 4, opacity: 1, fill: false, lineCap: "round" };
    }
    return { color: layer.colour, weight: 0, fillColor: layer.fill, fillOpacity: 1 };
  }

  function layerGroup(layer) {
    const pane = layer.lines ? "streets" : "green";
    const group = L.geoJSON(layer.rows, {
      pane: pane, renderer: live.renderers[pane],
      style: (feature) => shapeStyle(feature, layer),
      pointToLayer: (feature, at) => pointMark(feature, at, layer),
      onEachFeature: (feature, drawn) => {
        if (feature.geometry.type !== "Point") dress(drawn, feature.properties, layer);
      },
    });
    if (layer.lines && layer.hollow) group.addLayer(hollowed(layer));
    group.assetmapMarks = [];
    group.assetmapRings = [];
    group.eachLayer((drawn) => {
      if (drawn instanceof Mark) group.assetmapMarks.push(drawn);
      else if (drawn instanceof L.Marker) group.assetmapRings.push(drawn);
    });
    group.assetmapNames = layer.named ? named(group).map(nameBeside) : [];
    for (const name of group.assetmapNames) group.addLayer(name);
    return group;
  }

  function isOfTheYears(ring) {
    if (!live.view.years) return true;
    const [first, last] = live.view.years;
    return ring.assetmapYear !== null && first <= ring.assetmapYear && ring.assetmapYear <= last;
  }

  function showTheYears(layer) {
    if (!layer.dated) return;
    const group = live.groups[layer.id];
    for (const ring of group.assetmapRings) {
      if (isOfTheYears(ring)) group.addLayer(ring); else group.removeLayer(ring);
    }
  }

  function allLayers() {
    return [...live.data.layers, ...live.over.layers];
  }

  function isShown(layer) {
    return layer.over || live.view.layers.includes(layer.id);
  }

  function shownGroups(map) {
    return allLayers().map((layer) => live.groups[layer.id]).filter((group) => map.hasLayer(group));
  }

  function tidyLabels(map) {
    // A year or a name shows where it covers no mark, no other label and no edge; what a question is about comes first,
    // and of its names those that its answer tells first.
    const at = (mark) => map.latLngToContainerPoint(mark.getLatLng()).add(mark.options.shift || [0, 0]);
    const groups = shownGroups(map);
    const rings = groups.flatMap((group) => group.assetmapRings.filter((ring) => group.hasLayer(ring)));
    const names = [...groups].reverse().flatMap((group) => group.assetmapNames.filter((name) => name.assetmapLabel));
    const labelled = rings.filter((ring) => ring.assetmapLabel).reverse();
    const size = map.getSize(), legend = legendBox(map);
    const taken = [legend, ...rings.map((ring) => box(at(ring), RING_PX * live.ring))];
    const place = (label) => {
      const point = at(label.assetmapMark || label), words = label.assetmapLabel;
      const side = ["right", "left"].find((each) => {
        const room = labelBox(point, words, each);
        return room[0] >= 0 && room[2] <= size.x && !taken.some((other) => overlap(room, other));
      });
      label.getElement().classList.toggle("am-no-year", !side);
      label.getElement().classList.toggle("am-year-left", side === "left");
      if (label.assetmapMark) label.getElement().firstElementChild.style.translate = shiftOf(label.assetmapMark);
      if (side) taken.push(labelBox(point, words, side));
    };
    labelled.filter((ring) => ring.assetmapOver).forEach(place);
    for (const mark of groups.flatMap((group) => group.assetmapMarks)) {
      if (mark.options.pane === "points") taken.push(box(at(mark), mark.options.radius));
    }
    [...labelled.filter((ring) => !ring.assetmapOver), ...names].forEach(place);
    tidyParts(map, taken);
  }

  function tidySoon(map) {
    // Once a picture, however often the map has moved or grown until then.
    if (live.tidying) return;
    live.tidying = requestAnimationFrame(() => {
      live.tidying = 0;
      tidyLabels(map);
    });
  }

  function shiftOf(mark) {
    return (mark.options.shift || [0, 0]).map((px) => px + "px").join(" ");
  }

  function legendBox(map) {
    // The legend with what stands beneath it, in pixels from the map's corner.
    const frame = map.getContainer().getBoundingClientRect(), box = live.legend.getBoundingClientRect();
    return [box.left - frame.left, box.top - frame.top, box.right - frame.left, map.getSize().y];
  }

  function tidyParts(map, known) {
    // What people call each part of the place, where it covers least; the street map underneath has its own.
    const size = map.getSize();
    const small = shownGroups(map).flatMap((group) => group.assetmapMarks)
      .filter((mark) => mark.options.pane !== "points")
      .map((mark) => box(map.latLngToContainerPoint(mark.getLatLng()).add(mark.options.shift || [0, 0]), 3));
    for (const part of live.parts) {
      const found = live.tiles ? null : roomForPart(map, part, size, known, small);
      const name = part.getElement().firstElementChild;
      name.classList.toggle("am-no-room", !found);
      if (!found) continue;
      const words = found.room, at = map.latLngToContainerPoint(part.getLatLng());
      name.textContent = found.words;
      const shift = [(words[0] + words[2]) / 2 - at.x, (words[1] + words[3]) / 2 - at.y];
      name.style.transform = "translate(-50%, -50%) translate(" + shift[0] + "px," + shift[1] + "px)";
      known.push(words);
    }
  }

  function roomForPart(map, part, size, known, small) {
    // Where a name stands in its own part, in one line or in several, nearest to the middle with fewest small marks
    // beneath; nothing where it would cover more, or tell of the part beside.
    const at = map.latLngToContainerPoint(part.getLatLng());
    let best = null, least = PART_COVERS + 1;
    for (const words of part.assetmapWords) {
      const half = sizeOf(words, PART_PX).map((length) => length / 2 + 1);
      for (const [dx, dy] of PART_SHIFTS) {
        const middle = L.point(at.x + dx, at.y + dy);
        const room = [middle.x - half[0], middle.y - half[1], middle.x + half[0], middle.y + half[1]];
        const inside = room[0] >= 0 && room[1] >= 0 && room[2] <= size.x && room[3] <= size.y;
        if (!inside || known.some((other) => overlap(room, other))) continue;
        const covers = small.filter((other) => overlap(room, other)).length;
        if (covers >= least || !standsIn(map, part, middle, half[0])) continue;
        best = { room: room, words: words };
        least = covers;
        if (!least) return best;
      }
    }
    return best;
  }

  function standsIn(map, part, middle, half) {
    // Whether a name's middle, and half way from it to either end, lie in the part that it is of.
    return [0, -half / 2, half / 2].every((dx) => {
      const spot = map.containerPointToLatLng(L.point(middle.x + dx, middle.y));
      return part.assetmapAreas.some((area) => area.getBounds().contains(spot) && covers(area.feature, spot));
    });
  }

  function drawParts(map, data) {
    // Words alone: a press passes them by, and the table has them for people who do not see the map.
    live.parts = data.parts.map((part, index) => {
      const icon = L.divIcon({ html: el("span", "am-part", part.n), className: "am-icon", iconSize: [0, 0] });
      const name = L.marker(part.at, { icon: icon, pane: "parts", interactive: false, keyboard: false }).addTo(map);
      name.getElement().setAttribute("aria-hidden", "true");
      const lines = inLines(part.n, PART_LINE_AT_MOST);
      name.assetmapWords = lines.length > 1 ? [part.n, lines.join("\n")] : [part.n];
      name.assetmapAreas = live.areas.getLayers().filter((area) => area.feature.properties.p === index);
      return name;
    });
  }

  function labelBox(point, words, side) {
    const [wide, height] = sizeOf(words, LABEL_PX), width = wide + 6, reach = RING_PX * live.ring + 2;
    const x = side === "right" ? point.x + reach : point.x - reach - width;
    return [x, point.y - height / 2, x + width, point.y + height / 2];
  }

  function box(point, reach) {
    return [point.x - reach, point.y - reach, point.x + reach, point.y + reach];
  }

  function overlap(one, other) {
    return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
  }

  function spreadSamePlace(map) {
    // Marks that stand on one another are moved a few pixels apart, so that each can be seen and pressed.
    const here = new Map(), ringAt = new Set();
    for (const group of shownGroups(map)) {
      for (const ring of group.assetmapRings) if (group.hasLayer(ring)) ringAt.add(spotOf(ring));
    }
    for (const id in live.groups) {
      if (!map.hasLayer(live.groups[id])) continue;
      for (const mark of live.groups[id].assetmapMarks) {
        const key = spotOf(mark);
        if (!here.has(key)) here.set(key, []);
        here.get(key).push(mark);
      }
    }
    for (const [spot, marks] of here) {
      marks.forEach((mark, index) => {
        const angle = (2 * Math.PI * index) / marks.length - Math.PI / 2;
        const away = ringAt.has(spot) ? 2 * RING_PX : marks.length === 1 ? 0 : 4 + marks.length;
        mark.options.shift = [away * Math.cos(angle), away * Math.sin(angle)];
        mark.redraw();
      });
    }
  }

  function spotOf(mark) {
    const at = mark.getLatLng();
    return at.lat.toFixed(4) + " " + at.lng.toFixed(4);
  }

  function resizeMarks(map) {
    const zoom = map.getZoom();
    let factor = 0.5;
    for (const [from, size] of SCALE_BY_ZOOM) if (zoom >= from) factor = size;
    for (const id in live.groups) {
      for (const mark of live.groups[id].assetmapMarks) {
        const radius = mark.assetmapRadius * factor;
        mark.setStyle({ radius: radius, weight: mark.options.halo * radius });
      }
    }
    live.ring = Math.min(1.15, Math.max(0.75, factor));
    map.getContainer().style.setProperty("--am-ring", live.ring);
    tidySoon(map);
  }

  /* ---- areas ---- */

  function styleNow() {
    const over = live.over.style;
    return over && over.id === live.view.style ? over : live.data.styles[live.view.style];
  }

  function classOf(properties) {
    const at = styleNow() === live.over.style ? live.over.classes[properties.i] : properties[live.view.style];
    return at === undefined ? null : at;
  }

  function outlinedIn(style, properties) {
    return style === live.over.style && live.over.outlined.includes(properties.i);
  }

  function areaStyle(feature) {
    const style = styleNow(), under = Boolean(live.tiles);
    if (!style) return { fillColor: live.data.plain, fillOpacity: under ? 0.1 : 1, color: live.data.line, weight: 0.7 };
    const at = classOf(feature.properties), isOutlined = outlinedIn(style, feature.properties);
    const fill = at === null ? "url(#" + HATCH + ")" : style.colours[at];
    const line = isOutlined ? { color: style.outlined[0], weight: 3 } : { color: "#ffffff", weight: 0.8 };
    return { fillColor: fill, fillOpacity: under ? 0.6 : 1, ...line };
  }

  function areaTooltip(drawn) {
    const properties = drawn.feature.properties;
    const box = el("span", "");
    box.append(el("strong", "", properties.n));
    const style = styleNow();
    if (style) {
      const at = classOf(properties);
      const words = [at === null ? style.no_data : style.labels[at]];
      if (outlinedIn(style, properties)) words.unshift(style.outlined[1].toLowerCase());
      box.append(document.createTextNode(" " + words.join("; ")));
    }
    return box;
  }

  function drawAreas(map, data) {
    data.areas.features.forEach((feature, index) => { feature.properties.i = index; });
    live.areas = L.geoJSON(data.areas, { pane: "need", renderer: live.renderers.need, style: areaStyle });
    live.areas.bindTooltip(areaTooltip, { sticky: true, opacity: 1, className: "am-area-tip" });
    live.areas.addTo(map);
    live.backdrop = L.layerGroup().addTo(map);
    for (const name of ["green", "water", "streets"]) {
      const look = data.backdrop[name];
      if (!look) continue;
      L.geoJSON(look.shape, {
        pane: name, renderer: live.renderers[name], interactive: false,
        style: { color: look.stroke, weight: look.weight, fillColor: look.fill, fillOpacity: look.fill ? 1 : 0 },
      }).addTo(live.backdrop);
    }
    live.outline = L.geoJSON(data.outline, {
      pane: "outline", renderer: live.renderers.outline, interactive: false,
      style: { color: data.ink, weight: 1.6, fill: false },
    }).addTo(map);
  }

  /* ---- legend, scale, sources ---- */

  function legendRow(picture, title, count) {
    const row = el("div", "am-row");
    row.append(picture, el("span", "am-title", title), el("span", "am-count", count));
    return row;
  }

  function outlineSwatch(line, fill) {
    const swatch = svg("svg", { width: 20, height: 12, "aria-hidden": "true" });
    swatch.append(svg("rect", { x: 1.5, y: 1.5, width: 17, height: 9, fill: fill, stroke: line, "stroke-width": 3 }));
    return swatch;
  }

  function classRow(style, label, index, count) {
    const swatch = svg("svg", { width: 20, height: 12, "aria-hidden": "true" });
    swatch.append(svg("rect", { width: 20, height: 12, fill: style.colours[index], stroke: live.data.line }));
    return legendRow(swatch, label[0].toUpperCase() + label.slice(1), count);
  }

  function rampOf(style, counts) {
    const ramp = el("div", "am-ramp"), ends = el("div", "am-ends");
    style.colours.forEach((colour, index) => {
      const step = el("span", "am-step");
      step.style.background = colour;
      step.title = style.labels[index] + ": " + counts[index];
      ramp.append(step);
    });
    ends.append(el("span", "", style.ends[0]), el("span", "", style.ends[1]));
    return [ramp, ends];
  }

  function needLegend(style, counts) {
    const box = el("div", "am-need");
    box.append(el("div", "am-heading", style.title));
    if (style.listed) box.append(...style.labels.map((label, index) => classRow(style, label, index, counts[index])));
    else box.append(...rampOf(style, counts));
    if (counts.outlined) {
      const swatch = outlineSwatch(style.outlined[0], style.colours[0]);
      box.append(legendRow(swatch, style.outlined[1], counts.outlined));
    }
    if (counts.none) {
      const swatch = svg("svg", { width: 20, height: 12, "aria-hidden": "true" });
      swatch.append(svg("rect", { width: 20, height: 12, fill: "url(#" + HATCH + ")", stroke: live.data.line }));
      box.append(legendRow(swatch, style.no_data, counts.none));
    }
    return box;
  }

  function classCounts(style) {
    const counts = style.colours.map(() => 0);
    counts.none = 0;
    counts.outlined = style === live.over.style ? live.over.outlined.length : 0;
    for (const feature of live.data.areas.features) {
      const at = classOf(feature.properties);
      counts[at === null ? "none" : at] += 1;
    }
    return counts;
  }

  function fillLegend() {
    const body = live.legend.querySelector(".am-legend-body");
    body.replaceChildren();
    // as the choices list them: the last drawn first, and what happened to services after what is here
    const all = allLayers().filter(isShown).reverse();
    const shown = [...all.filter((layer) => !layer.dated), ...all.filter((layer) => layer.dated)];
    for (const layer of shown) {
      const ofTheYears = live.groups[layer.id].assetmapRings.filter(isOfTheYears).length;
      for (const part of layer.legend) {
        const count = layer.dated && live.view.years ? ofTheYears : part.count;
        body.append(legendRow(picture(part.picture), part.title, count));
      }
    }
    const added = shown.flatMap((layer) => layer.rows.features).filter(({ properties }) => properties.c && !properties.s);
    if (added.length) body.append(legendRow(picture(live.data.added), live.data.words.contributed, added.length));
    if (!shown.length && live.view.can_switch) body.append(el("p", "am-none", live.data.words.nothing_shown));
    const style = styleNow();
    if (style) body.append(needLegend(style, classCounts(style)));
    if (live.corners) body.append(legendRow(outlineSwatch(live.data.ink, "none"), live.data.words.corners, ""));
  }

  function addLegend(map) {
    const control = L.control({ position: "bottomleft" });
    control.onAdd = function () {
      const box = el("details", "am-legend");
      box.open = map.getSize().x > 520;
      box.append(el("summary", "", live.data.words.legend), el("div", "am-legend-body"));
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      live.legend = box;
      return box;
    };
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(map);
    control.addTo(map);
  }

  function addSources(map, data) {
    map.attributionControl.remove();
    const terms = el("a", "am-terms", data.words.underlay);
    terms.href = data.words.underlay_terms;
    terms.target = "_blank";
    terms.rel = "noopener";
    const credit = L.control({ position: "bottomright" });
    credit.onAdd = () => terms;
    live.credit = credit;
    if (!data.sources.length) return;
    const control = L.control({ position: "bottomright" });
    control.onAdd = function () {
      const box = el("details", "am-sources");
      box.append(el("summary", "", data.sources[0]));
      for (const line of data.sources.slice(1)) box.append(el("p", "", line));
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    control.addTo(map);
  }

  /* ---- the street map underneath, from another host, only while it is asked for ---- */

  function underlay(map, wanted) {
    if (Boolean(live.tiles) === Boolean(wanted && live.tilesUrl)) return;
    if (live.tiles) {
      live.tiles.remove();
      live.credit.remove();
      live.tiles = null;
      live.backdrop.addTo(map);
      return;
    }
    live.tiles = L.tileLayer(live.tilesUrl, { maxZoom: 19 }).addTo(map);
    live.credit.addTo(map);
    live.backdrop.remove();
  }

  /* ---- keyboard and touch ---- */

  function nearest(map, at) {
    let best = null, least = REACH_PX;
    for (const id in live.groups) {
      if (!map.hasLayer(live.groups[id])) continue;
      for (const mark of live.groups[id].assetmapMarks) {
        const [dx, dy] = mark.options.shift || [0, 0];
        const far = map.latLngToContainerPoint(mark.getLatLng()).add([dx, dy]).distanceTo(at);
        if (far < least) { best = mark; least = far; }
      }
    }
    return best;
  }

  function areaAt(at) {
    return live.data.areas.features.find((feature) => covers(feature, at));
  }

  function covers(feature, at) {
    const shape = feature.geometry;
    const parts = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
    return parts.some((rings) => rings.filter((ring) => crosses(ring, at)).length % 2 === 1);
  }

  function crosses(ring, at) {
    // Whether a line from the spot to the east meets the ring an odd number of times: the spot is inside it.
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [x, y] = ring[i], [px, py] = ring[j];
      if (y > at.lat !== py > at.lat && at.lng < ((px - x) * (at.lat - y)) / (py - y) + x) inside = !inside;
    }
    return inside;
  }

  function openAt(map, latlng) {
    const mark = nearest(map, map.latLngToContainerPoint(latlng));
    if (mark) { mark.openPopup(); return; }
    const area = areaAt(latlng);
    if (!area) return;
    live.areas.closeTooltip();
    if (live.view.opens && area.properties.o) { openPage(area.properties.o); return; }
    if (!area.properties.d.length) return;
    const popup = L.popup({ maxWidth: 300, autoPanPadding: [24, 24] });
    popup.setLatLng(latlng).setContent(areaPopup(area.properties)).openOn(map);
  }

  function addKeyboard(map, data) {
    const box = map.getContainer();
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", data.label + " " + data.words.keys);
    const cross = el("div", "am-cross");
    cross.setAttribute("aria-hidden", "true");
    const said = el("div", "am-said");
    said.setAttribute("aria-live", "polite");
    box.append(cross, said);
    map.on("moveend", () => {
      if (document.activeElement !== box) return;
      const mark = nearest(map, map.getSize().divideBy(2)), area = areaAt(map.getCenter());
      said.textContent = mark ? mark.assetmapName : area ? area.properties.n : "";
    });
    box.addEventListener("mousedown", () => box.classList.remove("am-keys"));
    box.addEventListener("keydown", (event) => {
      box.classList.add("am-keys");
      if (event.key !== "Enter" || event.target !== box) return;
      event.preventDefault();
      if (live.draft) addCorner(map.getCenter());
      else if (live.view.adding) map.fire("click", { latlng: map.getCenter() });
      else openAt(map, map.getCenter());
    });
    map.on("click", (event) => {
      if (live.draft && event.containerPoint) { addCorner(event.latlng); return; }
      if (live.view.adding || !event.containerPoint) return;
      setTimeout(() => openAt(map, event.latlng), 0); // after the map has closed what was open
    });
  }

  /* ---- fitting the frame ---- */

  function keepFitted(map) {
    // The frame gets its height after the map is made; refit until a person moves the map.
    const whole = live.outline.getBounds();
    if (!whole.isValid()) return;
    live.coast = cornersOf(live.outline);
    let moved = false, fitted = "";
    const fit = () => {
      map.invalidateSize(false);
      const size = map.getSize(), beside = [live.legend.offsetWidth, live.legend.offsetHeight];
      const asked = [size.x, size.y, ...beside, live.view.focus].join(" ");
      if (moved || size.x < 120 || size.y < 120 || asked === fitted) return;
      fitted = asked;
      map.setMaxBounds(null);
      fitClearOfLegend(map, live.view.focus ? L.latLngBounds(live.view.focus) : whole);
      map.setMaxBounds(whole.pad(1.2));
    };
    live.refit = () => { moved = false; fit(); };
    for (const name of ["mousedown", "wheel", "touchstart", "keydown"]) {
      map.getContainer().addEventListener(name, () => { moved = true; }, { passive: true, capture: true });
    }
    new ResizeObserver(fit).observe(map.getContainer());
    fit();
  }

  function fitClearOfLegend(map, bounds) {
    // As large as it goes with the place beside the legend; behind it where there is no room beside. The map is moved
    // once, because all its marks move with it.
    const room = live.legend.open && map.getSize().x > 2 * live.legend.offsetWidth ? live.legend.offsetWidth + 12 : 0;
    const shares = live.view.focus ? [1] : [0, 0.2, 0.4, 0.6, 0.8, 1];
    const framings = shares.map((share) => framing(map, bounds, [16 + share * room, 16], [16, 40]));
    const clear = room ? framings.find((each) => !legendCovers(map, each)) : framings[0];
    const { middle, zoom } = clear || framings[framings.length - 1];
    map.setView(map.unproject(middle, zoom), zoom, { animate: false });
  }

  function framing(map, bounds, topLeft, bottomRight) {
    // Where fitBounds would put the map: its zoom, and its middle in pixels of that zoom.
    const [first, last] = [L.point(topLeft), L.point(bottomRight)];
    const zoom = map.getBoundsZoom(bounds, false, first.add(last));
    const corners = map.project(bounds.getSouthWest(), zoom).add(map.project(bounds.getNorthEast(), zoom));
    return { zoom: zoom, middle: corners.add(last).subtract(first).divideBy(2) };
  }

  function cornersOf(outline) {
    // Every corner of the place, in pixels at zoom 0.
    const flat = (part) => Array.isArray(part) ? part.flatMap(flat) : [live.map.project(part, 0)];
    return outline.getLayers().flatMap((drawn) => flat(drawn.getLatLngs()));
  }

  function legendCovers(map, { zoom, middle }) {
    const [, top, right] = legendBox(map), scale = map.getZoomScale(zoom, 0), half = map.getSize().divideBy(2);
    const east = middle.x - half.x + right + 8, north = middle.y - half.y + top - 8;
    return live.coast.some((corner) => corner.x * scale < east && corner.y * scale > north);
  }

  function nameFrame(data) {
    document.title = data.label;
    for (const sized of document.querySelectorAll("meta[name=viewport]")) { // folium's forbids people to zoom
      sized.content = "width=device-width, initial-scale=1";
    }
    if (window.frameElement) {
      window.frameElement.title = data.label;
      document.documentElement.classList.add("am-framed");
    }
  }

  /* ---- the two doors ---- */

  function draw(map, data, tilesUrl) {
    const view = { layers: [], style: null, adding: false, years: null, tiles: false, can_switch: true };
    live = {
      map: map, data: data, groups: {}, renderers: {}, view: view, over: NOTHING_OVER, tiles: null, tilesUrl: tilesUrl, ring: 1,
    };
    hatchPattern(data.hatch);
    PANES.forEach((name, index) => {
      map.createPane(name).style.zIndex = 400 + index * 10;
      live.renderers[name] = L.svg({ pane: name, padding: 0.4 });
    });
    drawAreas(map, data);
    drawParts(map, data);
    addLegend(map);
    addSources(map, data);
    addKeyboard(map, data);
    for (const layer of data.layers) live.groups[layer.id] = layerGroup(layer);
    keepFitted(map);
    resizeMarks(map);
    map.on("zoomend", () => resizeMarks(map));
    map.on("moveend", () => tidySoon(map));
    nameFrame(data);
    applyView(map, live.view);
  }

  function placePin(map, at) {
    if (live.pin) live.pin.remove();
    live.pin = null;
    if (!at) return;
    const icon = L.divIcon({ html: el("div", "am-pin"), className: "am-icon", iconSize: [30, 30], iconAnchor: [15, 15] });
    live.pin = L.marker(at, { icon: icon, pane: "pin", alt: live.data.words.pin, interactive: false }).addTo(map);
  }

  function listen(adding) {
    // streamlit-folium sends presses only if it was to when it made the map; this map outlives that choice. What it
    // would send anew for that alone is no press: the page would be worked out again, and may miss a button meanwhile.
    const told = window.__GLOBAL_DATA__;
    if (!told || Boolean(told.returned_objects.length) === adding) return;
    told.returned_objects = adding ? ["last_clicked"] : [];
    told.previous_data = adding ? { last_clicked: told.lat_lng_clicked } : {};
  }

  function drawCorners(map, chosen) {
    if (live.corners) live.corners.remove();
    live.corners = null;
    const corners = chosen.corners || [];
    if (!corners.length) return;
    live.corners = L.polygon(corners, lineStyle()).addTo(map);
  }

  function lineStyle() {
    return {
      pane: "pin", renderer: live.renderers.pin, interactive: false, color: live.data.ink, weight: 3, fillOpacity: 0.06,
    };
  }

  /* ---- drawing an area: corner by corner in the browser, and the finished outline goes into the address ---- */

  function drawing(map, query) {
    if (live.draft && !query) {
      live.draft.shape.remove();
      live.draft.control.remove();
      live.draft = null;
    }
    if (!query || live.draft) return;
    live.draft = { query: query, corners: [], shape: L.layerGroup().addTo(map), control: draftControl(map) };
    live.draft.control.addTo(map);
    showDraft();
  }

  function draftControl(map) {
    const words = live.data.words, control = L.control({ position: "topright" });
    control.onAdd = () => {
      const box = el("div", "am-draft"), said = el("p", "");
      said.setAttribute("aria-live", "polite");
      box.append(said);
      for (const [name, press] of [["finish", finishDraft], ["back", takeBack]]) {
        const button = el("button", "am-draft-" + name, words[name]);
        button.type = "button";
        button.addEventListener("click", press);
        box.append(button);
      }
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    return control;
  }

  function addCorner(at) {
    if (live.draft.corners.length >= CORNERS_AT_MOST) return;
    live.draft.corners.push([at.lat, at.lng]);
    showDraft();
  }

  function takeBack() {
    live.draft.corners.pop();
    showDraft();
  }

  function finishDraft() {
    const far = (degrees) => degrees.toFixed(5); // a metre or so
    const corners = live.draft.corners.map(([lat, lng]) => far(lng) + "," + far(lat));
    openPage(live.draft.query + encodeURIComponent(corners.join(" ")));
  }

  function showDraft() {
    const { corners, shape, control } = live.draft, words = live.data.words, box = control.getContainer();
    shape.clearLayers();
    L.polyline(corners, lineStyle()).addTo(shape);
    if (corners.length > 2) L.polygon(corners, { ...lineStyle(), weight: 1, dashArray: "4 4" }).addTo(shape);
    const dot = { ...lineStyle(), radius: 5, weight: 2, fillColor: "#ffffff", fillOpacity: 1 };
    for (const corner of corners) L.circleMarker(corner, dot).addTo(shape);
    box.querySelector("p").textContent = corners.length ? words.so_far.replace("{}", corners.length) : words.press_corners;
    box.querySelector(".am-draft-finish").disabled = corners.length < 3;
    box.querySelector(".am-draft-back").disabled = !corners.length;
  }

  function layOver(overlay) {
    // What one question draws: it comes and goes with the view, and the map beneath stays as it is.
    if (overlay.id === live.over.id) return;
    for (const layer of live.over.layers) {
      live.groups[layer.id].remove();
      delete live.groups[layer.id];
    }
    live.over = overlay;
    for (const layer of overlay.layers) {
      layer.over = true;
      layer.phrases = overlay.phrases;
      live.groups[layer.id] = layerGroup(layer);
    }
  }

  function applyView(map, chosen) {
    const looked = String(live.view.focus);
    layOver(chosen.overlay || NOTHING_OVER);
    live.view = chosen;
    drawCorners(map, chosen);
    fillLegend();
    if (looked !== String(chosen.focus) && live.refit) live.refit();
    for (const layer of allLayers()) {
      const group = live.groups[layer.id];
      if (isShown(layer)) group.addTo(map); else group.remove();
      showTheYears(layer);
    }
    underlay(map, chosen.tiles);
    live.areas.setStyle(areaStyle);
    live.areas.eachLayer((area) => { if (area.options.weight > 1) area.bringToFront(); });
    map.getContainer().classList.toggle("am-adding", Boolean(chosen.adding || chosen.draws));
    placePin(map, chosen.pin);
    drawing(map, chosen.draws);
    spreadSamePlace(map);
    resizeMarks(map);
  }

  function view(map, chosen) {
    listen(Boolean(chosen.adding));
    applyView(map, chosen);
  }

  window.assetmap = { draw: draw, view: view };
})();
