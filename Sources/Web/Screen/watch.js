// Keeps watch in a thread of its own: reads what comes and draws the map, so that the page has time for who sits before it.
// A message is { id, call, args }; its answer { id, answer } or { id, error, status }. After each frame: { frame }.
import { get } from '/screen/get.js';
import { Picture } from '/screen/picture.js';

const WHOLE_EVERY = 120000;
/** So many rows of a list go to the page; who wants the rest finds it by the filter, or on the map. */
const ROWS_MAXIMUM = 100;

// Asked for at once: nothing of the page has to be there for it.
const features = get('/collections/places/items?limit=10000');
let first = get('/api/now');
for (const early of [features, first]) early.catch(() => {});

let known = null, past = null, whole = -Infinity, of = '', got = 0, rate = 1;
const picture = new Picture(() => postMessage({ frame: { handhelds: picture.handhelds.size, places: picture.places.size, chosenAt: picture.handhelds.get(picture.selected)?.at } }));

/** A snapshot without what is drawn, and of its lists what is shown. */
function told() {
  const { places, handhelds, gaps, due, scores, ...rest } = known;
  return {
    ...rest, gaps: gaps.slice(0, ROWS_MAXIMUM), due: due.slice(0, ROWS_MAXIMUM), scores: scores.slice(0, ROWS_MAXIMUM),
    gap_ids: gaps.map(g => g.id), counts: { gaps: gaps.length, due: due.length, scores: scores.length }, chosen: chosen(), rate,
  };
}

/** How the one is that is looked at. */
const chosen = () => known?.handhelds.find(h => h.handheld === picture.selected) ?? null;

function take(next, isWhole) {
  const at = Date.parse(next.at), then = performance.now();
  // The daemon's clock need not go as this one does.
  if (known?.live && next.live && then - got > 500) rate = Math.max(0, (at - Date.parse(known.at)) / (then - got));
  [known, got] = [next, then];
  picture.clock = { at, since: then, rate: known.live ? rate : 0 };
  picture.gaps = known.gaps;
  if (!known.live) picture.forget();
  if (isWhole) {
    for (const h of known.handhelds) if (h.lat !== undefined) picture.place(h.handheld, h.lat, h.lon, Date.parse(h.at));
    const seen = new Set(known.handhelds.map(h => h.handheld));
    for (const [id, h] of picture.handhelds) h.hidden = !seen.has(id);
  }
  picture.setOwed(known.places, at);
}

const calls = {
  canvas(canvas) { picture.canvas = canvas; },
  view(view) { picture.setView(view); },

  /** Where all places lie in the world, what they are called, and a point of each to look at. */
  async places(isGCJ02) {
    if (isGCJ02) picture.moveToGCJ02();
    const all = (await features).features, box = picture.setPlaces(all);
    const middle = place => { const points = place.lines[0].points; return points[points.length >> 1]; };
    return { box, names: all.map(f => [f.properties.id, f.properties.name]), middles: [...picture.places.values()].map(p => [p.id, middle(p)]) };
  },

  /** Of now, or of a past moment; nothing where another one is asked for by the time it comes.
   *
   * What handhelds there are, and how they are, changes seldom; where they are comes by itself. `isOther`: other gaps than
   * before, or another time. */
  async snapshot({ squadron, at }) {
    past = at;
    const isWhole = at !== null || !known?.live || performance.now() - whole > WHOLE_EVERY || squadron !== of;
    const query = new URLSearchParams();
    if (squadron) query.set('squadron', squadron);
    if (at !== null) query.set('at', new Date(at).toISOString());
    if (!isWhole) query.set('without', 'handhelds');
    if (!isWhole && picture.selected) query.set('handheld', picture.selected);
    const asked = first && !squadron && at === null ? first : get(`/api/now?${query}`);
    first = null;
    const next = await asked;
    if (at !== past) return null;
    if (isWhole) [whole, of] = [performance.now(), squadron];
    else next.handhelds = known.handhelds.map(h => next.handhelds.find(n => n.handheld === h.handheld) ?? h);
    const isOther = !known?.live || !next.live || known.gaps.length !== next.gaps.length || next.gaps.some((g, i) => g.id !== known.gaps[i].id);
    take(next, isWhole);
    if (isOther) picture.want();
    return { ...told(), isOther };
  },

  /** What handhelds there are may be other than it was. */
  changed() { whole = -Infinity; },

  /** The moment that the page is about to ask for; what was asked before is out of date. */
  past(at) { past = at; if (at === null) picture.forget(); },

  positions(text) { for (const [id, lat, lon, at] of JSON.parse(text)) picture.place(id, lat, lon, at); },

  select(id) { picture.selected = id; picture.want(); return chosen(); },
  nearest(point) { return picture.nearest(point); },

  /** The last hour of the one that is looked at, as its trail; how many reports there were, and how many usable ones. */
  async hour({ id, from, to }) {
    const span = `${new Date(from).toISOString()}/${new Date(to).toISOString()}`;
    const all = (await get(`/collections/fixes/items?handheld=${encodeURIComponent(id)}&datetime=${span}&limit=10000`)).features;
    const usable = all.filter(f => f.properties.gate === null && f.geometry), h = picture.handhelds.get(id);
    if (h && picture.selected === id) {
      h.trail = usable.slice(-600).map(f => [...picture.world(f.geometry.coordinates[1], f.geometry.coordinates[0]), Date.parse(f.properties.time)]);
      picture.want();
    }
    return [all.length, usable.length];
  },

  names: () => known.handhelds.map(h => h.handheld),

  // For whoever looks whether it is right.
  whole: () => known,
  marks: () => ({
    handhelds: [...picture.handhelds].filter(([, h]) => !h.hidden).map(([id, h]) => [id, ...picture.screen(h.x, h.y), h.lat, h.lon]),
    points: [...picture.places.values()].filter(p => p.kind === 'point').map(p => picture.screen(...p.lines[0].points[0])),
  }),
};

// Where no positions come, time goes on all the same.
setInterval(() => picture.wantSoon(), 1000);

onmessage = async ({ data: { id, call, args } }) => {
  try {
    const answer = await calls[call](...args);
    if (id !== undefined) postMessage({ id, answer });
  } catch (error) {
    if (id === undefined) setTimeout(() => { throw error; });
    else postMessage({ id, error: String(error), status: error.status });
  }
};
