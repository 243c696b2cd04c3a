/// The pages of handhelds' qualifications. Their texts are in the catalogues of languages.
enum QualificationTemplate {
  private static let style = """
    <style>
    * { box-sizing: border-box; }
    body { font: 14px/1.45 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
      color: #1c1c1c; margin: 0 auto; max-width: 900px; padding: 24px; }
    h1 { font-size: 24px; margin: 0 0 8px; } h2 { font-size: 17px; margin: 24px 0 6px; }
    p { margin: 6px 0; } .soft { color: #445; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: 4px 6px; border-bottom: 1px solid #ccc; vertical-align: top; }
    th { font-weight: 600; color: #445; font-size: 13px; vertical-align: bottom; }
    td.n, th.n { text-align: right; } td.n { white-space: nowrap; }
    .state { border: 1px solid #999; border-left-width: 8px; padding: 8px 12px; font-size: 16px; }
    .state b { font-size: 20px; margin-right: 12px; } .state.failed { border-left-style: double; border-left-width: 12px; }
    td.passed, td.failed { white-space: nowrap; } td.fails, td.failed { font-weight: 700; text-decoration: underline; } td.undecided, td.differs { font-style: italic; }
    :lang(zh-Hans) td { font-style: normal; } :lang(zh-Hans) th { word-break: keep-all; }
    dl { display: grid; grid-template-columns: repeat(2, max-content 1fr); gap: 4px 14px; margin: 12px 0; }
    dt { color: #445; } dd { margin: 0; font-weight: 600; }
    .pair { display: flex; gap: 24px; align-items: flex-start; } figure { margin: 8px 0; flex: 1; }
    figcaption { font-size: 12px; color: #445; } svg { width: 100%; display: block; font-family: inherit; }
    @media print { @page { size: A4; margin: 12mm; } body { max-width: none; padding: 0; font-size: 10.5px; }
      h1 { font-size: 18px; } h2 { font-size: 13px; break-after: avoid; margin-top: 12px; } tr, figure, dl, .pictures { break-inside: avoid; }
      thead { display: table-header-group; } th { font-size: 9.5px; } th, td { padding: 2px 4px; }
      .state { font-size: 11px; } .state b { font-size: 14px; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
    </style>
    """

  private static let head = """
    <!DOCTYPE html>
    <html lang="{{language}}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{title}}</title>
    \(style)
    </head>
    <body>
    <h1>{{title}}</h1>
    """

  static let sheet =
    head + """

      <p class="state {{outcomeClass}}"><b>{{outcome}}</b>{{outcomeExplained}}</p>
      {{#why}}<p>{{.}}</p>{{/why}}
      <dl>{{#facts}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/facts}}</dl>

      <h2>{{text.claimsHeading}}</h2>
      <table><thead><tr><th>{{text.claim}}</th><th class="n">{{text.claimed}}</th><th class="n">{{text.found}}</th><th class="n">{{text.bounds}}</th><th>{{text.verdictTold}}</th></tr></thead>
      <tbody>{{#claims}}<tr><td>{{name}}</td><td class="n">{{claimed}}</td><td class="n">{{found}}</td><td class="n">{{bounds}}</td><td class="{{class}}">{{verdict}}</td></tr>
      {{/claims}}</tbody></table>
      <p class="soft">{{text.claimsExplained}}</p>

      <h2>{{text.provesHeading}}</h2>
      {{#proves}}<dl><dt>{{text.askedStay}}</dt><dd>{{stay}}</dd><dt>{{text.radius}}</dt><dd>{{radius}}</dd><dt>{{text.everyTold}}</dt><dd>{{every}}</dd></dl>{{/proves}}
      {{^proves}}<p>{{text.unsettledExplained}}</p>{{/proves}}
      <p class="soft">{{text.provesExplained}}</p>

      <h2>{{text.figuresHeading}}</h2>
      <table><thead><tr><th>{{text.figure}}</th><th class="n">{{text.found}}</th><th class="n">{{text.bounds}}</th></tr></thead>
      <tbody>{{#figures}}<tr><td>{{name}}</td><td class="n">{{value}}</td><td class="n">{{bounds}}</td></tr>
      {{/figures}}</tbody></table>

      <h2>{{text.gapsHeadingTold}}</h2>
      {{#hasGaps}}<table><thead><tr><th>{{text.causeTold}}</th><th class="n">{{text.count}}</th><th class="n">{{text.together}}</th><th class="n">{{text.longest}}</th></tr></thead>
      <tbody>{{#gaps}}<tr><td>{{cause}}</td><td class="n">{{count}}</td><td class="n">{{together}}</td><td class="n">{{longest}}</td></tr>
      {{/gaps}}</tbody></table>{{/hasGaps}}
      {{^hasGaps}}<p>{{text.noGapsTold}}</p>{{/hasGaps}}

      {{#hasPictures}}<section class="pictures"><h2>{{text.picturesHeading}}</h2>
      <div class="pair"><figure>{{{scatter}}}<figcaption>{{text.scatterCaption}}</figcaption></figure>
      <figure>{{{histogram}}}<figcaption>{{text.histogramCaption}}</figcaption></figure></div>
      <figure>{{{course}}}<figcaption>{{text.courseCaption}}</figcaption></figure></section>{{/hasPictures}}
      <p class="soft">{{drawnUp}}</p>
      </body>
      </html>

      """

  static let batch =
    head + """

      <table><thead><tr><th>{{text.serial}}</th><th>{{text.modelName}}</th><th>{{text.outcome}}</th><th class="n">CEP50</th><th class="n">CEP95</th><th class="n">{{text.interval}}</th><th class="n">{{text.firstFix}}</th><th class="n">{{text.fixShare}}</th><th>{{text.why}}</th></tr></thead>
      <tbody>{{#rows}}<tr><td>{{serial}}</td><td>{{model}}</td><td class="{{class}}">{{outcome}}</td><td class="n">{{half}}</td><td class="n">{{most}}</td><td class="n">{{interval}}</td><td class="n">{{firstFix}}</td><td class="n">{{fixShare}}</td><td>{{why}}</td></tr>
      {{/rows}}</tbody></table>
      <p class="soft">{{drawnUp}}</p>
      </body>
      </html>

      """
}
