internal import Reports

/// A page that links to everything there is, for whoever comes with a browser.
enum LandingPage {
  /// Fetches and runs nothing.
  static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"

  static func html(_ brigade: String) -> String {
    let collections = Collection.allCases.map { collection in
      let path = "/collections/\(collection.rawValue)"
      return """
        <tr><td><a href="\(path)/items">\(collection.rawValue)</a></td><td>\(escaped(collection.title))</td>
        <td><a href="\(path)">about it</a></td></tr>
        """
    }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>\(escaped(brigade))</title>
      <meta name="viewport" content="width=device-width">
      <style>body { font: 15px/1.5 system-ui, sans-serif; margin: 24px auto; max-width: 760px; padding: 0 16px; }
      table { border-collapse: collapse; width: 100%; } td { padding: 4px 8px 4px 0; border-bottom: 1px solid #ddd; vertical-align: top; }
      code { background: #f2f2f2; padding: 1px 4px; }</style></head>
      <body><h1>\(escaped(brigade))</h1>
      <h2>Features</h2>
      <table>
      \(collections.joined(separator: "\n"))
      </table>
      <p>QGIS and GDAL open them as they are: <code>OAPIF:http://…/</code>. <a href="/collections">All collections</a>,
      <a href="/api">the API</a> (OpenAPI 3.1), <a href="/conformance">conformance</a>.</p>
      <h2>Reports</h2>
      <p><code>/reports/shift/2026-11-20</code>, <code>/reports/week/2026-W47</code>, <code>/reports/month/2026-11</code>,
      <code>/reports/quarter/2026-Q4</code>; the last shift: <a href="/reports/shift/latest">shift</a>.</p>
      <h2>Live</h2>
      <p><a href="/events">Events</a> (Server-Sent Events).</p>
      <h2>The daemon</h2>
      <p><a href="/healthz">healthz</a>, <a href="/readyz">readyz</a>, <a href="/metrics">metrics</a>.</p>
      </body></html>

      """
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
