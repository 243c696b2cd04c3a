/// The page of a shift report.
enum ShiftTemplate {
  static let text = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{title}}</title>
    <style>
    :root { --covered: #2e7d32; --missed: #c62828; --unproven: #f9a825; --ink: #1c1c1c; --soft: #667; }
    * { box-sizing: border-box; }
    body { font: 15px/1.45 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: var(--ink);
      margin: 0 auto; max-width: 1100px; padding: 24px; }
    h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 32px 0 8px; }
    p { margin: 6px 0; } .soft { color: var(--soft); }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: 5px 8px; border-bottom: 1px solid #ddd; vertical-align: top; }
    th { font-weight: 600; color: var(--soft); font-size: 13px; } td.v { white-space: nowrap; } td.n, th.n { text-align: right; white-space: nowrap; }
    .tiles { display: flex; gap: 12px; flex-wrap: wrap; margin: 16px 0; }
    .tile { border: 1px solid #ddd; border-left-width: 6px; border-radius: 4px; padding: 8px 16px; min-width: 150px; }
    .tile b { display: block; font-size: 24px; }
    .covered { border-left-color: var(--covered); } .missed { border-left-color: var(--missed); }
    .unproven { border-left-color: var(--unproven); } .excused { border-left-color: #5c6bc0; }
    .dot { display: inline-block; width: 11px; height: 11px; border-radius: 50%; margin-right: 5px; }
    .dot.covered { background: var(--covered); } .dot.missed { background: var(--missed); }
    .dot.unproven { background: var(--unproven); } .dot.none { background: #9e9e9e; }
    .duty td { background: #f5f5f7; font-weight: 600; border-bottom: 0; }
    svg.map { width: 100%; border: 1px solid #ddd; background: #fbfbfa; } svg text { font-size: 12px; fill: #333; }
    svg .place { paint-order: stroke; stroke: #fff; stroke-width: 3px; }
    svg.course { width: 220px; display: block; }
    .open { background: #fff8e1; border: 1px solid #ffe082; padding: 6px 12px; border-radius: 4px; }
    code { font-size: 13px; }
    @media print { body { max-width: none; padding: 0; font-size: 11px; } h2 { break-after: avoid; }
      tr { break-inside: avoid; } tr.duty { break-after: avoid; } svg { break-inside: avoid; }
      th { font-size: 10px; } code { font-size: 10px; } svg.course { width: 150px; } svg.map { max-height: 115mm; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
    </style>
    </head>
    <body>
    <h1>{{brigade}}</h1>
    <p>Shift report of {{weekday}}, {{day}} <span class="soft">(operational day from {{from}}, {{zone}})</span></p>
    {{#isOpen}}<p class="open">Not final: judged up to {{judged}}; windows of this day are open, or still to come.</p>{{/isOpen}}
    {{#noWindows}}<p class="open">No window of any duty opened in this day, or none was judged.</p>{{/noWindows}}
    {{#overall}}
    <div class="tiles">
      <div class="tile covered"><b>{{covered}}</b>covered</div>
      <div class="tile missed"><b>{{missed}}</b>missed</div>
      <div class="tile unproven"><b>{{unproven}}</b>unproven</div>
      <div class="tile excused"><b>{{excused}}</b>excused</div>
    </div>
    <p class="soft">Covered: somebody was seen there in time. Missed: nobody can have been there in time. Unproven: nobody
    was seen there, and nothing rules it out. Mean over duties by their weights.</p>
    {{/overall}}

    <h2>Squadrons</h2>
    <table>
    <tr><th>squadron</th><th>leader</th><th class="n">duties</th><th class="n">covered</th><th class="n">missed</th>
      <th class="n">unproven</th><th class="n">excused</th><th class="n">gaps</th></tr>
    {{#squadrons}}<tr><td>{{name}}</td><td>{{leader}}</td><td class="n">{{duties}}</td><td class="n">{{covered}}</td>
      <td class="n">{{missed}}</td><td class="n">{{unproven}}</td><td class="n">{{excused}}</td><td class="n">{{gaps}}</td></tr>
    {{/squadrons}}
    </table>

    <h2>Coverage</h2>
    <table>
    <tr><th>place</th><th class="n">covered</th><th class="n">missed</th><th class="n">unproven</th>
      <th class="n">excused</th><th class="n">attended</th><th class="n">longest interval</th><th>course of the window</th></tr>
    {{#duties}}
    <tr class="duty"><td colspan="8">{{id}} <span class="soft">· {{group}}, {{squadron}} · {{window}} · {{asked}}</span></td></tr>
    {{#places}}<tr><td>{{name}}</td><td class="n">{{covered}}</td><td class="n">{{missed}}</td><td class="n">{{unproven}}</td>
      <td class="n">{{excused}}</td><td class="n">{{attendances}} ×</td><td class="n">{{longest}}</td><td>{{{course}}}</td></tr>
    {{/places}}
    {{/duties}}
    </table>
    <p class="soft"><span class="dot covered"></span>covered <span class="dot missed"></span>missed
      <span class="dot unproven"></span>unproven <span class="dot none"></span>not judged. Time runs to the right; on lines,
      the metres from their beginning run upwards.</p>

    <h2>Gaps</h2>
    {{#noGaps}}<p>None: everything owed was seen in time.</p>{{/noGaps}}
    {{#hasGaps}}
    <table>
    <tr><th>place</th><th>from</th><th>to</th><th class="n">length</th><th>verdict</th><th>cause</th><th>handhelds</th><th>id</th></tr>
    {{#gaps}}<tr><td>{{place}} {{stretch}}<br><span class="soft">{{duty}}</span></td><td>{{began}}</td><td>{{ended}}</td>
      <td class="n">{{length}}</td><td class="v"><span class="dot {{verdict}}"></span>{{verdict}}</td>
      <td>{{causeText}} <span class="soft">({{cause}})</span>{{#hasEvidence}}<br><span class="soft">{{evidence}}</span>{{/hasEvidence}}
      {{#excuses}}<br>{{text}}{{/excuses}}</td><td>{{handhelds}}</td><td><code>{{id}}</code></td></tr>
    {{/gaps}}
    </table>
    {{/hasGaps}}
    {{#hasWithdrawn}}
    <p>Withdrawn, as evidence that came in late disproved them:</p>
    <table>
    <tr><th>place</th><th>from</th><th>to</th><th>was taken for</th><th>id</th></tr>
    {{#withdrawn}}<tr><td>{{place}} <span class="soft">{{duty}}</span></td><td>{{began}}</td><td>{{ended}}</td><td>{{was}}</td>
      <td><code>{{id}}</code></td></tr>{{/withdrawn}}
    </table>
    {{/hasWithdrawn}}

    <h2>Map</h2>
    {{{map}}}
    <p class="soft">Each part in the colour of the worst found there in any window.</p>

    <h2>Handhelds</h2>
    <table>
    <tr><th>handheld</th><th>group</th><th class="n">reports</th><th class="n">usable</th><th class="n">without position</th>
      <th class="n">rejected</th><th>first</th><th>last</th></tr>
    {{#handhelds}}<tr><td>{{id}}</td><td>{{group}}</td><td class="n">{{reports}}</td><td class="n">{{usable}}</td>
      <td class="n">{{noFix}}</td><td class="n">{{gated}}</td><td>{{first}}</td><td>{{last}}</td></tr>
    {{/handhelds}}
    </table>
    {{#hasPairings}}
    <h2>Carried together</h2>
    <p class="soft">Handhelds that moved as one for ten minutes or more, no further apart than receivers in one pocket
    read. One person with two of them and two people side by side look the same here: this is to be looked at, and
    changes no figure above.</p>
    <table>
    <tr><th>handhelds</th><th>from</th><th>to</th><th class="n">moved as one</th><th class="n">metres</th>
      <th class="n">apart: median (most)</th><th class="n">receivers tell</th><th>attended by both</th></tr>
    {{#pairings}}<tr><td>{{first}} <span class="soft">{{firstGroup}}</span><br>{{second}} <span class="soft">{{secondGroup}}</span></td>
      <td>{{began}}</td><td>{{ended}}</td><td class="n">{{moving}}</td><td class="n">{{way}}</td>
      <td class="n">{{median}} m ({{maximum}} m)</td><td class="n">{{joint}} m</td><td>{{places}}</td></tr>
    {{/pairings}}
    </table>
    {{/hasPairings}}
    {{#hasOutages}}
    <h2>Our own outages</h2>
    <table>
    <tr><th>what</th><th>handheld</th><th>from</th><th>to</th></tr>
    {{#outages}}<tr><td>{{what}}</td><td>{{handheld}}</td><td>{{began}}</td><td>{{ended}}</td></tr>{{/outages}}
    </table>
    {{/hasOutages}}
    <p class="soft">Drawn up {{drawnUp}} by patrold {{version}} under plan <code>{{digest}}</code>. Every gap can be
    explained: <code>patrolctl explain ID</code>.</p>
    </body>
    </html>

    """
}
