// The screen's state: a snapshot, kept up to date by events; drawn by map.js.
import { PatrolMap, kinds, sample } from '/screen/map.js';
import { openOrder, showChanges } from '/screen/changes.js';
import { language, say, span, speak } from '/screen/texts.js';

const $ = id => document.getElementById(id);
const STALE_AFTER = 8000;
let now = null, got = 0, rate = 1, past = null, source = null, heard = 0, me = null, asking = false, askAgain = false;
let sliding = null, known = null, sounding = false, fetched = 0, names = new Map(), chosen = 0;
const query = new URLSearchParams(location.search);
const map = new PatrolMap($('map'), id => choose(id));

function element(tag, text, ...children) {
  const e = document.createElement(tag);
  if (text !== null) e.textContent = text;
  e.append(...children);
  return e;
}

/** The moment that is shown, in milliseconds: the daemon's clock, as it goes on since the last snapshot. */
const moment = () => now ? Date.parse(now.at) + (now.live ? Math.min((performance.now() - got) * rate, 60000 * Math.max(1, rate)) : 0) : 0;
const local = ms => new Date(ms + now.utc_offset_s * 1000).toISOString();
const clock = ms => local(ms).slice(11, 19);

/** Where nobody is logged in (any more). */
function leave() { location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`); }

async function get(path) {
  const answer = await fetch(path, { headers: { Accept: 'application/json, application/geo+json' } });
  if (answer.status === 401) leave();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Asks for a change; by cookie the session's own token goes with it. */
async function change(path, told) {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  if (me.csrf) headers['X-CSRF-Token'] = me.csrf;
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(told) });
  if (answer.status === 401) leave();
  return answer;
}

async function refresh() {
  if (asking) { askAgain = true; return; }
  asking = true;
  try {
    const asked = new URLSearchParams();
    if ($('squadron').value) asked.set('squadron', $('squadron').value);
    if (past !== null) asked.set('at', new Date(past).toISOString());
    const wanted = past, next = await get(`/api/now?${asked}`);
    if (wanted === past) take(next);
  } catch (error) {
    console.warn(String(error));
  } finally {
    asking = false;
    if (askAgain) { askAgain = false; refresh(); }
  }
}

function take(next) {
  const at = Date.parse(next.at), then = performance.now();
  if (now?.live && next.live && then - got > 500) rate = Math.max(0, (at - Date.parse(now.at)) / (then - got));
  const isFirst = now === null;
  [now, got] = [next, then];
  fetched = then;
  if (isFirst) begin();
  map.now = moment(); map.gaps = now.gaps;
  if (!now.live) map.forget();
  for (const h of now.handhelds) if (h.lat !== undefined) map.place(h.handheld, h.lat, h.lon, Date.parse(h.at));
  const seen = new Set(now.handhelds.map(h => h.handheld));
  for (const [id, h] of map.handhelds) h.hidden = !seen.has(id);
  map.setOwed(now.places, at);
  tell(); show(); tick();
}

function begin() {
  speak(query.get('lang') ?? me.language ?? now.language);
  if (query.has('wall')) document.body.classList.add('wall');
  fillSquadrons();
  $('brigade').textContent = now.brigade;
  document.title = now.brigade;
  $('night').value = now.day;
}

function fillSquadrons() {
  const value = $('squadron').value, all = element('option', say('squadrons'));
  all.value = '';
  $('squadron').replaceChildren(all, ...now.squadrons.map(s => { const o = element('option', s.name); o.value = s.id; return o; }));
  $('squadron').value = value;
  // Who sees one has nothing to choose.
  $('squadron').parentElement.hidden = now.squadrons.length < 2;
}

const placeName = id => names.get(id) ?? id;

function show() {
  const shown = moment();
  $('gap-count').textContent = now.gaps.length;
  $('gaps').replaceChildren(...(now.gaps.length ? now.gaps.map(gapRow) : [element('small', say('nogaps'))]));
  $('board').replaceChildren(...(now.due.length ? now.due.map(row => {
    const left = (Date.parse(row.due_at) - shown) / 1000, tr = element('tr', null);
    tr.className = left <= 0 ? 'late' : left < 600 ? 'soon' : '';
    tr.append(element('td', `${span(Math.max(0, left))}`, element('small', clock(Date.parse(row.due_at)).slice(0, 5))),
      element('td', placeName(row.place) + stretches(row.from_m === undefined ? [] : [[row.from_m, row.to_m]]), element('small', row.duty)),
      row.handheld ? element('td', row.handheld, element('small', say('travel', say('metres', row.distance_m), span(row.travel_s)))) : element('td', say('nobody')));
    tr.onclick = () => map.lookAt(row.place);
    return tr;
  }) : [element('tr', null, element('td', say('noboard')))]));
  $('scores-title').textContent = say(now.live ? 'scores' : 'scores_past');
  $('scores').replaceChildren(...now.scores.map(s => element('tr', null,
    element('td', s.score === null ? '–' : `${(s.score * 100).toFixed(1)} %${s.score < now.pass_mark ? ' ▼' : ''}`), element('td', s.duty, element('small', s.squadron)))));
  showChanges(now, me, placeName, change, refresh);
  panel();
}

/** Of a line, what of it; an empty text for others. */
const stretches = all => all.length ? `  ${all.slice(0, 2).map(([a, b]) => `${a}–${b}`).join(', ')}${all.length > 2 ? ' …' : ''} m` : '';

function gapRow(gap) {
  const since = (moment() - Date.parse(gap.began_at)) / 1000, li = element('li', null);
  li.tabIndex = 0;
  li.dataset.gap = gap.id;
  li.className = gap.verdict + (gap.notes.length ? ' seen' : '');
  if (now.live && me.role !== 'auditor') { const b = element('button', say('acknowledge')); b.onclick = e => { e.stopPropagation(); acknowledge(gap); }; li.append(b); }
  li.append(element('b', placeName(gap.place) + stretches(gap.open_m)), element('small', `${say(gap.verdict)} · ${say(gap.cause)} · ${say('since', clock(Date.parse(gap.began_at)).slice(0, 5))} (${span(since)}) · ${gap.duty}`));
  for (const n of gap.notes) li.append(element('small', `✓ ${n.by}${n.note ? `: ${n.note}` : ''}`));
  li.onclick = () => map.lookAt(gap.place);
  li.onkeydown = e => { if (e.key === 'Enter') map.lookAt(gap.place); };
  return li;
}

// New gaps: a tone and a notice, where they are asked for.
function tell() {
  if (!now.live) return;
  const ids = new Set(now.gaps.map(g => g.id));
  for (const gap of known ? now.gaps.filter(g => !known.has(g.id)) : []) {
    if (!sounding) continue;
    const audio = new AudioContext(), tone = audio.createOscillator();
    tone.connect(audio.destination); tone.frequency.value = 660; tone.start(); tone.stop(audio.currentTime + .25);
    if (window.Notification?.permission === 'granted') new Notification(say('new_gap', placeName(gap.place)));
  }
  known = ids;
}

function choose(id) { map.selected = id; $('handheld').hidden = !id; panel(); map.want(); if (id) lastHour(id); }

async function lastHour(id) {
  const to = moment(), span = `${new Date(to - 3600000).toISOString()}/${new Date(to).toISOString()}`;
  const all = await get(`/collections/fixes/items?handheld=${encodeURIComponent(id)}&datetime=${span}&limit=10000`);
  if (map.selected !== id) return;
  const usable = all.features.filter(f => f.properties.gate === null && f.geometry);
  $('handheld').dataset.hour = say('reports', all.features.length, usable.length);
  const h = map.handhelds.get(id);
  if (h) h.trail = usable.slice(-600).map(f => [...map.world(f.geometry.coordinates[1], f.geometry.coordinates[0]), Date.parse(f.properties.time)]);
  panel(); map.want();
}

function panel() {
  const h = now?.handhelds.find(h => h.handheld === map.selected), box = $('handheld');
  if (!h) return;
  box.querySelector('h2').textContent = h.handheld;
  const rows = [['state', h.state ? say(h.state) : '–'], ['detail', h.detail], ['group', h.group], ['at', h.at && say('ago', span(Math.max(0, (moment() - Date.parse(h.at)) / 1000)))], ['heard', box.dataset.hour], ['duties', h.duties.join(', ')]];
  box.querySelector('dl').replaceChildren(...rows.filter(r => r[1]).flatMap(([k, v]) => [element('dt', say(k)), element('dd', v)]));
}

function acknowledge(gap) {
  const box = $('acknowledge');
  box.querySelector('p').textContent = `${placeName(gap.place)} · ${say(gap.cause)}`;
  $('ack-error').textContent = ''; $('ack-note').value = '';
  $('ack-name').parentElement.hidden = me.name !== null;
  $('ack-send').onclick = async () => {
    const answer = await change(`/api/gaps/${encodeURIComponent(gap.id)}/notes`, { by: $('ack-name').value, note: $('ack-note').value });
    if (!answer.ok) { $('ack-error').textContent = (await answer.json()).detail; return; }
    box.close(); refresh();
  };
  box.showModal();
}

// Events: positions are drawn as they come; what else happens asks for the snapshot again.
function listen() {
  source = new EventSource('/events');
  const hear = () => { heard = performance.now(); };
  source.onopen = hear;
  // A stream ends when its session does. One that is refused does not come again by itself.
  source.onerror = () => {
    get('/api/me').then(told => { me = told; }, () => {});
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
  source.addEventListener('fixes', e => {
    hear();
    if (past !== null) return;
    for (const f of JSON.parse(e.data)) if (f.lat_deg !== null) map.place(f.handheld, f.lat_deg, f.lon_deg, Date.parse(f.time));
  });
  let waits = null;
  for (const type of ['gap', 'gap-revised', 'stay', 'pass', 'handheld', 'change']) source.addEventListener(type, () => {
    hear();
    waits ??= setTimeout(() => { waits = null; if (past === null) refresh(); }, type === 'gap' || type === 'gap-revised' || type === 'change' ? 50 : 700);
  });
}

function tick() {
  if (!now) return;
  const t = performance.now(), isStale = past === null && t - fetched > STALE_AFTER;
  map.now = moment();
  document.body.classList.toggle('stale', isStale);
  $('stale').hidden = !isStale;
  if (isStale) $('stale').textContent = say('stale', clock(Date.parse(now.at)));
  $('clock').textContent = `${local(map.now).slice(0, 10)} ${isStale ? clock(Date.parse(now.at)) : clock(map.now)}`;
  const mode = $('mode');
  mode.textContent = isStale ? '✕' : past === null ? `● ${say('live')}` : `▷ ${say('past')}`;
  mode.className = 'badge' + (isStale ? ' stale' : past === null ? '' : ' past');
  if (past === null && !isStale && sliding === null && document.activeElement !== $('slider')) { $('night').value = now.day; $('slider').value = Math.round((map.now - Date.parse(now.day_began_at)) / 60000); }
  $('slider-time').textContent = clock(past ?? map.now).slice(0, 5);
  map.want();
}

function replay(ms) { past = ms; refresh(); }
function goLive() { past = null; map.forget(); refresh(); }
async function slide() {
  const shift = $('night').value ? (Date.parse($('night').value) - Date.parse(now.day)) : 0;
  replay(Date.parse(now.day_began_at) + shift + Number($('slider').value) * 60000);
}
$('slider').oninput = () => { clearTimeout(sliding); sliding = setTimeout(() => { sliding = null; slide(); }, 80); };
$('night').onchange = slide;
$('live').onclick = goLive;
$('squadron').onchange = refresh;
$('wall').onclick = () => { document.body.classList.toggle('wall'); map.map.invalidateSize(); };
$('language').onclick = () => { speak(language === 'en' ? 'zh-Hans' : 'en'); legend(); fillSquadrons(); show(); tick(); };
$('sound').onclick = () => { sounding = !sounding; $('sound').setAttribute('aria-pressed', sounding); if (sounding && window.Notification?.permission === 'default') Notification.requestPermission(); };
$('handheld').querySelector('button').onclick = () => choose(null);
$('logout').onclick = async () => { source?.close(); await change('/logout', {}); leave(); };
$('ack-close').onclick = () => $('acknowledge').close();
$('order').onclick = () => openOrder(now, me, names, change, refresh);
$('order-close').onclick = () => $('order-box').close();
$('help').onclick = () => {
  const keys = { c: 'c', f: 'f', g: 'g', l: 'l', m: 'm', n: 'n', s: 's', w: 'w', arrows: '← →' };
  $('keys').querySelector('dl').replaceChildren(...Object.entries(keys).flatMap(([k, v]) => [element('dt', null, element('kbd', v)), element('dd', say(`key_${k}`))]));
  $('keys').showModal();
};
document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.altKey || e.metaKey || /INPUT|TEXTAREA|SELECT/.test(e.target.tagName) || document.querySelector('dialog[open]')) return;
  const acts = {
    '?': () => $('help').click(), c: () => { if (!$('order').hidden) $('order').click(); }, f: () => map.fit(), l: goLive, m: () => $('language').click(), n: () => $('sound').click(), w: () => $('wall').click(),
    g: () => { if (now.gaps.length) map.lookAt(now.gaps[chosen++ % now.gaps.length].place); },
    s: () => { const all = $('squadron'); all.selectedIndex = (all.selectedIndex + 1) % all.length; refresh(); },
    ArrowLeft: () => replay((past ?? moment()) - 300000), ArrowRight: () => past !== null && replay(past + 300000), Escape: () => choose(null),
  };
  if (acts[e.key]) { e.preventDefault(); acts[e.key](); }
});

function legend() {
  $('legend').replaceChildren(...kinds.map(k => { const c = document.createElement('canvas'); sample(c, k); return element('li', null, c, element('span', say(k))); }));
}

async function start() {
  me = await get('/api/me');
  $('who').textContent = me.name ?? '';
  $('logout').hidden = me.open;
  // Reports are about the whole brigade.
  $('report').hidden = me.role === 'squadron';
  const loads = refresh();
  const places = await get('/collections/places/items?limit=10000');
  names = new Map(places.features.map(f => [f.properties.id, f.properties.name]));
  map.setPlaces(places.features);
  await loads;
  legend(); if (now) show();
  listen();
  setInterval(() => {
    tick();
    if (!$('gaps').contains(document.activeElement) && past === null && now) show(); else panel();
  }, 1000);
  setInterval(() => { if (past === null && performance.now() - fetched > 2500) refresh(); }, 1000);
}
globalThis.patrol = { map, get now() { return now; } };
start();
