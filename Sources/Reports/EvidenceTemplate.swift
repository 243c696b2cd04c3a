/// The page of an evidence bundle.
enum EvidenceTemplate {
  static let text = """
    <!DOCTYPE html>
    <html lang="{{language}}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{title}}</title>
    <style>
    * { box-sizing: border-box; }
    body { font: 15px/1.45 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: #1c1c1c;
      margin: 0 auto; max-width: 1100px; padding: 24px; }
    h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 32px 0 8px; }
    p { margin: 6px 0; } .soft { color: #667; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: 5px 8px; border-bottom: 1px solid #ddd; vertical-align: top; }
    th { font-weight: 600; color: #667; font-size: 13px; white-space: nowrap; } td.t { white-space: nowrap; } td.n, th.n { text-align: right; }
    .note { background: #fff8e1; border: 1px solid #ffe082; padding: 6px 12px; border-radius: 4px; }
    svg { width: 100%; height: auto; border: 1px solid #ddd; }
    pre { font: 12px/1.4 ui-monospace, "Noto Sans Mono", "Noto Sans Mono CJK SC", monospace; white-space: pre-wrap;
      overflow-wrap: anywhere; }
    @media print { body { max-width: none; padding: 0; font-size: 11px; } h2 { break-after: avoid; }
      tr, svg { break-inside: avoid; } svg { max-height: 240mm; } pre { font-size: 8.5px; } th { font-size: 10px; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
    </style>
    </head>
    <body>
    <h1>{{title}}</h1>
    <p>{{brigade}} <span class="soft">· {{localTimes}}</span></p>
    {{#isWithdrawn}}<p class="note">{{withdrawn}}</p>{{/isWithdrawn}}
    {{#isOpen}}<p class="note">{{open}}</p>{{/isOpen}}
    <p><b>{{meaning}}</b></p>
    <table>
    {{#facts}}<tr><th>{{name}}</th><td>{{value}}</td></tr>
    {{/facts}}
    </table>

    <h2>{{text.excusesHeading}}</h2>
    {{^hasExcuses}}<p>{{gap.noExcuses}}</p>{{/hasExcuses}}
    {{#hasExcuses}}
    <table>
    <tr><th class="n">{{text.id}}</th><th>{{text.stateOfExcuse}}</th><th>{{text.reasonGiven}}</th><th>{{text.askedBy}}</th><th>{{text.decidedBy}}</th></tr>
    {{#excuses}}<tr><td class="n">{{id}}</td><td>{{state}}</td><td>{{reason}}</td><td>{{asked}}</td><td>{{decided}}</td></tr>
    {{/excuses}}
    </table>
    {{/hasExcuses}}

    <h2>{{gap.pictureHeading}}</h2>
    {{{picture}}}

    <h2>{{gap.historyHeading}}</h2>
    <table>
    <tr><th class="n">{{gap.number}}</th><th>{{gap.at}}</th><th>{{gap.happened}}</th><th>{{gap.stoodThen}}</th></tr>
    {{#revisions}}<tr><td class="n">{{n}}</td><td class="t">{{at}}</td><td>{{what}}</td><td>{{state}}</td></tr>
    {{/revisions}}
    </table>

    <h2>{{gap.explanationHeading}}</h2>
    <pre>{{explanation}}</pre>

    <h2>{{gap.besideHeading}}</h2>
    <table>
    {{#files}}<tr><th><a href="{{link}}">{{name}}</a></th><td>{{what}}</td></tr>
    {{/files}}
    </table>
    <p>{{gap.sumsTold}} <code>sha256sum -c SHA256SUMS</code></p>
    <p class="soft">{{drawnUp}}</p>
    </body>
    </html>

    """
}
