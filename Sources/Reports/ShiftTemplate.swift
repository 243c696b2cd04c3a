/// The page of a shift report. What it says stands in the catalogues, by key: `{{text.covered}}`.
enum ShiftTemplate {
  /// A duty's rows: its own, and one for each of its places.
  static let duty = """
    <tr class="duty"><td colspan="9">{{id}} <span class="soft">· {{group}} · {{squadron}} · {{window}} · {{asked}}</span></td></tr>
    {{#places}}<tr><td>{{name}}</td><td class="n">{{covered}}</td><td class="n">{{missed}}</td><td class="n">{{unproven}}</td>
      <td class="n">{{excused}}</td><td class="n">{{attendances}}</td><td class="n">{{longest}}</td><td class="n">{{wait}}</td><td>{{{course}}}</td></tr>
    {{/places}}

    """

  static let text = """
    <!DOCTYPE html>
    <html lang="{{language}}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{title}}</title>
    <style>
    :root { --covered: #2e7d32; --missed: #c62828; --unproven: #f9a825; --ink: #1c1c1c; --soft: #667; }
    * { box-sizing: border-box; }
    body { font: 15px/1.45 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: var(--ink);
      margin: 0 auto; max-width: 1100px; padding: 24px; }
    :lang(zh-Hans) body { font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC",
      "Source Han Sans SC", system-ui, sans-serif; line-height: 1.55; }
    h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 32px 0 8px; }
    p { margin: 6px 0; } .soft { color: var(--soft); }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: 5px 8px; border-bottom: 1px solid #ddd; vertical-align: top; }
    th { font-weight: 600; color: var(--soft); font-size: 13px; } td.v { white-space: nowrap; } td.n, th.n { text-align: right; white-space: nowrap; }
    .first { display: flex; gap: 24px; align-items: center; margin: 16px 0; flex-wrap: wrap; }
    .first b { font-size: 40px; line-height: 1; white-space: nowrap; } .first div { flex: 1; min-width: 320px; }
    svg.bar { width: 100%; display: block; } th.k { white-space: normal; width: 1%; vertical-align: bottom; }
    .dot { display: inline-block; width: 11px; height: 11px; border-radius: 50%; margin-right: 5px; }
    .dot.covered { background: var(--covered); } .dot.missed { background: var(--missed); }
    .dot.unproven { background: var(--unproven); } .w { white-space: nowrap; }
    .key span { white-space: nowrap; margin-right: 18px; } .key svg.bar, i.swatch { display: inline-block; width: 26px; height: 12px; vertical-align: -1px; margin-right: 6px; }
    i.swatch.none { background: #9e9e9e; border: 1px solid #555; } tr.excuse td { border-top: 0; background: #f3f4fb; }
    tr:has(+ tr.excuse) td { border-bottom: 0; } :lang(zh-Hans) th { word-break: keep-all; }
    .duty td { background: #f5f5f7; font-weight: 600; border-bottom: 0; }
    svg.chart { width: 100%; break-inside: avoid; margin: 8px 0; }
    svg.map { width: 100%; border: 1px solid #ddd; background: #fbfbfa; } svg.map text { font-size: 12px; fill: #333; }
    svg .place { paint-order: stroke; stroke: #fff; stroke-width: 3px; }
    svg.course { width: 220px; display: block; }
    .open { background: #fff8e1; border: 1px solid #ffe082; padding: 6px 12px; border-radius: 4px; }
    code { font-size: 13px; }
    @media print { @page { size: A4; margin: 12mm; } svg.chart { max-height: 118mm; } body { max-width: none; padding: 0; font-size: 11px; } h2 { break-after: avoid; }
      tr { break-inside: avoid; } tr.duty, tr:has(> th), h2 + p { break-after: avoid; } tr.excuse { break-before: avoid; } svg { break-inside: avoid; }
      th { font-size: 10px; } code { font-size: 10px; } svg.course { width: 150px; } svg.map { max-height: 115mm; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
    </style>
    </head>
    <body>
    {{{patterns}}}
    <h1>{{brigade}}</h1>
    <p>{{heading}} <span class="soft">· {{operationalDay}}</span></p>
    {{#isOpen}}<p class="open">{{state}}</p>{{/isOpen}}
    {{#isFinal}}<p>{{state}}</p>{{/isFinal}}
    {{#noWindows}}<p class="open">{{text.noWindow}}</p>{{/noWindows}}
    {{#overall}}
    <div class="first"><b>{{score}}</b><div>{{{bar}}}
      <p class="key">{{#parts}}<span>{{{swatch}}}{{name}} {{share}}</span>{{/parts}}</p></div></div>
    <p class="soft">{{text.verdictsExplained}}</p>
    {{/overall}}

    {{#hasWindows}}
    <h2>{{text.squadronsHeading}}</h2>
    <table>
    <tr><th>{{text.squadron}}</th><th>{{text.leader}}</th><th class="n">{{text.duties}}</th>
      <th class="n">{{text.covered}}</th><th class="n">{{text.missed}}</th><th class="n">{{text.unproven}}</th>
      <th class="n">{{text.excused}}</th><th class="n">{{text.gaps}}</th></tr>
    {{#squadrons}}<tr><td>{{name}}</td><td>{{leader}}</td><td class="n">{{duties}}</td><td class="n">{{covered}}</td>
      <td class="n">{{missed}}</td><td class="n">{{unproven}}</td><td class="n">{{excused}}</td><td class="n">{{gaps}}</td></tr>
    {{/squadrons}}
    </table>

    <h2>{{text.coverageHeading}}</h2>
    <table>
    <tr><th>{{text.place}}</th><th class="n">{{text.covered}}</th><th class="n">{{text.missed}}</th>
      <th class="n">{{text.unproven}}</th><th class="n">{{text.excused}}</th><th class="n k">{{text.madeOfRequired}}</th>
      <th class="n k">{{text.longestInterval}}</th><th class="n k">{{text.excessWait}}</th><th>{{text.courseOfWindow}}</th></tr>
    {{{duties}}}
    </table>
    <p class="key">{{#key}}<span>{{{swatch}}}{{name}}</span>{{/key}}<span><i class="swatch none"></i>{{text.notJudged}}</span></p>
    <p class="soft">{{text.chartExplained}} {{text.waitExplained}}</p>

    <h2>{{text.gapsHeading}}</h2>
    {{#noGaps}}<p>{{text.noGaps}}</p>{{/noGaps}}
    {{#hasGaps}}
    <table>
    <tr><th>{{text.place}}</th><th>{{text.from}}</th><th>{{text.to}}</th><th class="n">{{text.length}}</th>
      <th>{{text.verdict}}</th><th>{{text.cause}}</th><th>{{text.handhelds}}</th><th>{{text.id}}</th></tr>
    {{{gaps}}}
    </table>
    {{/hasGaps}}
    {{#hasWithdrawn}}
    <p>{{text.withdrawnGaps}}</p>
    <table>
    <tr><th>{{text.place}}</th><th>{{text.from}}</th><th>{{text.to}}</th><th>{{text.wasTakenFor}}</th><th>{{text.id}}</th></tr>
    {{#withdrawn}}<tr><td>{{place}} <span class="soft">{{duty}}</span></td><td>{{began}}</td><td>{{ended}}</td><td>{{was}}</td>
      <td><code>{{id}}</code></td></tr>{{/withdrawn}}
    </table>
    {{/hasWithdrawn}}

    {{/hasWindows}}
    {{#hasChanges}}
    <h2>{{text.changesHeading}}</h2>
    <p class="soft">{{text.changesExplained}}</p>
    <table>
    <tr><th>{{text.what}}</th><th>{{text.reason}}</th><th>{{text.orderedBy}}</th><th>{{text.orderedAt}}</th></tr>
    {{#changes}}<tr><td>{{#isWithdrawn}}<s>{{/isWithdrawn}}{{what}}{{#isWithdrawn}}</s> <span class="soft">{{withdrawn}}</span>{{/isWithdrawn}}</td><td>{{reason}}</td><td>{{by}}</td><td>{{at}}</td></tr>
    {{/changes}}
    </table>
    {{/hasChanges}}
    {{#hasIdle}}
    <h2>{{text.attendedNothing}}</h2>
    <table>
    <tr><th>{{text.place}}</th><th>{{text.handheld}}</th><th>{{text.arrived}}</th><th>{{text.leftAt}}</th><th>{{text.reason}}</th></tr>
    {{#idle}}<tr><td>{{place}}</td><td>{{handheld}}</td><td>{{began}}</td><td>{{ended}}</td><td>{{why}}</td></tr>
    {{/idle}}
    </table>
    {{/hasIdle}}

    {{#hasLines}}<h2>{{text.linesOverTime}}</h2>
    <p class="soft">{{text.linesOverTimeExplained}}</p>
    {{{lines}}}{{/hasLines}}
    {{#hasTimelines}}<h2>{{text.placesOverTime}}</h2>
    {{{timelines}}}{{/hasTimelines}}

    <h2>{{text.mapHeading}}</h2>
    {{{map}}}
    <p class="soft">{{text.mapExplained}}</p>

    <h2>{{text.handheldsHeading}}</h2>
    {{{handheldTimelines}}}
    <table>
    <tr><th>{{text.handheld}}</th><th>{{text.group}}</th><th class="n">{{text.onDutyTime}}</th><th class="n">{{text.observed}}</th><th class="n">{{text.silent}}</th><th class="n">{{text.kilometresOnLines}}</th><th class="n">{{text.reports}}</th><th class="n">{{text.usable}}</th>
      <th class="n">{{text.withoutPosition}}</th><th class="n">{{text.rejected}}</th><th>{{text.first}}</th><th>{{text.last}}</th></tr>
    {{{handhelds}}}
    </table>
    {{#hasPairings}}
    <h2>{{text.carriedTogetherHeading}}</h2>
    <p class="soft">{{text.carriedTogetherExplained}}</p>
    <table>
    <tr><th>{{text.handhelds}}</th><th>{{text.from}}</th><th>{{text.to}}</th><th class="n">{{text.movedAsOne}}</th>
      <th class="n">{{text.wayTogether}}</th><th class="n">{{text.apart}}</th><th class="n">{{text.receiversTell}}</th><th>{{text.attendedByBoth}}</th></tr>
    {{#pairings}}<tr><td>{{first}} <span class="soft">{{firstGroup}}</span><br>{{second}} <span class="soft">{{secondGroup}}</span></td>
      <td>{{began}}</td><td>{{ended}}</td><td class="n">{{moving}}</td><td class="n">{{way}}</td>
      <td class="n">{{apart}}</td><td class="n">{{joint}}</td><td>{{places}}</td></tr>
    {{/pairings}}
    </table>
    {{/hasPairings}}
    {{#hasOutages}}
    <h2>{{text.outagesHeading}}</h2>
    <table>
    <tr><th>{{text.what}}</th><th>{{text.handheld}}</th><th>{{text.from}}</th><th>{{text.to}}</th></tr>
    {{#outages}}<tr><td>{{what}}</td><td>{{handheld}}</td><td>{{began}}</td><td>{{ended}}</td></tr>{{/outages}}
    </table>
    {{/hasOutages}}
    <p class="soft">{{drawnUp}} <code>{{digest}}</code> · {{text.explainEveryGap}} <code>patrolctl explain ID</code></p>
    </body>
    </html>

    """
}
