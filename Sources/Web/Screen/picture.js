// What is drawn: places by freshness, gaps, handhelds with their trails. One canvas, at most once a frame; by the thread
// that keeps watch, apart from the page.
import { kind, kinds, looks } from '/screen/looks.js';
import { gcj02 } from '/screen/gcj02.js';

function stroke(c, look) {
  c.beginPath(); c.strokeStyle = look.colour; c.lineWidth = look.width; c.setLineDash(look.dash);
}

const gapLook = verdict => verdict === 'missed' ? { colour: '#ff6b35', width: 2, dash: [] } : { colour: '#f0b429', width: 2, dash: [4, 4] };
const minutes = s => (s < 0 ? '−' : '') + (Math.abs(s) < 90 ? `${Math.round(Math.abs(s))}″` : `${Math.round(Math.abs(s) / 60)}′`);
const RADIUS = 6371008.8, LATITUDE_MAXIMUM = 85.0511287798;
const [THIN, BOLD] = ['12px system-ui, sans-serif', '600 12px system-ui, sans-serif'];

/** Small pictures by name, each drawn once: to copy one is much cheaper than its text or arcs. */
class Stamps {
  constructor() { this.all = new Map(); this.ratio = 1; }

  /** For a screen of so many pixels to one of the page's. */
  fit(ratio) {
    if (ratio !== this.ratio) this.all.clear();
    this.ratio = ratio;
  }

  /** @param draw of a context whose origin is the picture's middle, or its left where it is a text. */
  get(name, width, height, draw) {
    if (this.all.size > 4000) this.all.clear();
    let stamp = this.all.get(name);
    if (!stamp) {
      const canvas = new OffscreenCanvas(Math.ceil(width * this.ratio), Math.ceil(height * this.ratio)), c = canvas.getContext('2d');
      c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      draw(c);
      this.all.set(name, stamp = canvas.transferToImageBitmap());
    }
    return stamp;
  }

  put(c, stamp, x, y) {
    // On whole pixels, so that nothing is blended.
    const to = v => Math.round(v * this.ratio) / this.ratio;
    c.drawImage(stamp, to(x), to(y), stamp.width / this.ratio, stamp.height / this.ratio);
  }
}

/** What of the map is free for texts of one line, each 15 pixels high. */
class Room {
  constructor(size) { this.size = size; this.rows = Array.from({ length: Math.ceil(size.y / 15) + 1 }, () => []); }

  /** The first of some places (left, middle) at which so much is free, taken; nothing where none is. */
  find(places, width) {
    for (const at of places) if (this.isFree(at[0], at[1], width)) {
      this.rows[Math.floor(at[1] / 15)].push([at[0], at[1], width]);
      return at;
    }
    return null;
  }

  /** Keeps a mark from being written over. */
  keep(x, y, half) { this.rows[Math.floor(y / 15)]?.push([x - half, y, 2 * half]); }

  isFree(x, y, width) {
    if (x < 2 || x + width > this.size.x - 2 || y < 10 || y > this.size.y - 10) return false;
    const row = Math.floor(y / 15);
    for (let r = Math.max(0, row - 1); r <= row + 1 && r < this.rows.length; r++) {
      for (const [a, b, w] of this.rows[r]) if (x < a + w + 4 && a < x + width + 4 && Math.abs(y - b) < 15) return false;
    }
    return true;
  }
}

/** Milliseconds: a little less than the second in which positions come. */
const DRAW_EVERY = 900;
const LABEL_MAXIMUM = 150;

export class Picture {
  /** @param drawn called after each frame */
  constructor(drawn) {
    this.drawn = drawn;
    this.canvas = null; this.view = null;
    this.places = new Map(); this.owed = new Map(); this.gaps = []; this.handhelds = new Map();
    this.shown = (lat, lon) => [lat, lon];
    this.clock = { at: 0, since: 0, rate: 0 }; this.now = 0; this.base = 0; this.selected = null; this.wanted = false;
    this.widths = new Map(); this.stamps = new Stamps(); this.drawnAt = -Infinity; this.waits = null;
  }

  /** Marks are moved, as what lies below them is. */
  moveToGCJ02() { this.shown = gcj02; }

  /** World coordinates at zoom 0, and the chainage of each in metres. */
  line(positions) {
    const points = [], chainages = [];
    let length = 0, last = null;
    for (const [lon, lat] of positions) {
      if (last) {
        const dy = (lat - last[1]) * Math.PI / 180, dx = (lon - last[0]) * Math.PI / 180 * Math.cos((lat + last[1]) * Math.PI / 360);
        length += Math.hypot(dx, dy) * RADIUS;
      }
      last = [lon, lat];
      points.push(this.world(lat, lon)); chainages.push(length);
    }
    return { points, chainages, length };
  }

  /** As Leaflet projects it (spherical Mercator, 256 pixels about the world), without its objects: thousands come every second. */
  world(lat, lon) {
    const [a, b] = this.shown(lat, lon), sine = Math.sin(Math.max(-LATITUDE_MAXIMUM, Math.min(LATITUDE_MAXIMUM, a)) * Math.PI / 180);
    return [128 + b * 256 / 360, 128 - 64 / Math.PI * Math.log((1 + sine) / (1 - sine))];
  }

  /** @returns whatever holds all of them, in world coordinates: [west, north, east, south]; null where there are none. */
  setPlaces(features) {
    this.places.clear();
    const whole = [Infinity, Infinity, -Infinity, -Infinity];
    for (const f of features) {
      const { type, coordinates } = f.geometry;
      const rings = type === 'Point' ? [[coordinates]] : type === 'LineString' ? [coordinates] : type === 'Polygon' ? coordinates : coordinates.flat();
      const place = { id: f.properties.id, name: f.properties.name, kind: f.properties.kind, lines: rings.map(r => this.line(r)) };
      const all = place.lines.flatMap(l => l.points), [xs, ys] = [all.map(p => p[0]), all.map(p => p[1])];
      place.box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      for (const l of place.lines) l.extent = Math.max(place.box[2] - place.box[0], place.box[3] - place.box[1]);
      for (const i of [0, 1]) { whole[i] = Math.min(whole[i], place.box[i]); whole[i + 2] = Math.max(whole[i + 2], place.box[i + 2]); }
      this.places.set(place.id, place);
    }
    this.want();
    return this.places.size ? whole : null;
  }

  setOwed(rows, base) {
    this.base = base; this.owed.clear();
    // A place owed by two duties is drawn by the one that falls due first.
    for (const row of rows) {
      const before = this.owed.get(row.place);
      const least = r => Math.min(...r.cells.map(c => c[1] ?? Infinity));
      if (!before || least(row) < least(before)) this.owed.set(row.place, row);
    }
    this.wantSoon();
  }

  place(h, lat, lon, at) {
    const known = this.handhelds.get(h) ?? { trail: [] };
    if (known.at >= at) return;
    [known.x, known.y] = this.world(lat, lon);
    [known.at, known.lat, known.lon] = [at, lat, lon];
    this.handhelds.set(h, known);
    if (this.hasTrail(h)) known.trail.push([known.x, known.y, at]);
    if (known.trail.length > 120) known.trail.splice(0, 20);
    this.wantSoon();
  }

  /** Of a crowd, none but who is chosen, whose last hour is asked for. */
  hasTrail(id) { return this.handhelds.size < 400 || id === this.selected; }

  forget() { this.handhelds.clear(); this.want(); }

  nearest(point) {
    let best = null, least = 18;
    for (const [id, h] of this.handhelds) {
      if (h.hidden) continue;
      const [x, y] = this.screen(h.x, h.y), d = Math.hypot(x - point.x, y - point.y);
      if (d < least) [best, least] = [id, d];
    }
    return best;
  }

  /** What of the world is seen, and on how many pixels. */
  setView(view) {
    this.view = view;
    [this.scale, this.left, this.top] = [view.scale, view.left, view.top];
    this.want();
  }

  /** To be drawn at the next frame: somebody moves it. */
  want() {
    if (this.wanted || !this.view) return;
    this.wanted = true;
    requestAnimationFrame(() => { this.wanted = false; this.draw(); this.drawn(); });
  }

  /** To be drawn once a second, whatever comes. */
  wantSoon() {
    if (this.waits !== null || this.wanted) return;
    this.waits = setTimeout(() => { this.waits = null; this.want(); }, Math.max(0, this.drawnAt + DRAW_EVERY - performance.now()));
  }

  screen(x, y) { return [x * this.scale - this.left, y * this.scale - this.top]; }

  draw() {
    this.drawnAt = performance.now();
    const { size, ratio } = this.view, c = this.canvas.getContext('2d'), { at, since, rate } = this.clock;
    this.now = at + Math.min((performance.now() - since) * rate, 60000 * Math.max(1, rate));
    const [width, height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) [this.canvas.width, this.canvas.height] = [width, height];
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, size.x, size.y);
    this.stamps.fit(ratio);
    const passed = (this.now - this.base) / 1000, paths = Object.fromEntries(kinds.map(k => [k, new Path2D()])), labels = [];
    const close = this.scale >= 2 ** 14;
    for (const place of this.places.values()) {
      if (this.isAway(place, size)) continue;
      const owed = this.owed.get(place.id);
      // One that is a few pixels long is a spot, of what of it falls due first.
      if (place.kind === 'line' && owed && place.lines[0].extent * this.scale < 12) {
        const [x, y] = this.screen(...place.lines[0].points[0]);
        c.fillStyle = looks[kind(this.least(owed, passed), owed.every_s)].colour;
        c.fillRect(Math.round(x) - 3, Math.round(y) - 3, 6, 6);
      } else if (place.kind === 'line' && owed) this.addCells(paths, place.lines[0], owed, passed);
      else if (place.kind === 'street' || place.kind === 'line') this.addPath(paths.none, place.lines[0]);
      else if (place.kind === 'area') this.drawArea(c, place, owed, passed);
      if (owed && (close || place.kind !== 'line')) labels.push([place, owed]);
    }
    for (const k of kinds) { stroke(c, looks[k]); c.stroke(paths[k]); }
    c.setLineDash([]);
    const rings = new Map();
    for (const gap of this.gaps) if (gap.open_m.length) this.drawGap(c, gap, size); else if (rings.get(gap.place) !== 'missed') rings.set(gap.place, gap.verdict);
    for (const place of this.places.values()) if (place.kind === 'point' && !this.isAway(place, size)) this.drawPoint(c, place, this.owed.get(place.id), passed, rings.get(place.id));
    for (const [id, verdict] of rings) this.drawRing(c, this.places.get(id), verdict);
    this.drawHandhelds(c, size);
    this.drawLabels(c, labels.map(([place, owed]) => [place, this.least(owed, passed)]), close, size);
  }

  /** Who is chosen and what falls due first keep their room, then handhelds; a name that finds none around its mark is left out. */
  drawLabels(c, labels, close, size) {
    const room = new Room(size), chosen = this.handhelds.get(this.selected);
    for (const [place] of labels) if (place.kind === 'point') room.keep(...this.screen(...place.lines[0].points[0]), 10);
    if (close) for (const h of this.handhelds.values()) if (!h.hidden) room.keep(...this.screen(h.x, h.y), 5);
    let left = LABEL_MAXIMUM;
    const name = (x, y, away, texts, font) => {
      if (left === 0 || x < 0 || y < 0 || x > size.x || y > size.y) return;
      const widths = texts.map(t => this.width(c, t, font)), width = widths.reduce((a, b) => a + b + 6);
      const at = room.find([[x + away, y], [x - away - width, y], [x - width / 2, y - away - 8], [x - width / 2, y + away + 8]], width);
      if (!at) return;
      left -= 1;
      texts.forEach((t, i) => this.text(c, t, font, widths[i], at[0] + (i ? widths[0] + 6 : 0), at[1]));
    };
    const handheld = (id, h) => {
      const age = (this.now - h.at) / 1000;
      name(...this.screen(h.x, h.y), 9, age > 60 ? [id, minutes(age)] : [id], THIN);
    };
    if (chosen && !chosen.hidden) handheld(this.selected, chosen);
    labels.sort((a, b) => (a[1] ?? Infinity) - (b[1] ?? Infinity));
    for (const [place, least] of labels) {
      const l = place.lines[0];
      name(...this.screen(...l.points[l.points.length >> 1]), 14, least === null ? [place.name] : [place.name, minutes(least)], BOLD);
    }
    if (close) for (const [id, h] of this.handhelds) if (!h.hidden && id !== this.selected) handheld(id, h);
  }

  width(c, text, font) {
    const name = font + text;
    let width = this.widths.get(name);
    if (width === undefined) {
      if (this.widths.size > 5000) this.widths.clear();
      c.font = font;
      this.widths.set(name, width = c.measureText(text).width);
    }
    return width;
  }

  text(c, text, font, width, x, y) {
    const stamp = this.stamps.get(font + text, width + 6, 20, s => {
      s.font = font; s.textBaseline = 'middle'; s.lineJoin = 'round';
      s.lineWidth = 3; s.strokeStyle = '#14181d'; s.strokeText(text, 3, 10);
      s.fillStyle = '#f2f4f6'; s.fillText(text, 3, 10);
    });
    this.stamps.put(c, stamp, x - 3, y - 10);
  }

  /** Seconds left of the cell that falls due first; null where nothing does. */
  least(owed, passed) {
    let least = Infinity;
    for (const [, left] of owed.cells) if (left !== null) least = Math.min(least, left - passed);
    return least === Infinity ? null : least;
  }

  /** Nothing of it can be seen. */
  isAway(place, size) {
    const [x0, y0] = this.screen(place.box[0], place.box[1]), [x1, y1] = this.screen(place.box[2], place.box[3]);
    return x1 < -20 || y1 < -20 || x0 > size.x + 20 || y0 > size.y + 20;
  }

  addPath(path, line) {
    line.points.forEach(([x, y], i) => { const [u, v] = this.screen(x, y); i ? path.lineTo(u, v) : path.moveTo(u, v); });
  }

  addCells(paths, line, owed, passed) {
    const total = owed.cells.reduce((n, [count]) => n + count, 0), each = line.length / total;
    let from = 0, start = 0, last = null;
    for (const [count, left] of [...owed.cells, [0, undefined]]) {
      const k = left === undefined ? 'end' : kind(left === null ? null : left - passed, owed.every_s);
      if (last !== null && k !== last) { this.addStretch(paths[last], line, start * each, from * each); start = from; }
      [last, from] = [k, from + count];
    }
  }

  addStretch(path, line, from, to) {
    const { points, chainages } = line;
    const along = (i, s) => { const t = (s - chainages[i]) / (chainages[i + 1] - chainages[i] || 1); return this.screen(points[i][0] + t * (points[i + 1][0] - points[i][0]), points[i][1] + t * (points[i + 1][1] - points[i][1])); };
    let i = 0;
    while (i < points.length - 2 && chainages[i + 1] <= from) i++;
    path.moveTo(...along(i, from));
    while (i < points.length - 2 && chainages[i + 1] < to) { i++; path.lineTo(...this.screen(...points[i])); }
    path.lineTo(...along(i, to));
  }

  drawArea(c, place, owed, passed) {
    const path = new Path2D(), look = looks[owed ? kind(this.least(owed, passed), owed.every_s) : 'none'];
    for (const ring of place.lines) this.addPath(path, ring);
    c.globalAlpha = .18; c.fillStyle = look.colour; c.fill(path, 'evenodd'); c.globalAlpha = 1;
    stroke(c, { ...look, width: 2 }); c.stroke(path); c.setLineDash([]);
  }

  drawPoint(c, place, owed, passed, gap = '') {
    const [x, y] = this.screen(...place.lines[0].points[0]), left = owed ? this.least(owed, passed) : null;
    const k = kind(left, owed?.every_s ?? 1), look = looks[k], part = left !== null && left > 0 ? Math.ceil(Math.min(1, left / owed.every_s) * 60) : 0;
    const stamp = this.stamps.get(`point ${k} ${part} ${gap}`, 36, 36, s => {
      s.translate(18, 18);
      if (gap) { stroke(s, gapLook(gap)); s.arc(0, 0, 16, 0, 7); s.stroke(); s.setLineDash([]); }
      s.beginPath(); s.arc(0, 0, 9, 0, 7); s.fillStyle = '#14181d'; s.fill();
      s.lineWidth = 2; s.strokeStyle = look.colour; s.stroke();
      s.fillStyle = look.colour;
      if (part) { s.beginPath(); s.moveTo(0, 0); s.arc(0, 0, 8, -Math.PI / 2, (part / 30 - .5) * Math.PI); s.closePath(); s.fill(); }
      else if (k === 'overdue') { s.font = '700 14px sans-serif'; s.textAlign = 'center'; s.fillText('!', 0, 5); }
    });
    this.stamps.put(c, stamp, x - 18, y - 18);
  }

  drawGap(c, gap, size) {
    const place = this.places.get(gap.place);
    if (!place || this.isAway(place, size)) return;
    if (place.lines[0].extent * this.scale < 12) {
      const [x, y] = this.screen(...place.lines[0].points[0]);
      c.globalAlpha = .5; c.fillStyle = gapLook(gap.verdict).colour; c.fillRect(Math.round(x) - 8, Math.round(y) - 8, 16, 16); c.globalAlpha = 1;
      return;
    }
    const path = new Path2D();
    for (const [from, to] of gap.open_m) this.addStretch(path, place.lines[0], from, to);
    stroke(c, gapLook(gap.verdict));
    c.globalAlpha = .35; c.lineWidth = 18; c.stroke(path); c.globalAlpha = 1;
    c.setLineDash([]);
  }

  /** Around a place that is no line, where its gap is not drawn with its mark. */
  drawRing(c, place, verdict) {
    if (!place || place.kind === 'point') return;
    const [x, y] = this.screen((place.box[0] + place.box[2]) / 2, (place.box[1] + place.box[3]) / 2);
    stroke(c, gapLook(verdict));
    c.arc(x, y, 16, 0, 7); c.stroke();
    c.setLineDash([]);
  }

  drawHandhelds(c, size) {
    const fresh = [], old = new Path2D(), trails = new Path2D();
    for (const [id, h] of this.handhelds) {
      if (h.hidden) continue;
      const [x, y] = this.screen(h.x, h.y);
      if (x < -size.x || y < -size.y || x > 2 * size.x || y > 2 * size.y) continue;
      if (this.now - h.at > 60000) { old.moveTo(x - 5, y - 5); old.lineTo(x + 5, y + 5); old.moveTo(x + 5, y - 5); old.lineTo(x - 5, y + 5); }
      else fresh.push(x, y);
      let first = true;
      if (this.hasTrail(id)) for (const [tx, ty, at] of h.trail) {
        if (this.now - at > 600000) continue;
        const [u, v] = this.screen(tx, ty);
        first ? trails.moveTo(u, v) : trails.lineTo(u, v);
        first = false;
      }
    }
    c.lineWidth = 1.5; c.strokeStyle = '#ffffffaa'; c.stroke(trails);
    // On whole pixels, so that nothing is blended; a thousand are a crowd without edges.
    for (const [colour, half] of fresh.length > 2000 ? [['#fff', 3]] : [['#14181d', 5], ['#fff', 4]]) {
      c.fillStyle = colour;
      for (let i = 0; i < fresh.length; i += 2) c.fillRect(Math.round(fresh[i]) - half, Math.round(fresh[i + 1]) - half, 2 * half, 2 * half);
    }
    c.lineWidth = 2.5; c.strokeStyle = '#c9a0ff'; c.stroke(old);
    const chosen = this.handhelds.get(this.selected);
    if (chosen) { c.beginPath(); c.arc(...this.screen(chosen.x, chosen.y), 12, 0, 7); c.strokeStyle = '#fff'; c.stroke(); }
  }
}
