// What is drawn: places by freshness, gaps, handhelds with their trails. One canvas, at most once a frame.
import * as L from '/leaflet/leaflet.esm.min.js';

const looks = {
  fresh: { colour: '#2fc59a', width: 4, dash: [] }, half: { colour: '#6cc3f5', width: 5, dash: [] },
  soon: { colour: '#f0b429', width: 6, dash: [10, 3] }, overdue: { colour: '#ff6b35', width: 8, dash: [3, 4] },
  none: { colour: '#78848f', width: 2, dash: [] },
};
export const kinds = Object.keys(looks);

/** Of a cell: seconds left until it falls due (null: nothing more does) against E in seconds. */
export function kind(left, every) {
  if (left === null) return 'none';
  if (left <= 0) return 'overdue';
  return left <= Math.min(900, every / 3) ? 'soon' : left <= every / 2 ? 'half' : 'fresh';
}

export function sample(canvas, name) {
  const c = canvas.getContext('2d'), look = looks[name];
  [canvas.width, canvas.height] = [34, 12];
  stroke(c, look); c.moveTo(0, 6); c.lineTo(34, 6); c.stroke();
}

function stroke(c, look) {
  c.beginPath(); c.strokeStyle = look.colour; c.lineWidth = look.width; c.setLineDash(look.dash);
}

const minutes = s => (s < 0 ? '−' : '') + (Math.abs(s) < 90 ? `${Math.round(Math.abs(s))}″` : `${Math.round(Math.abs(s) / 60)}′`);
const RADIUS = 6371008.8;

export class PatrolMap {
  constructor(element, pick) {
    this.map = L.map(element, { zoomAnimation: false, fadeAnimation: false, attributionControl: false, keyboard: false, zoomSnap: 0.25 });
    this.map.setView([0, 0], 2);
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'marks';
    element.append(this.canvas);
    this.places = new Map(); this.owed = new Map(); this.gaps = []; this.handhelds = new Map();
    this.now = 0; this.base = 0; this.selected = null; this.wanted = false;
    this.map.on('move zoom resize viewreset', () => this.want());
    this.map.on('click', e => pick(this.nearest(e.containerPoint)));
    L.control.scale({ imperial: false }).addTo(this.map);
  }

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

  world(lat, lon) { const p = this.map.project([lat, lon], 0); return [p.x, p.y]; }

  setPlaces(features) {
    this.places.clear();
    const bounds = [];
    for (const f of features) {
      const { type, coordinates } = f.geometry;
      const rings = type === 'Point' ? [[coordinates]] : type === 'LineString' ? [coordinates] : type === 'Polygon' ? coordinates : coordinates.flat();
      this.places.set(f.properties.id, { id: f.properties.id, name: f.properties.name, kind: f.properties.kind, lines: rings.map(r => this.line(r)) });
      for (const r of rings) for (const [lon, lat] of r) bounds.push([lat, lon]);
    }
    this.bounds = bounds.length ? L.latLngBounds(bounds) : null;
    this.fit();
  }

  fit() { if (this.bounds) this.map.fitBounds(this.bounds, { padding: [36, 36] }); }

  setOwed(rows, base) {
    this.base = base; this.owed.clear();
    // A place owed by two duties is drawn by the one that falls due first.
    for (const row of rows) {
      const before = this.owed.get(row.place);
      const least = r => Math.min(...r.cells.map(c => c[1] ?? Infinity));
      if (!before || least(row) < least(before)) this.owed.set(row.place, row);
    }
    this.want();
  }

  place(h, lat, lon, at) {
    const known = this.handhelds.get(h) ?? { trail: [] };
    if (known.at >= at) return;
    [known.x, known.y] = this.world(lat, lon);
    [known.at, known.lat, known.lon] = [at, lat, lon];
    known.trail.push([known.x, known.y, at]);
    if (known.trail.length > 120) known.trail.splice(0, 20);
    this.handhelds.set(h, known);
    this.want();
  }

  forget() { this.handhelds.clear(); this.want(); }

  look(lat, lon) { this.map.setView([lat, lon], Math.max(this.map.getZoom(), 16)); }

  lookAt(place) { const p = this.places.get(place); if (p) { const q = p.lines[0].points[p.lines[0].points.length >> 1], c = this.map.unproject(q, 0); this.look(c.lat, c.lng); } }

  nearest(point) {
    let best = null, least = 18;
    for (const [id, h] of this.handhelds) {
      if (h.hidden) continue;
      const [x, y] = this.screen(h.x, h.y), d = Math.hypot(x - point.x, y - point.y);
      if (d < least) [best, least] = [id, d];
    }
    return best;
  }

  want() {
    if (this.wanted) return;
    this.wanted = true;
    requestAnimationFrame(() => { this.wanted = false; this.draw(); });
  }

  screen(x, y) { return [x * this.scale - this.left, y * this.scale - this.top]; }

  draw() {
    performance.mark('draw');
    const size = this.map.getSize(), ratio = devicePixelRatio || 1, c = this.canvas.getContext('2d');
    if (this.canvas.width !== size.x * ratio || this.canvas.height !== size.y * ratio) {
      [this.canvas.width, this.canvas.height] = [size.x * ratio, size.y * ratio];
      [this.canvas.style.width, this.canvas.style.height] = [`${size.x}px`, `${size.y}px`];
    }
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, size.x, size.y);
    this.scale = 2 ** this.map.getZoom();
    const origin = this.map.project(this.map.containerPointToLatLng([0, 0]), this.map.getZoom());
    [this.left, this.top] = [origin.x, origin.y];
    const passed = (this.now - this.base) / 1000, paths = Object.fromEntries(kinds.map(k => [k, new Path2D()])), labels = [];
    const close = this.map.getZoom() >= 14;
    for (const place of this.places.values()) {
      const owed = this.owed.get(place.id);
      if (place.kind === 'line' && owed) this.addCells(paths, place.lines[0], owed, passed);
      else if (place.kind === 'street' || place.kind === 'line') this.addPath(paths.none, place.lines[0]);
      else if (place.kind === 'area') this.drawArea(c, place, owed, passed);
      if (owed && (close || place.kind !== 'line')) labels.push([place, owed]);
    }
    for (const k of kinds) { stroke(c, looks[k]); c.stroke(paths[k]); }
    c.setLineDash([]);
    for (const gap of this.gaps) this.drawGap(c, gap);
    for (const place of this.places.values()) if (place.kind === 'point') this.drawPoint(c, place, this.owed.get(place.id), passed);
    this.drawHandhelds(c, close && this.handhelds.size < 400);
    c.font = '600 12px system-ui, sans-serif'; c.textBaseline = 'middle';
    this.drawLabels(c, labels.map(([place, owed]) => [place, this.least(owed, passed)]), size);
    performance.measure('drawing', 'draw');
  }

  /** What falls due first keeps its room; a name that finds none on either side, above or below is left out. */
  drawLabels(c, labels, size) {
    const taken = [];
    labels.sort((a, b) => (a[1] ?? Infinity) - (b[1] ?? Infinity));
    for (const [place, left] of labels) {
      const l = place.lines[0], [x, y] = this.screen(...l.points[l.points.length >> 1]);
      const text = place.name + (left === null ? '' : `  ${minutes(left)}`), width = c.measureText(text).width;
      const tried = [[x + 14, y], [x - 14 - width, y], [x - width / 2, y - 22], [x - width / 2, y + 22]];
      const at = tried.find(([u, v]) => u >= 2 && u + width <= size.x - 2 && v >= 10 && v <= size.y - 10
        && !taken.some(([a, b, w]) => u < a + w + 4 && a < u + width + 4 && Math.abs(v - b) < 15));
      if (!at) continue;
      taken.push([...at, width]);
      this.text(c, text, ...at);
    }
  }

  text(c, text, x, y) {
    c.lineWidth = 3; c.strokeStyle = '#14181d'; c.strokeText(text, x, y);
    c.fillStyle = '#f2f4f6'; c.fillText(text, x, y);
  }

  /** Seconds left of the cell that falls due first; null where nothing does. */
  least(owed, passed) {
    let least = Infinity;
    for (const [, left] of owed.cells) if (left !== null) least = Math.min(least, left - passed);
    return least === Infinity ? null : least;
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

  drawPoint(c, place, owed, passed) {
    const [x, y] = this.screen(...place.lines[0].points[0]), left = owed ? this.least(owed, passed) : null;
    const k = kind(left, owed?.every_s ?? 1), look = looks[k];
    c.beginPath(); c.arc(x, y, 9, 0, 7); c.fillStyle = '#14181d'; c.fill();
    c.lineWidth = 2; c.strokeStyle = look.colour; c.stroke();
    if (left !== null && left > 0) {
      c.beginPath(); c.moveTo(x, y); c.arc(x, y, 8, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * Math.min(1, left / owed.every_s)); c.closePath(); c.fillStyle = look.colour; c.fill();
    } else if (k === 'overdue') { c.fillStyle = look.colour; c.font = '700 14px sans-serif'; c.textAlign = 'center'; c.fillText('!', x, y + 5); c.textAlign = 'left'; }
  }

  drawGap(c, gap) {
    const place = this.places.get(gap.place);
    if (!place) return;
    c.strokeStyle = gap.verdict === 'missed' ? '#ff6b35' : '#f0b429'; c.lineWidth = 2; c.setLineDash(gap.verdict === 'missed' ? [] : [4, 4]);
    if (gap.open_m.length) {
      const path = new Path2D();
      for (const [from, to] of gap.open_m) this.addStretch(path, place.lines[0], from, to);
      c.globalAlpha = .35; c.lineWidth = 18; c.stroke(path); c.globalAlpha = 1;
    } else {
      const [x, y] = this.screen(...place.lines[0].points[0]);
      c.beginPath(); c.arc(x, y, 16, 0, 7); c.stroke();
    }
    c.setLineDash([]);
  }

  drawHandhelds(c, named) {
    const fresh = new Path2D(), old = new Path2D(), trails = new Path2D();
    for (const [id, h] of this.handhelds) {
      if (h.hidden) continue;
      const [x, y] = this.screen(h.x, h.y), isOld = this.now - h.at > 60000;
      if (isOld) { old.moveTo(x - 5, y - 5); old.lineTo(x + 5, y + 5); old.moveTo(x + 5, y - 5); old.lineTo(x - 5, y + 5); }
      else fresh.rect(x - 4, y - 4, 8, 8);
      let first = true;
      if (this.handhelds.size < 400 || id === this.selected) for (const [tx, ty, at] of h.trail) {
        if (this.now - at > 600000) continue;
        const [u, v] = this.screen(tx, ty);
        first ? trails.moveTo(u, v) : trails.lineTo(u, v);
        first = false;
      }
      if (named || id === this.selected) {
        c.font = '12px system-ui, sans-serif';
        this.text(c, id + (isOld ? ` ${minutes((this.now - h.at) / 1000)}` : ''), x + 9, y - 11);
      }
    }
    c.lineWidth = 1.5; c.strokeStyle = '#ffffffaa'; c.stroke(trails);
    c.fillStyle = '#fff'; c.fill(fresh); c.strokeStyle = '#14181d'; c.stroke(fresh);
    c.lineWidth = 2.5; c.strokeStyle = '#c9a0ff'; c.stroke(old);
    const chosen = this.handhelds.get(this.selected);
    if (chosen) { c.beginPath(); c.arc(...this.screen(chosen.x, chosen.y), 12, 0, 7); c.strokeStyle = '#fff'; c.stroke(); }
  }
}
