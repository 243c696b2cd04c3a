// How freshness looks: of lines, points and areas, and in the legend.
export const looks = {
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

/** A short stroke as lines are drawn. */
export function sample(name) {
  const look = looks[name], [svg, line] = ['svg', 'line'].map(t => document.createElementNS('http://www.w3.org/2000/svg', t));
  const set = (e, all) => { for (const [k, v] of Object.entries(all)) e.setAttribute(k, v); };
  set(svg, { width: 34, height: 12 });
  set(line, { x1: 0, x2: 34, y1: 6, y2: 6, stroke: look.colour, 'stroke-width': look.width, 'stroke-dasharray': look.dash.join(' ') });
  svg.append(line);
  return svg;
}
