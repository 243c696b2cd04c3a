// What is ordered for tonight beside the plan: its list, and the form by which it is ordered.
import { say } from '/screen/texts.js';

const $ = id => document.getElementById(id);

/** By kind: the texts that it takes, those that may be left empty marked so. */
const FORMS = {
  swap: ['handheld', 'instead_of', 'from?', 'to?'],
  lend: ['handheld', 'duty', 'member?', 'from?', 'to?'],
  post: ['duty', 'group', 'places', 'from', 'to', 'every', 'stay?'],
  move: ['duty', 'from?', 'to?'],
  'call-off': ['duty'],
  note: ['note', 'squadron?'],
};
const word = kind => kind === 'note' ? 'handover' : kind.replace('-', '_');

function element(tag, text, ...children) {
  const e = document.createElement(tag);
  if (text !== null) e.textContent = text;
  e.append(...children);
  return e;
}

const time = text => text.slice(11, 16);

function said(c, placeName) {
  switch (c.kind) {
    case 'swap': return say('said_swap', c.handheld, c.instead_of, time(c.began_at), time(c.ended_at));
    case 'lend': return say('said_lend', c.handheld + (c.member ? ` (${c.member})` : ''), c.duty, time(c.began_at), time(c.ended_at));
    case 'post': return say('said_post', c.duty, c.group, c.places.map(placeName).join(', '), c.from, c.to);
    case 'move': return say('said_move', c.duty, c.from, c.to);
    case 'call-off': return say('said_call_off', c.duty);
    default: return c.note;
  }
}

/** The list; its buttons where whoever looks may order.
 *
 * @param send asks the server for a change: (path, told) => Response
 */
export function showChanges(now, me, placeName, send, refresh) {
  const may = now.live && me.role !== 'auditor';
  $('order').hidden = !may;
  if ($('changes').contains(document.activeElement)) return;
  $('changes').replaceChildren(...(now.changes.length ? now.changes.map(c => {
    const li = element('li', null);
    li.className = c.withdrawn_by ? 'withdrawn' : c.kind;
    if (may && !c.withdrawn_by) {
      const b = element('button', say('withdraw'));
      b.onclick = async () => {
        if (b.dataset.sure === undefined) { b.dataset.sure = ''; b.textContent = say('sure'); return; }
        const answer = await send(`/api/changes/${c.id}/withdraw`, me.name === null ? { by: $('order-name').value || c.by } : {});
        if (!answer.ok) { b.replaceWith(element('small', (await answer.json()).detail)); return; }
        b.blur(); refresh();
      };
      li.append(b);
    }
    li.append(element('b', said(c, placeName)), element('small', say('by_at', c.by, time(c.at)) + (c.reason ? ` · ${c.reason}` : '') + (c.withdrawn_by ? ` · ${say('withdrawn')}: ${c.withdrawn_by}` : '')));
    return li;
  }) : [element('small', say('nochanges'))]));
}

/** The form: fields by kind, with what there is to choose from beside them. */
export function openOrder(now, handhelds, me, names, send, refresh) {
  const box = $('order-box'), kind = $('order-kind');
  kind.replaceChildren(...Object.keys(FORMS).map(k => { const o = element('option', say(word(k))); o.value = k; return o; }));
  const lists = {
    handheld: handhelds, instead_of: handhelds,
    duty: now.duties, group: now.groups, squadron: now.squadrons.map(s => s.id),
  };
  const fields = () => {
    $('order-error').textContent = '';
    $('order-fields').replaceChildren(...FORMS[kind.value].map(name => {
      const field = name.replace('?', ''), isNew = kind.value === 'post' && field === 'duty', chosen = isNew ? null : lists[field];
      const input = document.createElement(chosen ? 'select' : field === 'note' ? 'textarea' : 'input');
      input.name = field;
      if (chosen) input.append(...(name.endsWith('?') ? [element('option', '')] : []), ...chosen.map(v => element('option', v)));
      if (field === 'places') input.setAttribute('list', 'order-places');
      const called = kind.value === 'move' && name.endsWith('?') ? `${field}_kept` : { 'from?': 'from_now', to: 'to_at', group: 'order_group' }[name] ?? (isNew ? 'id' : field);
      return element('label', say(called), input);
    }));
  };
  $('order-places').replaceChildren(...[...names].map(([id, name]) => { const o = element('option', name); o.value = id; return o; }));
  kind.onchange = fields;
  fields();
  $('order-name').parentElement.hidden = me.name !== null;
  $('order-reason').value = '';
  $('order-send').onclick = async () => {
    const told = { kind: kind.value, reason: $('order-reason').value };
    if (me.name === null) told.by = $('order-name').value;
    for (const input of $('order-fields').querySelectorAll('[name]')) if (input.value.trim()) told[input.name] = input.value.trim();
    const answer = await send('/api/changes', told);
    if (!answer.ok) { $('order-error').textContent = (await answer.json()).detail; return; }
    box.close(); refresh();
  };
  box.showModal();
}
