internal import Geodesy
internal import Mustache
internal import Patrol

/// The list of the reports that lie in a folder. It fetches nothing; its links lead to the files beside it.
struct ShelfPage {
  /// Names of all files of the folder.
  let files: [String]
  /// Whose reports they are.
  let heading: String
  let texts: Texts

  private struct Entry {
    var kind: String
    var what: String
    var state: String
    var base: String
  }

  private static let kinds: [(name: String, text: Texts.Key)] = [
    ("shift", .ofShift), ("week", .ofWeek), ("month", .ofMonth), ("quarter", .ofQuarter),
  ]

  func html() throws -> String {
    let all = Set(files)
    let rows = entries.map { entry -> [String: Any] in
      let others = ["pdf", "xlsx", "csv", "json"].filter { all.contains("\(entry.base).\($0)") }
      return [
        "kind": Self.kinds.first { $0.name == entry.kind }.map { texts[$0.text] } ?? entry.kind,
        "what": told(entry), "link": "\(entry.base).html", "state": state(entry.state),
        "isOpen": entry.state != DueReport.State.final.rawValue,
        "others": others.map { ["name": $0, "link": "\(entry.base).\($0)"] },
      ]
    }
    return try MustacheTemplate(string: Self.template).render([
      "text": texts.byName, "language": texts.language.rawValue, "heading": heading,
      "rows": rows, "hasRows": !rows.isEmpty,
    ])
  }

  /// By kind, the newest first; a provisional report that a final one follows stands behind it.
  private var entries: [Entry] {
    let found = files.filter { $0.hasSuffix(".html") && $0 != "index.html" }.compactMap {
      file -> Entry? in
      let base = String(file.dropLast(5))
      let parts = base.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2, let dash = parts[0].firstIndex(of: "-") else { return nil }
      return Entry(
        kind: String(parts[0][..<dash]), what: String(parts[0][parts[0].index(after: dash)...]),
        state: parts[1], base: base)
    }
    func rank(_ entry: Entry) -> Int {
      Self.kinds.firstIndex { $0.name == entry.kind } ?? Self.kinds.count
    }
    return found.sorted { a, b in
      rank(a) != rank(b)
        ? rank(a) < rank(b) : (a.what, b.state) > (b.what, a.state)
    }
  }

  /// A shift's day with its weekday; of a period its days, too.
  private func told(_ entry: Entry) -> String {
    if let day = CivilDate(entry.what) { return texts.weekdayAndDate(day) }
    guard let period = Period(entry.what) else { return entry.what }
    let last = period.days.upperBound.adding(days: -1)
    return texts(.namedWithID, entry.what, "\(period.days.lowerBound) – \(last)")
  }

  private func state(_ name: String) -> String {
    switch DueReport.State(rawValue: name) {
    case .provisional: texts[.provisional]
    case .final: texts[.final]
    case nil: name
    }
  }

  static let template = """
    <!DOCTYPE html>
    <html lang="{{language}}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{heading}}</title>
    <style>
    body { font: 15px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
      color: #1c1c1c; margin: 0 auto; max-width: 860px; padding: 24px; }
    h1 { font-size: 26px; margin: 0; } p { margin: 6px 0 16px; } .soft { color: #556; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: 5px 8px; border-bottom: 1px solid #ddd; vertical-align: top; }
    th { font-weight: 600; color: #556; font-size: 13px; } .open { font-style: italic; }
    @media print { @page { size: A4; margin: 14mm; } body { max-width: none; padding: 0; font-size: 11px; } tr { break-inside: avoid; } }
    </style>
    </head>
    <body>
    <h1>{{heading}}</h1>
    <p class="soft">{{text.shelfExplained}}</p>
    {{^hasRows}}<p>{{text.shelfEmpty}}</p>{{/hasRows}}
    {{#hasRows}}<table><thead>
    <tr><th>{{text.kindOfReport}}</th><th>{{text.ofPeriod}}</th><th>{{text.stateOfExcuse}}</th><th>{{text.otherFormats}}</th></tr></thead>
    <tbody>
    {{#rows}}<tr><td>{{kind}}</td><td><a href="{{link}}">{{what}}</a></td><td{{#isOpen}} class="open"{{/isOpen}}>{{state}}</td><td>{{#others}}<a href="{{link}}">{{name}}</a> {{/others}}</td></tr>
    {{/rows}}</tbody></table>{{/hasRows}}
    </body>
    </html>

    """
}
