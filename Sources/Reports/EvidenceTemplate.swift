/// The page of an evidence bundle.
enum EvidenceTemplate {
  static let text = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Gap {{id}}</title>
    <style>
    * { box-sizing: border-box; }
    body { font: 15px/1.45 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: #1c1c1c;
      margin: 0 auto; max-width: 1100px; padding: 24px; }
    h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 32px 0 8px; }
    p { margin: 6px 0; } .soft { color: #667; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: 5px 8px; border-bottom: 1px solid #ddd; vertical-align: top; }
    th { font-weight: 600; color: #667; font-size: 13px; white-space: nowrap; } td.t { white-space: nowrap; }
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
    <h1>Gap {{id}}</h1>
    <p>{{brigade}} <span class="soft">(times are local, {{zone}}, with their offset)</span></p>
    {{#isWithdrawn}}<p class="note">Withdrawn at {{withdrawn}}: later evidence disproved it, and it counts no more.</p>{{/isWithdrawn}}
    {{#isOpen}}<p class="note">Still open: judged up to {{judged}}.</p>{{/isOpen}}
    <p><b>{{meaning}}</b></p>
    <table>
    {{#facts}}<tr><th>{{name}}</th><td>{{value}}</td></tr>
    {{/facts}}
    </table>

    <h2>Excuses</h2>
    {{^hasExcuses}}<p>None was asked for.</p>{{/hasExcuses}}
    {{#hasExcuses}}
    <table>
    <tr><th>reason</th><th>state</th><th>course</th></tr>
    {{#excuses}}<tr><td>{{reason}}</td><td>{{state}}</td><td>{{course}}</td></tr>
    {{/excuses}}
    </table>
    {{/hasExcuses}}

    <h2>Picture</h2>
    {{{picture}}}

    <h2>How it came to stand as it does</h2>
    <table>
    <tr><th>n</th><th>at</th><th>what happened</th><th>as it stood then</th></tr>
    {{#revisions}}<tr><td>{{n}}</td><td class="t">{{at}}</td><td>{{what}}</td><td>{{state}}</td></tr>
    {{/revisions}}
    </table>

    <h2>Explanation</h2>
    <pre>{{explanation}}</pre>

    <h2>Beside this page</h2>
    <table>
    {{#files}}<tr><th><a href="{{link}}">{{name}}</a></th><td>{{what}}</td></tr>
    {{/files}}
    </table>
    <p class="soft">Drawn up by patrold {{version}} from what is stored under plan {{digest}}.</p>
    </body>
    </html>

    """
}
