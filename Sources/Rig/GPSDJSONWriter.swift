internal import Geodesy
public import Patrol

/// Fixes as gpsd's JSON has them, one TPV object a line.
///
///     {"class":"TPV","device":"cy-104","mode":3,"time":"2026-11-10T10:00:00.000Z","lat":28.67,"lon":115.89,…}
public enum GPSDJSONWriter {
  /// Without a line feed. Coordinates have seven decimals, as stored.
  public static func line(_ fix: Fix, device: String) -> String {
    var text = "{\"class\":\"TPV\",\"device\":\"\(escaped(device))\",\"mode\":\(fix.mode)"
    if let status = fix.status { text += ",\"status\":\(status)" }
    var time = fix.time.text()
    if !time.contains(".") { time = time.dropLast() + ".000Z" }
    text += ",\"time\":\"\(time)\""
    text += ",\"lat\":\(NMEAWriter.fixed(fix.position.latitude, 7))"
    text += ",\"lon\":\(NMEAWriter.fixed(fix.position.longitude, 7))"
    if let accuracy = fix.accuracy { text += ",\"eph\":\(NMEAWriter.fixed(accuracy.value, 3))" }
    if let track = fix.track { text += ",\"track\":\(NMEAWriter.fixed(track, 4))" }
    if let speed = fix.speed { text += ",\"speed\":\(NMEAWriter.fixed(speed.value, 3))" }
    return text + "}"
  }

  static func line(_ epoch: Epoch, device: String) -> String {
    switch epoch.report {
    case .fix(let fix): line(fix, device: device)
    case .noFix(let mode):
      "{\"class\":\"TPV\",\"device\":\"\(escaped(device))\",\"mode\":\(mode)}"
    }
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { out, c in
      if c == "\"" || c == "\\" { out.append("\\") }
      out.append(c)
    }
  }
}
