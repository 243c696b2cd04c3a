/// The page of a period's report. Its texts are in the catalogues of languages.
enum PeriodTemplate {
  static let text = """
    <!DOCTYPE html>
    <html lang="{{language}}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{title}}</title>
    <style>
    :root { --ink: #1c1c1c; --soft: #556; --rule: #ddd; }
    * { box-sizing: border-box; }
    body { font: 14px/1.45 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
      color: var(--ink); margin: 0 auto; max-width: 1240px; padding: 24px; }
    h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 32px 0 8px; }
    p { margin: 6px 0; } .soft { color: var(--soft); }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: 5px 6px; border-bottom: 1px solid var(--rule); vertical-align: top; }
    th { font-weight: 600; color: var(--soft); font-size: 13px; vertical-align: bottom; }
    td.n, th.n { text-align: right; } th.n { width: 1%; } td.n { white-space: nowrap; }
    .state { border: 1px solid #999; border-left-width: 6px; padding: 6px 12px; border-radius: 4px; }
    .state.open { background: #fff8e1; }
    .first { display: flex; gap: 24px; align-items: center; margin: 16px 0; flex-wrap: wrap; }
    .first b { font-size: 40px; line-height: 1; white-space: nowrap; } .first div { flex: 1; min-width: 320px; }
    svg.bar { width: 100%; display: block; } td svg.bar { width: 110px; height: 12px; margin-top: 5px; } svg.trend { width: 110px; display: block; }
    svg.days { width: 100%; display: block; } svg text { font-size: 11px; fill: #333; }
    .key span { white-space: nowrap; margin-right: 18px; } .key svg.bar { display: inline-block; width: 26px; height: 12px; vertical-align: -1px; margin-right: 6px; }
    p.change { margin-top: 14px; break-after: avoid; } .rating { font-weight: 600; white-space: nowrap; } .w, td code { white-space: nowrap; } td.hash code { white-space: normal; }
    :lang(zh-Hans) th { word-break: keep-all; } .failed { border-bottom: 3px double; } .advanced::before { content: "★ "; }
    .unit td { background: #f5f5f7; font-weight: 600; border-bottom: 0; }
    code { font-size: 12px; overflow-wrap: anywhere; }
    @media print { @page { size: A4 landscape; margin: 12mm; } body { max-width: none; padding: 0; font-size: 10.5px; }
      h1 { font-size: 19px; } h2 { font-size: 14px; break-after: avoid; margin-top: 18px; } tr, svg { break-inside: avoid; }
      tr.unit, tr:has(> th), h2 + p { break-after: avoid; } thead { display: table-header-group; } th { font-size: 9.5px; }
      th, td { padding: 3px 5px; } th.n { width: auto; } td svg.bar { width: 100px; } svg.trend { width: 90px; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
    </style>
    </head>
    <body>
    {{{patterns}}}
    <h1>{{brigade}}</h1>
    <p>{{heading}} <span class="soft">{{daysOf}}</span></p>
    {{#isAnything}}<p class="state {{stateClass}}">{{state}}</p>{{/isAnything}}
    {{#isSealable}}<p class="state">{{#sealed}}{{.}} {{/sealed}}</p>{{/isSealable}}
    {{#hypothetical}}<p class="state open">{{.}}</p>{{/hypothetical}}
    {{#whole}}
    <div class="first"><b>{{score}}</b><div>{{{bar}}}
      <p class="key">{{#parts}}<span>{{{swatch}}}{{name}} {{share}}</span>{{/parts}}</p></div></div>
    <p class="soft">{{text.verdictsExplained}} {{text.scoreExplained}}</p>
    {{/whole}}
    {{^isAnything}}<p class="state open">{{text.nothingOwed}}</p>{{/isAnything}}

    {{#isAnything}}<h2>{{text.squadronsHeading}}</h2>
    <table><thead>
    <tr><th class="n">{{text.rank}}</th><th>{{text.squadron}}</th><th>{{text.leader}}</th><th class="n">{{text.score}}</th><th>{{text.rating}}</th>
      {{#hasTrend}}<th>{{text.trend}}</th>{{/hasTrend}}<th>{{text.shares}}</th><th class="n">{{text.missed}}</th><th class="n">{{text.unproven}}</th><th class="n">{{text.excused}}</th>
      <th class="n">{{text.madeOfRequired}}</th><th class="n">{{text.longestInterval}}</th><th class="n">{{text.excessWait}}</th><th>{{text.wages}}</th></tr></thead>
    {{#squadrons}}<tr><td class="n">{{rank}}</td><td>{{name}}</td><td class="w">{{leader}}</td><td class="n">{{score}}</td>
      <td><span class="rating {{ratingClass}}">{{rating}}</span>{{#vetoes}}<br><span class="soft">{{.}}</span>{{/vetoes}}</td>
      {{#hasTrend}}<td>{{{trend}}}</td>{{/hasTrend}}<td>{{{bar}}}</td><td class="n">{{missed}}</td><td class="n">{{unproven}}</td><td class="n">{{excused}}</td>
      <td class="n">{{made}}</td><td class="n">{{longest}}</td><td class="n">{{wait}}</td><td class="w">{{band}}</td></tr>
    {{/squadrons}}
    </table>
    <p class="soft">{{marks}}</p>
    {{#hasTrend}}<p class="soft">{{text.trendExplained}}</p>{{/hasTrend}}

    {{#hasDays}}<h2>{{text.daysHeading}}</h2>
    {{{days}}}
    <p class="soft">{{text.daysExplained}}</p>{{/hasDays}}

    <h2>{{text.dutiesHeading}}</h2>
    <table><thead>
    <tr><th>{{text.duty}}</th><th>{{text.group}}</th><th class="n">{{text.weight}}</th><th class="n">{{text.score}}</th><th>{{text.shares}}</th><th class="n">{{text.covered}}</th>
      <th class="n">{{text.missed}}</th><th class="n">{{text.unproven}}</th><th class="n">{{text.excused}}</th><th class="n">{{text.gaps}}</th>
      <th class="n">{{text.madeOfRequired}}</th><th class="n">{{text.longestInterval}}</th><th class="n">{{text.excessWait}}</th></tr></thead>
    {{#units}}<tr class="unit"><td colspan="13">{{name}}</td></tr>
    {{#duties}}<tr><td>{{name}}{{#veto}}<br><span class="soft">{{.}}</span>{{/veto}}</td><td>{{group}}</td><td class="n">{{weight}}</td><td class="n">{{score}}</td><td>{{{bar}}}</td><td class="n">{{covered}}</td>
      <td class="n">{{missed}}</td><td class="n">{{unproven}}</td><td class="n">{{excused}}</td><td class="n">{{gaps}}</td>
      <td class="n">{{made}}</td><td class="n">{{longest}}</td><td class="n">{{wait}}</td></tr>
    {{/duties}}{{/units}}
    </table>
    <p class="soft">{{text.waitExplained}}</p>{{/isAnything}}

    {{#hasCauses}}<h2>{{text.causesHeading}}</h2>
    <table><thead><tr><th>{{text.squadron}}</th><th>{{text.verdict}}</th><th>{{text.cause}}</th><th class="n">{{text.gaps}}</th><th class="n">{{text.windowsLost}}</th></tr></thead>
    {{#causes}}<tr><td>{{squadron}}</td><td>{{verdict}}</td><td>{{cause}}</td><td class="n">{{gaps}}</td><td class="n">{{windows}}</td></tr>
    {{/causes}}</table>
    <p class="soft">{{text.windowsLostExplained}}</p>{{/hasCauses}}

    {{#hasEstablishment}}<h2>{{text.establishmentHeading}}</h2>
    <table><thead><tr><th>{{text.squadron}}</th><th class="n">{{text.strength}}</th><th class="n">{{text.norm}}</th><th class="n">{{text.short}}</th></tr></thead>
    {{#establishment}}<tr><td>{{name}}</td><td class="n">{{strength}}</td><td class="n">{{norm}}</td><td class="n">{{short}}</td></tr>
    {{/establishment}}</table>
    <p class="soft">{{text.establishmentExplained}}</p>{{/hasEstablishment}}

    {{#hasMembers}}<h2>{{text.membersHeading}}</h2>
    <p class="soft">{{text.membersExplained}}</p>
    <table><thead><tr><th class="n">{{text.rank}}</th><th>{{text.member}}</th><th>{{text.group}}</th><th>{{text.handhelds}}</th><th class="n">{{text.days}}</th><th class="n">{{text.served}}</th>
      <th class="n">{{text.score}}</th><th>{{text.rating}}</th><th>{{text.shares}}</th><th class="n">{{text.missed}}</th><th class="n">{{text.unproven}}</th><th class="n">{{text.excused}}</th>
      <th>{{text.wages}}</th></tr></thead>
    {{#members}}<tr><td class="n">{{rank}}</td><td>{{name}}</td><td>{{group}}</td><td>{{handhelds}}</td><td class="n">{{days}}</td><td class="n">{{served}}</td>
      <td class="n">{{score}}</td><td><span class="rating {{ratingClass}}">{{rating}}</span></td><td>{{{bar}}}</td><td class="n">{{missed}}</td><td class="n">{{unproven}}</td><td class="n">{{excused}}</td>
      <td class="w">{{band}}</td></tr>
    {{/members}}</table>{{/hasMembers}}

    {{#hasTime}}<h2>{{text.dutyTimeHeading}}</h2>
    <table><thead><tr><th>{{text.squadron}}</th><th>{{text.group}}</th><th class="n">{{text.onDutyTime}}</th><th class="n">{{text.observed}}</th><th class="n">{{text.silent}}</th><th class="n">{{text.withoutPosition}}</th>
      <th class="n">{{text.rejected}}</th><th class="n">{{text.unreachable}}</th><th class="n">{{text.daemonDown}}</th><th class="n">{{text.availability}}</th><th class="n">{{text.kilometresOnLines}}</th></tr></thead>
    {{#timeOfUnits}}<tr class="{{class}}"><td>{{squadron}}</td><td>{{group}}</td><td class="n">{{onDuty}}</td><td class="n">{{observed}}</td><td class="n">{{silent}}</td><td class="n">{{noFix}}</td>
      <td class="n">{{rejected}}</td><td class="n">{{unreachable}}</td><td class="n">{{daemonDown}}</td><td class="n">{{availability}}</td><td class="n">{{kilometres}}</td></tr>
    {{/timeOfUnits}}</table>
    <p class="soft">{{text.availabilityExplained}}</p>

    {{#hasMembers}}<h2>{{text.membersTimeHeading}}</h2>
    <table><thead><tr><th>{{text.member}}</th><th>{{text.group}}</th><th>{{text.handhelds}}</th><th class="n">{{text.onDutyTime}}</th><th class="n">{{text.observed}}</th><th class="n">{{text.silent}}</th><th class="n">{{text.withoutPosition}}</th>
      <th class="n">{{text.rejected}}</th><th class="n">{{text.unreachable}}</th><th class="n">{{text.daemonDown}}</th><th class="n">{{text.availability}}</th><th class="n">{{text.kilometresOnLines}}</th></tr></thead>
    {{#members}}<tr><td>{{name}}</td><td>{{group}}</td><td>{{handhelds}}</td><td class="n">{{onDuty}}</td><td class="n">{{observed}}</td><td class="n">{{silent}}</td><td class="n">{{noFix}}</td>
      <td class="n">{{rejected}}</td><td class="n">{{unreachable}}</td><td class="n">{{daemonDown}}</td><td class="n">{{availability}}</td><td class="n">{{kilometres}}</td></tr>
    {{/members}}</table>{{/hasMembers}}

    <h2>{{text.modelsHeading}}</h2>
    <table><thead><tr><th>{{text.model}}</th><th class="n">{{text.handhelds}}</th><th class="n">{{text.onDutyTime}}</th><th class="n">{{text.observed}}</th><th class="n">{{text.silent}}</th><th class="n">{{text.withoutPosition}}</th>
      <th class="n">{{text.rejected}}</th><th class="n">{{text.unreachable}}</th><th class="n">{{text.daemonDown}}</th><th class="n">{{text.availability}}</th><th class="n">{{text.kilometresOnLines}}</th></tr></thead>
    {{#models}}<tr><td>{{model}}</td><td class="n">{{count}}</td><td class="n">{{onDuty}}</td><td class="n">{{observed}}</td><td class="n">{{silent}}</td><td class="n">{{noFix}}</td>
      <td class="n">{{rejected}}</td><td class="n">{{unreachable}}</td><td class="n">{{daemonDown}}</td><td class="n">{{availability}}</td><td class="n">{{kilometres}}</td></tr>
    {{/models}}</table>

    <h2>{{text.handheldsHeading}}</h2>
    <p class="soft">{{text.handheldsExplained}}</p>
    <table><thead><tr><th>{{text.handheld}}</th><th>{{text.model}}</th><th>{{text.group}}</th><th class="n">{{text.days}}</th><th class="n">{{text.onDutyTime}}</th><th class="n">{{text.observed}}</th><th class="n">{{text.silent}}</th><th class="n">{{text.withoutPosition}}</th>
      <th class="n">{{text.rejected}}</th><th class="n">{{text.unreachable}}</th><th class="n">{{text.daemonDown}}</th><th class="n">{{text.availability}}</th><th class="n">{{text.kilometresOnLines}}</th></tr></thead>
    {{#handhelds}}<tr><td>{{handheld}}</td><td>{{model}}</td><td>{{group}}</td><td class="n">{{days}}</td><td class="n">{{onDuty}}</td><td class="n">{{observed}}</td><td class="n">{{silent}}</td><td class="n">{{noFix}}</td>
      <td class="n">{{rejected}}</td><td class="n">{{unreachable}}</td><td class="n">{{daemonDown}}</td><td class="n">{{availability}}</td><td class="n">{{kilometres}}</td></tr>
    {{/handhelds}}</table>{{/hasTime}}

    {{#hasExcuses}}<h2>{{text.excusesHeading}}</h2>
    <table><thead><tr><th class="n">{{text.id}}</th><th>{{text.place}}</th><th>{{text.duty}}</th><th>{{text.window}}</th><th>{{text.stateOfExcuse}}</th><th>{{text.reasonGiven}}</th>
      <th>{{text.askedBy}}</th><th>{{text.decidedBy}}</th><th>{{text.gap}}</th></tr></thead>
    {{#excuses}}<tr><td class="n">{{id}}</td><td>{{place}}</td><td>{{duty}}</td><td>{{window}}</td><td class="w">{{state}}</td><td>{{reason}}</td>
      <td>{{asked}}</td><td>{{decided}}</td><td><code>{{gap}}</code></td></tr>
    {{/excuses}}</table>{{/hasExcuses}}

    {{{seals}}}

    <h2>{{text.besidesHeading}}</h2>
    {{#besides}}<p>{{.}}</p>
    {{/besides}}
    <p class="soft">{{drawnUp}} <code>{{digest}}</code></p>
    </body>
    </html>

    """
}
