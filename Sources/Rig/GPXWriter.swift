internal import Geodesy
internal import Patrol

/// Fixes as a GPX 1.1 track, in the order in which they were received.
enum GPXWriter {
  static func text(_ fixes: [Fix], name: String) -> String {
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <gpx version="1.1" creator="patrolctl" xmlns="http://www.topografix.com/GPX/1/1">
      <trk><name>\(escaped(name))</name><trkseg>

      """
    for fix in fixes {
      text +=
        "<trkpt lat=\"\(NMEAWriter.fixed(fix.position.latitude, 7))\" "
        + "lon=\"\(NMEAWriter.fixed(fix.position.longitude, 7))\"><time>\(fix.time.text())</time>"
      if let hdop = fix.hdop { text += "<hdop>\(NMEAWriter.fixed(hdop, 2))</hdop>" }
      text += "</trkpt>\n"
    }
    return text + "</trkseg></trk>\n</gpx>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }
}
