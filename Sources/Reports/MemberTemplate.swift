/// The page of a member's record. Its texts are in the catalogues of languages.
enum MemberTemplate {
  static let text = """
    <!DOCTYPE html>
    <html lang="{{language}}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{title}}</title>
    <style>
    :root { --ink: #1c1c1c; --soft: #445; --rule: #ccc; }
    * { box-sizing: border-box; }
    body { font: 14px/1.45 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
      color: var(--ink); margin: 0 auto; max-width: 1100px; padding: 24px; }
    h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 30px 0 8px; }
    p { margin: 6px 0; } .soft { color: var(--soft); }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: 4px 6px; border-bottom: 1px solid var(--rule); vertical-align: top; }
    th { font-weight: 600; color: var(--soft); font-size: 13px; vertical-align: bottom; }
    td.n, th.n { text-align: right; } td.n { white-space: nowrap; } td.t { white-space: nowrap; }
    .state { border: 1px solid #999; border-left-width: 6px; padding: 6px 12px; border-radius: 4px; }
    .first { display: flex; gap: 24px; align-items: center; margin: 16px 0; flex-wrap: wrap; }
    .first b { font-size: 40px; line-height: 1; white-space: nowrap; } .first div { flex: 1; min-width: 320px; }
    dl { display: grid; grid-template-columns: repeat(3, max-content 1fr); gap: 4px 14px; margin: 12px 0; }
    dt { color: var(--soft); } dd { margin: 0; font-weight: 600; }
    svg.bar { width: 100%; display: block; } td svg.bar { width: 100px; height: 12px; margin-top: 4px; }
    .key span { white-space: nowrap; margin-right: 18px; } .key svg.bar { display: inline-block; width: 26px; height: 12px; vertical-align: -1px; margin-right: 6px; }
    .verdict { font-weight: 600; white-space: nowrap; } .w, td code { white-space: nowrap; } :lang(zh-Hans) th { word-break: keep-all; } .missed { border-bottom: 3px double; }
    code { font-size: 12px; overflow-wrap: anywhere; }
    @media print { @page { size: A4; margin: 12mm; } body { max-width: none; padding: 0; font-size: 9.5px; }
      h1 { font-size: 18px; } h2 { font-size: 13px; break-after: avoid; margin-top: 16px; } tr, svg, dl { break-inside: avoid; }
      h2 + p, tr:has(> th) { break-after: avoid; }
      thead { display: table-header-group; } th { font-size: 8.5px; } th, td { padding: 2px 4px; } td svg.bar { width: 70px; } code { font-size: 8.5px; }
      .first b { font-size: 30px; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
    </style>
    </head>
    <body>
    {{{patterns}}}
    <h1>{{heading}}</h1>
    <p>{{brigade}} <span class="soft">{{daysOf}}</span></p>
    <p class="state {{stateClass}}">{{state}}</p>
    {{#whole}}
    <div class="first"><b>{{score}}</b><div>{{{bar}}}
      <p class="key">{{#parts}}<span>{{{swatch}}}{{name}} {{share}}</span>{{/parts}}</p></div></div>
    {{/whole}}
    <dl>{{#facts}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/facts}}</dl>
    {{#vetoes}}<p>{{.}}</p>{{/vetoes}}
    <p class="soft">{{text.memberRecordExplained}} {{text.scoreExplained}}</p>
    <p class="soft">{{text.verdictsExplained}}</p>

    <h2>{{text.windowsServedHeading}}</h2>
    {{#hasWindows}}
    <table><thead><tr><th>{{text.daysOne}}</th><th>{{text.duty}}</th><th>{{text.window}}</th><th>{{text.ownAttendances}}</th>
      <th class="n">{{text.madeOfRequired}}</th><th>{{text.shares}}</th><th class="n">{{text.covered}}</th><th class="n">{{text.missed}}</th><th class="n">{{text.unproven}}</th>
      <th class="n">{{text.excused}}</th><th class="n">{{text.gaps}}</th><th class="n">{{text.score}}</th></tr></thead>
    {{#windows}}<tr><td class="t">{{day}}</td><td>{{duty}}<br><span class="soft">{{group}} · × {{weight}}</span></td><td>{{window}}{{#spans}}<br><span class="soft">{{.}}</span>{{/spans}}</td><td>{{own}}</td>
      <td class="n">{{made}}</td><td>{{{bar}}}</td><td class="n">{{covered}}</td><td class="n">{{missed}}</td><td class="n">{{unproven}}</td>
      <td class="n">{{excused}}</td><td class="n">{{gaps}}</td><td class="n">{{score}}</td></tr>
    {{/windows}}</table>
    {{/hasWindows}}
    {{^hasWindows}}<p>{{text.noWindowServed}}</p>{{/hasWindows}}

    <h2>{{text.gapsHeading}}</h2>
    {{#hasGaps}}
    <p class="soft">{{text.ownTimeExplained}}</p>
    <table><thead><tr><th>{{text.daysOne}}</th><th>{{text.place}}</th><th>{{text.from}}</th><th>{{text.to}}</th><th class="n">{{text.length}}</th><th class="n">{{text.inOwnTime}}</th>
      <th>{{text.verdict}}</th><th>{{text.cause}}</th><th>{{text.handhelds}}</th><th>{{text.id}}</th></tr></thead>
    {{#gaps}}<tr><td class="t">{{day}}</td><td>{{place}} {{stretch}}<br><span class="soft">{{duty}}</span></td><td>{{began}}</td><td>{{ended}}</td>
      <td class="n">{{length}}</td><td class="n">{{own}}</td><td><span class="verdict {{class}}">{{verdict}}</span></td>
      <td>{{explained}} <span class="soft">· {{cause}}</span>{{#hasEvidence}}<br><span class="soft">{{evidence}}</span>{{/hasEvidence}}
      {{#excuses}}<br>{{text.excuse}} {{id}}{{text.colon}} {{told}}{{/excuses}}</td><td>{{#handhelds}}<span class="w">{{.}}</span>{{/handhelds}}</td><td><code>{{id}}</code></td></tr>
    {{/gaps}}</table>
    <p class="soft">{{text.evidenceOfGap}} <code>patrolctl evidence ID -o FOLDER</code></p>
    {{/hasGaps}}
    {{^hasGaps}}<p>{{text.noGaps}}</p>{{/hasGaps}}

    {{#hasTime}}<h2>{{text.dutyTimeHeading}}</h2>
    <p class="soft">{{text.availabilityExplained}}</p>
    <table><thead><tr><th>{{text.handheld}}</th><th>{{text.model}}</th><th class="n">{{text.onDutyTime}}</th><th class="n">{{text.observed}}</th><th class="n">{{text.silent}}</th><th class="n">{{text.withoutPosition}}</th>
      <th class="n">{{text.rejected}}</th><th class="n">{{text.unreachable}}</th><th class="n">{{text.daemonDown}}</th><th class="n">{{text.availability}}</th><th class="n">{{text.kilometresOnLines}}</th></tr></thead>
    {{#handhelds}}<tr><td>{{handheld}}</td><td>{{model}}</td><td class="n">{{onDuty}}</td><td class="n">{{observed}}</td><td class="n">{{silent}}</td><td class="n">{{noFix}}</td>
      <td class="n">{{rejected}}</td><td class="n">{{unreachable}}</td><td class="n">{{daemonDown}}</td><td class="n">{{availability}}</td><td class="n">{{kilometres}}</td></tr>
    {{/handhelds}}</table>
    <h2>{{text.daysHeading}}</h2>
    <table><thead><tr><th>{{text.daysOne}}</th><th>{{text.handheld}}</th><th>{{text.onDutyTime}}</th><th class="n">{{text.length}}</th><th class="n">{{text.observed}}</th><th class="n">{{text.silent}}</th><th class="n">{{text.withoutPosition}}</th>
      <th class="n">{{text.rejected}}</th><th class="n">{{text.unreachable}}</th><th class="n">{{text.daemonDown}}</th><th class="n">{{text.availability}}</th><th class="n">{{text.kilometresOnLines}}</th></tr></thead>
    {{#spells}}<tr><td class="t">{{day}}</td><td>{{handheld}}</td><td>{{span}}</td><td class="n">{{onDuty}}</td><td class="n">{{observed}}</td><td class="n">{{silent}}</td><td class="n">{{noFix}}</td>
      <td class="n">{{rejected}}</td><td class="n">{{unreachable}}</td><td class="n">{{daemonDown}}</td><td class="n">{{availability}}</td><td class="n">{{kilometres}}</td></tr>
    {{/spells}}</table>{{/hasTime}}

    {{#hasPairings}}<h2>{{text.carriedTogetherHeading}}</h2>
    <p class="soft">{{text.carriedTogetherExplained}}</p>
    <table><thead><tr><th>{{text.handhelds}}</th><th>{{text.from}}</th><th>{{text.to}}</th><th class="n">{{text.movedAsOne}}</th>
      <th class="n">{{text.wayTogether}}</th><th class="n">{{text.apart}}</th><th class="n">{{text.receiversTell}}</th><th>{{text.attendedByBoth}}</th></tr></thead>
    {{#pairings}}<tr><td>{{first}} <span class="soft">{{firstGroup}}</span><br>{{second}} <span class="soft">{{secondGroup}}</span></td>
      <td>{{began}}</td><td>{{ended}}</td><td class="n">{{moving}}</td><td class="n">{{way}}</td>
      <td class="n">{{apart}}</td><td class="n">{{joint}}</td><td>{{places}}</td></tr>
    {{/pairings}}</table>{{/hasPairings}}

    {{#hasOutages}}<h2>{{text.outagesHeading}}</h2>
    <table><thead><tr><th>{{text.what}}</th><th>{{text.handheld}}</th><th>{{text.from}}</th><th>{{text.to}}</th></tr></thead>
    {{#outages}}<tr><td>{{what}}</td><td>{{handheld}}</td><td>{{began}}</td><td>{{ended}}</td></tr>
    {{/outages}}</table>{{/hasOutages}}
    <h2>{{text.looksHeading}}</h2>
    {{#hasLooks}}<p class="soft">{{text.looksExplained}}</p>
    <table><thead><tr><th>{{text.viewer}}</th><th>{{text.handheld}}</th><th>{{text.timeOfLook}}</th><th>{{text.from}}</th><th>{{text.to}}</th><th class="n">{{text.looks}}</th></tr></thead>
    {{#looks}}<tr><td>{{who}}</td><td>{{handheld}}</td><td>{{at}}</td><td>{{from}}</td><td>{{to}}</td><td class="n">{{count}}</td></tr>
    {{/looks}}</table>{{/hasLooks}}
    {{^hasLooks}}<p>{{text.nobodyLooked}}</p>{{/hasLooks}}
    {{#untold}}<p>{{.}}</p>{{/untold}}
    <p class="soft">{{drawnUp}} <code>{{digest}}</code></p>
    </body>
    </html>

    """
}
