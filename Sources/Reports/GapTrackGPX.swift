internal import Coverage
internal import Geodesy
internal import Patrol
internal import Store

extension GapAccount {
  /// A track as GPX 1.1. What is usable is a track, in segments between silences; what proves nothing are waypoints named
  /// by their gate. Accuracy, gate and the like stand in extensions of our own namespace. Reports without a position have
  /// no place in GPX.
  public func gpx(of track: GapTrack) -> String {
    let name = "\(track.handheld) about gap \(gap.id)"
    let positions = track.reports.compactMap { entry in
      entry.observation.fix.map { (fix: $0, entry: entry) }
    }
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <gpx version="1.1" creator="patrold \(ProgramIdentity.version)" xmlns="http://www.topografix.com/GPX/1/1" \
      xmlns:patrold="\(GPX.namespace)">
        <metadata>
          <name>\(SVG.escaped(name))</name>
          <desc>Reports from \(plan.zone.text(deciding.lowerBound)) to \(plan.zone.text(deciding.upperBound)), the time \
      that decides. The track has what is usable; waypoints are what proves nothing, named by why.</desc>
        </metadata>

      """
    for (fix, entry) in positions {
      guard let gate = entry.gate else { continue }
      text += GPX.point("wpt", fix, entry, "<name>\(gate.rawValue)</name><type>unusable</type>")
    }
    text += "  <trk>\n    <name>\(SVG.escaped(name))</name>\n"
    var last: Fix?
    for (fix, entry) in positions where entry.gate == nil {
      let isBroken = last.map { track.isSilent(between: $0, and: fix) } ?? true
      if isBroken { text += (last == nil ? "" : "    </trkseg>\n") + "    <trkseg>\n" }
      text += GPX.point("trkpt", fix, entry, "")
      last = fix
    }
    if last != nil { text += "    </trkseg>\n" }
    return text + "  </trk>\n</gpx>\n"
  }
}

extension GapTrack {
  fileprivate func isSilent(between a: Fix, and b: Fix) -> Bool {
    a.time < b.time && silences.contains { $0.overlaps(a.time..<b.time) }
  }
}

private enum GPX {
  static let namespace = "urn:patrold:gpx:1"

  /// `named`: the elements that come between time and fix in the schema's order.
  static func point(_ element: String, _ fix: Fix, _ entry: Trace.Judged, _ named: String)
    -> String
  {
    // The schema has longitudes below 180°.
    let longitude = Decimal.text(fix.position.longitude, 7)
    var text = """
      \(element == "wpt" ? "  " : "      ")<\(element) lat="\(Decimal.text(fix.position.latitude, 7))" \
      lon="\(longitude == "180.0000000" ? "-180.0000000" : longitude)">\
      <time>\(fix.time.text())</time>\(named)<fix>\(quality(of: fix))</fix>
      """
    text += fix.hdop.map { "<hdop>\(Decimal.text($0, 3))</hdop>" } ?? ""
    text += "<extensions>"
    func add(_ name: String, _ value: String?) {
      text += value.map { "<patrold:\(name)>\($0)</patrold:\(name)>" } ?? ""
    }
    add("accuracy_m", fix.accuracy.map { Decimal.text($0.value, 3) })
    add("speed_mps", fix.speed.map { Decimal.text($0.value, 3) })
    add("track_deg", fix.track.map { Decimal.text($0, 4) })
    add("received_at", entry.observation.receivedAt.text())
    add("gate", entry.gate?.rawValue ?? "usable")
    return text + "</extensions></\(element)>\n"
  }

  private static func quality(of fix: Fix) -> String {
    guard fix.mode >= 2 else { return "none" }
    return fix.status == 2 ? "dgps" : fix.mode == 2 ? "2d" : "3d"
  }
}
