// The page: what a snapshot tells in words, kept up to date by events. Snapshots are read and the map is drawn by watch.js.
import { PatrolMap, Watch } from '/screen/map.js';
import { get as read } from '/screen/get.js';
import { kinds, sample } from '/screen/looks.js';
import { openOrder, showChanges } from '/screen/changes.js';
import { language, say, span, speak } from '/screen/texts.js';

const $ = id => document.getElementById(id);
const STALE_AFTER = 8000, REFRESH_EVERY = 1000, SELDOM = 3000;
let now = null, got = 0, rate = 1, past = null, source = null, heard = 0, me = null, asking = false, askAgain = false;
let sliding = null, known = null, basemap = { tiles: null }, audio = null, fetched = 0, hurried = false, leftAt = -Infinity, scored = null, asked = -Infinity, showed = -Infinity, looked = null, names = new Map(), chosen = 0;
const query = new URLSearchParams(location.search);
if (!HTMLCanvasElement.prototype.transferControlToOffscreen) {
  speak(query.get('lang') ?? navigator.language.replace(/^zh\b.*/, 'zh-Hans'));
  $('stale').hidden = false;
  $('stale').textContent = say('too_old');
}
const watch = new Watch();
const map = new PatrolMap($('map'), watch, id => choose(id));
/** How much the last frame of the map showed, and when the first one with anything on it was drawn. */
let frame = { handhelds: 0, places: 0 }, drawn = 0;
watch.frame = told => {
  frame = told;
  if (!drawn && frame.handhelds && frame.places) drawn = performance.now();
  beat();
};

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

/** Whoever is told that nobody is logged in leaves. */
const guarded = answer => answer.catch(error => { if (error.status === 401) leave(); throw error; });
const get = path => guarded(read(path)), ask = (...all) => guarded(watch.ask(...all));

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
  asked = performance.now();
  try {
    const next = await ask('snapshot', { squadron: $('squadron').value, at: past });
    if (next) take(next);
  } catch (error) {
    // What is under way when somebody leaves the page is broken off: that is no fault.
    if (error.status !== 401 && performance.now() - leftAt > 5000) console.warn(String(error));
  } finally {
    asking = false;
    if (askAgain) { askAgain = false; refresh(); }
  }
}

function take(next) {
  // Somebody waits for it, or has to see it; all else comes with the next frame of the map.
  const isUrgent = next.isOther || hurried || now.changes.length !== next.changes.length || next.gaps.some((g, i) => g.notes.length !== now.gaps[i].notes.length);
  const isFirst = now === null;
  [now, got, rate, hurried] = [next, performance.now(), next.rate, false];
  fetched = got;
  if (next.chosen) looked = next.chosen;
  if (isFirst) begin();
  tell();
  showed = -Infinity;
  if (isUrgent) beat();
}

/** What is asked for by whoever sits before it is shown at once. */
function hurry() { hurried = true; return refresh(); }

/** All that changes on the page with time, once the map is drawn. */
function beat() {
  if (!now) return;
  tick();
  if (performance.now() - showed > 900) show(); else panel();
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

/** Sets a text where it is another one: what stays as it is costs no layout. */
function put(node, text) { if (node.textContent !== text) node.textContent = text; }

/** Rows by key, each made once: what changes of them is put into their cells, and who has the focus keeps it. */
function fill(list, items, key, make, update) {
  const before = list.filled ?? new Map(), rows = new Map();
  for (const item of items) {
    let k = key(item);
    while (rows.has(k)) k += ' again';
    rows.set(k, before.get(k) ?? make(item));
    before.delete(k);
    update(rows.get(k), item);
  }
  for (const row of before.values()) row.remove();
  let at = list.firstChild;
  for (const row of rows.values()) if (row === at) at = at.nextSibling; else list.insertBefore(row, at);
  list.filled = rows;
}

/** A row of two-line cells. */
function tableRow(count) {
  const tr = element('tr', null);
  tr.cells2 = Array.from({ length: count }, () => {
    const [text, small] = [document.createTextNode(''), element('small', '')];
    tr.append(element('td', null, text, small));
    return (first, second = '') => { put(text, first); put(small, second); };
  });
  return tr;
}

const rest = (all, count, none) => count > all.length ? say('more', count - all.length) : count ? '' : say(none);

function show() {
  const shown = moment();
  showed = performance.now();
  put($('gap-count'), String(now.counts.gaps));
  fill($('gaps'), now.gaps, g => g.id, gapRow, updateGap);
  put($('gaps-rest'), rest(now.gaps, now.counts.gaps, 'nogaps'));
  fill($('board'), now.due, d => `${d.duty} ${d.place}`, row => {
    const tr = tableRow(3);
    tr.onclick = () => map.lookAt(row.place);
    return tr;
  }, (tr, row) => {
    const at = Date.parse(row.due_at), left = (at - shown) / 1000, [due, where, who] = tr.cells2;
    const look = left <= 0 ? 'late' : left < 600 ? 'soon' : '';
    if (tr.className !== look) tr.className = look;
    due(span(Math.max(0, left)), clock(at).slice(0, 5));
    where(placeName(row.place) + stretches(row.from_m === undefined ? [] : [[row.from_m, row.to_m]]), row.duty);
    if (row.handheld) who(row.handheld, say('travel', say('metres', row.distance_m), span(row.travel_s))); else who(say('nobody'));
  });
  put($('board-rest'), rest(now.due, now.counts.due, 'noboard'));
  put($('scores-title'), say(now.live ? 'scores' : 'scores_past'));
  // These do not change with time.
  if (scored !== now) fill($('scores'), now.scores, s => s.duty, () => tableRow(2), (tr, s) => {
    tr.cells2[0](s.score === null ? '–' : `${(s.score * 100).toFixed(1)} %${s.score < now.pass_mark ? ' ▼' : ''}`);
    tr.cells2[1](s.duty, s.squadron);
  });
  scored = now;
  put($('scores-rest'), now.counts.scores > now.scores.length ? say('more', now.counts.scores - now.scores.length) : '');
  showChanges(now, me, placeName, change, hurry);
  panel();
}

/** Of a line, what of it; an empty text for others. */
const stretches = all => all.length ? `  ${all.slice(0, 2).map(([a, b]) => `${a}–${b}`).join(', ')}${all.length > 2 ? ' …' : ''} m` : '';

function gapRow(gap) {
  const li = element('li', null), button = element('button', null), [where, why, notes] = ['b', 'small', 'small'].map(t => element(t, null));
  li.tabIndex = 0;
  li.dataset.gap = gap.id;
  button.onclick = e => { e.stopPropagation(); acknowledge(li.gap); };
  li.onclick = () => map.lookAt(li.gap.place);
  li.onkeydown = e => { if (e.key === 'Enter' && e.target === li) map.lookAt(li.gap.place); };
  li.append(button, where, why, notes);
  li.parts = { button, where, why, notes };
  return li;
}

function updateGap(li, gap) {
  const { button, where, why, notes } = li.parts, began = Date.parse(gap.began_at);
  li.gap = gap;
  const look = gap.verdict + (gap.notes.length ? ' seen' : '');
  if (li.className !== look) li.className = look;
  const isHidden = !now.live || me.role === 'auditor';
  if (button.hidden !== isHidden) button.hidden = isHidden;
  put(button, say('acknowledge'));
  put(where, placeName(gap.place) + stretches(gap.open_m));
  put(why, `${say(gap.verdict)} · ${say(gap.cause)} · ${say('since', clock(began).slice(0, 5))} (${span((moment() - began) / 1000)}) · ${gap.duty}`);
  put(notes, gap.notes.map(n => `✓ ${n.by}${n.note ? `: ${n.note}` : ''}`).join('\n'));
}

// New gaps: a tone and a notice, where they are asked for. What another filter brings to light is not new.
function tell() {
  if (!now.live) return;
  const squadron = $('squadron').value, before = known;
  known = { squadron, ids: new Set(now.gap_ids) };
  if (!audio || before?.squadron !== squadron) return;
  const fresh = now.gap_ids.filter(id => !before.ids.has(id));
  if (!fresh.length) return;
  const tone = audio.createOscillator();
  tone.connect(audio.destination); tone.frequency.value = 660; tone.start(); tone.stop(audio.currentTime + .25);
  if (window.Notification?.permission === 'granted') {
    const gap = now.gaps.find(g => g.id === fresh[0]);
    new Notification(fresh.length > 1 || !gap ? say('new_gaps', fresh.length) : say('new_gap', placeName(gap.place)));
  }
}

/** Pages may make a sound once somebody pressed something on them. */
function toggleSound() {
  if (audio) { audio.close(); audio = null; } else audio = new AudioContext();
  $('sound').setAttribute('aria-pressed', audio !== null);
  if (audio && window.Notification?.permission === 'default') Notification.requestPermission();
}

async function choose(id) {
  map.selected = id;
  $('handheld').dataset.hour = '';
  looked = await ask('select', id);
  panel();
  // How it is has its place in the snapshot of who is chosen alone.
  if (id && past === null) hurry();
  if (id) lastHour(id).catch(error => console.warn(String(error)));
}

async function lastHour(id) {
  const to = moment(), [reports, usable] = await ask('hour', { id, from: to - 3600000, to });
  if (map.selected !== id) return;
  $('handheld').dataset.hour = say('reports', reports, usable);
  panel();
}

function panel() {
  const h = looked?.handheld === map.selected ? looked : null, box = $('handheld');
  box.hidden = !h;
  if (!h) return;
  const seen = (now.live && frame.chosenAt) || Date.parse(h.at);
  put(box.querySelector('h2'), h.handheld);
  const rows = [['state', h.state ? say(h.state) : '–'], ['detail', h.detail], ['group', h.group], ['at', seen && say('ago', span(Math.max(0, (moment() - seen) / 1000)))], ['heard', box.dataset.hour], ['duties', h.duties.join(', ')]];
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
    box.close(); hurry();
  };
  box.showModal();
}

// Events: positions are drawn as they come; what else happens asks for the snapshot again.
function listen() {
  source = new EventSource('/events?positions=brief');
  const hear = () => { heard = performance.now(); };
  source.onopen = hear;
  // A stream ends when its session does. One that is refused does not come again by itself.
  source.onerror = () => {
    get('/api/me').then(told => { me = told; }, () => {});
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
  source.addEventListener('fixes', e => {
    hear();
    if (past === null) watch.tell('positions', e.data);
  });
  let waits = null, due = 0;
  for (const type of ['gap', 'gap-revised', 'stay', 'pass', 'handheld', 'change']) source.addEventListener(type, () => {
    hear();
    if (type === 'change') watch.tell('changed');
    // Where much happens, once in a while is enough; what is urgent does not wait for what is not.
    const isUrgent = type === 'gap' || type === 'change', until = isUrgent ? Math.max(performance.now() + 50, asked + REFRESH_EVERY) : Math.max(performance.now() + 700, asked + SELDOM);
    if (waits !== null && due <= until) return;
    clearTimeout(waits);
    due = until;
    waits = setTimeout(() => { waits = null; if (past === null) refresh(); }, until - performance.now());
  });
}

function tick() {
  if (!now) return;
  const t = performance.now(), isStale = past === null && t - fetched > STALE_AFTER;
  const shown = moment();
  document.body.classList.toggle('stale', isStale);
  $('stale').hidden = !isStale;
  if (isStale) $('stale').textContent = say('stale', clock(Date.parse(now.at)));
  $('clock').textContent = `${local(shown).slice(0, 10)} ${isStale ? clock(Date.parse(now.at)) : clock(shown)}`;
  const mode = $('mode');
  mode.textContent = isStale ? '✕' : past === null ? `● ${say('live')}` : `▷ ${say('past')}`;
  mode.className = 'badge' + (isStale ? ' stale' : past === null ? '' : ' past');
  if (past === null && !isStale && sliding === null && document.activeElement !== $('slider')) { $('night').value = now.day; $('slider').value = Math.round((shown - Date.parse(now.day_began_at)) / 60000); }
  $('slider-time').textContent = clock(past ?? shown).slice(0, 5);
}

function replay(ms) { past = ms; watch.tell('past', ms); hurry(); }
function goLive() { past = null; watch.tell('past', null); hurry(); }
async function slide() {
  const shift = $('night').value ? (Date.parse($('night').value) - Date.parse(now.day)) : 0;
  replay(Date.parse(now.day_began_at) + shift + Number($('slider').value) * 60000);
}
$('slider').oninput = () => { clearTimeout(sliding); sliding = setTimeout(() => { sliding = null; slide(); }, 80); };
$('night').onchange = slide;
$('live').onclick = goLive;
$('squadron').onchange = hurry;
$('wall').onclick = () => { document.body.classList.toggle('wall'); map.map.invalidateSize(); };
$('language').onclick = () => { speak(language === 'en' ? 'zh-Hans' : 'en'); legend(); credit(); fillSquadrons(); show(); tick(); };
$('sound').onclick = toggleSound;
$('handheld').querySelector('button').onclick = () => choose(null);
$('logout').onclick = async () => { source?.close(); await change('/logout', {}); leave(); };
$('ack-close').onclick = () => $('acknowledge').close();
$('order').onclick = async () => openOrder(now, await ask('names'), me, names, change, hurry);
$('order-close').onclick = () => $('order-box').close();
// Each key: what it is called, the words that tell of it, and what it does.
const keys = {
  '?': ['?', 'key_help', () => $('help').click()], Escape: ['Esc', 'key_esc', () => choose(null)],
  c: ['c', 'key_c', () => { if (!$('order').hidden) $('order').click(); }], f: ['f', 'key_f', () => map.fit()], l: ['l', 'key_l', goLive], m: ['m', 'key_m', () => $('language').click()], n: ['n', 'key_n', toggleSound],
  g: ['g', 'key_g', () => { if (now.gaps.length) map.lookAt(now.gaps[chosen++ % now.gaps.length].place); }],
  s: ['s', 'key_s', () => { const all = $('squadron'); all.selectedIndex = (all.selectedIndex + 1) % all.length; hurry(); }],
  w: ['w', 'key_w', () => $('wall').click()],
  ArrowLeft: ['←', 'key_back', () => replay((past ?? moment()) - 300000)], ArrowRight: ['→', 'key_on', () => past !== null && replay(past + 300000)],
};
$('help').onclick = () => {
  $('keys').querySelector('dl').replaceChildren(...Object.values(keys).flatMap(([name, words]) => [element('dt', null, element('kbd', name)), element('dd', say(words))]));
  $('keys').showModal();
};
document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.altKey || e.metaKey || /INPUT|TEXTAREA|SELECT/.test(e.target.tagName) || document.querySelector('dialog[open]')) return;
  if (now && keys[e.key]) { e.preventDefault(); keys[e.key][2](); }
});

function legend() {
  $('legend').replaceChildren(...kinds.map(k => element('li', null, sample(k), element('span', say(k)))));
}

/** Of HTML the text alone, none of it taken for more. */
function plain(html) {
  const box = document.createElement('textarea');
  box.innerHTML = html.replace(/<[^>]*>/g, '');
  return box.value;
}

/** Whose map it is, and in what datum. */
function credit() {
  const { credit, credit_html, datum, tiles } = basemap;
  const whose = credit ?? plain(credit_html ?? '');
  $('credit').hidden = !tiles;
  $('credit').textContent = [whose, datum === 'gcj02' ? say('map_gcj02') : ''].filter(Boolean).join(' · ');
}

async function start() {
  [me, basemap] = await Promise.all([get('/api/me'), get('/api/basemap')]);
  map.setBasemap(basemap);
  $('who').textContent = me.name ?? '';
  $('logout').hidden = me.open;
  // Reports are about the whole brigade.
  $('report').hidden = me.role === 'squadron';
  const places = await ask('places', Boolean(basemap.tiles) && basemap.datum === 'gcj02');
  names = new Map(places.names);
  map.setPlaces(places);
  await refresh();
  legend(); credit();
  listen();
  setInterval(() => { if (past === null && performance.now() - fetched > 4000) refresh(); }, 1000);
}
addEventListener('beforeunload', () => { leftAt = performance.now(); });
globalThis.patrol = { map, watch, get now() { return now; }, get frame() { return frame; }, get drawn() { return drawn; } };
start();
