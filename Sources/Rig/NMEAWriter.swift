public import Geodesy
internal import Glibc
public import Patrol

/// NMEA 0183 sentences as a receiver of some model writes them: RMC, GGA, GSA and GST.
///
///     $GNRMC,100503.00,A,2840.20000,N,11553.40000,E,2.72,90.0,101126,,,A*6F
public struct NMEAWriter: Sendable {
  private let talker: String
  private let sentences: [String]
  /// Of a minute.
  private let decimals: Int

  /// Sentences of the model that are none of these four are left out.
  public init(_ model: DeviceModel) {
    talker = model.talker
    sentences = model.sentences
    decimals = model.quirks.contains(.fourDecimals) ? 4 : 5
  }

  /// An epoch without a position: what of the sentences tells so.
  public func void(at time: Instant) -> String {
    let clock = Self.time(time)
    return sentences.compactMap { formatter in
      switch formatter {
      case "RMC": "RMC,\(clock),V,,,,,,,\(Self.date(time)),,,N"
      case "GGA": "GGA,\(clock),,,,,0,00,99.99,,,,,,"
      case "GSA": "GSA,A,1,,,,,,,,,,,,,99.99,99.99,99.99"
      default: nil
      }
    }.map { Self.checksummed(talker + $0) }.joined()
  }

  /// One epoch: every sentence with its checksum and CR LF.
  /// - Parameter deviation: of each axis, for GST.
  public func text(_ fix: Fix, deviation: Metres) -> String {
    sentences.compactMap { body($0, fix, deviation) }.map { Self.checksummed(talker + $0) }.joined()
  }

  /// One report, spoilt where it is.
  func text(_ epoch: Epoch) -> String {
    let text =
      switch epoch.report {
      case .fix(let fix): self.text(fix, deviation: epoch.deviation)
      case .noFix: void(at: epoch.time)
      }
    switch epoch.damage {
    case nil: return text
    case .checksum:
      return text.split(separator: "\r\n").map { line in
        // The next digit: never the right one.
        let wrong = String((line.last!.hexDigitValue! + 1) % 16, radix: 16, uppercase: true)
        return "\(line.dropLast())\(wrong)\r\n"
      }.joined()
    case .truncated:
      return text.split(separator: "\r\n").map { "\($0.prefix($0.count / 2))\r\n" }.joined()
    }
  }

  /// `$…*hh` with CR LF; the checksum is the exclusive or of all between.
  public static func checksummed(_ body: String) -> String {
    let sum = body.utf8.reduce(UInt8(0), ^)
    let digits = String(sum, radix: 16, uppercase: true)
    return "$\(body)*\(digits.utf8.count < 2 ? "0" : "")\(digits)\r\n"
  }

  private func body(_ formatter: String, _ fix: Fix, _ deviation: Metres) -> String? {
    let time = Self.time(fix.time)
    let position =
      Self.angle(fix.position.latitude, degrees: 2, decimals: decimals, "N", "S") + ","
      + Self.angle(fix.position.longitude, degrees: 3, decimals: decimals, "E", "W")
    let hdop = fix.hdop.map { Self.fixed($0, 2) } ?? ""
    switch formatter {
    case "RMC":
      let knots = fix.speed.map { Self.fixed($0.value * 3600 / 1852, 2) } ?? ""
      let track = fix.track.map { Self.fixed($0, 1) } ?? ""
      return
        "RMC,\(time),A,\(position),\(knots),\(track),\(Self.date(fix.time)),,,\(fix.status == 8 ? "S" : "A")"
    case "GGA":
      let quality = fix.status == 8 ? 8 : 1
      return "GGA,\(time),\(position),\(quality),12,\(hdop),20.0,M,0.0,M,,"
    case "GSA":
      return "GSA,A,\(fix.mode),01,02,03,04,05,06,07,08,09,10,11,12,1.60,\(hdop),1.30"
    case "GST":
      let d = Self.fixed(deviation.value, 2)
      return "GST,\(time),\(d),\(d),\(d),0.0,\(d),\(d),\(Self.fixed(deviation.value * 2, 2))"
    default: return nil
    }
  }

  static func time(_ instant: Instant) -> String {
    let text = instant.text()  // 2026-11-10T10:00:00[.mmm]Z
    let ms = Int(((instant.milliseconds % 1000) + 1000) % 1000)
    let clock = text.dropFirst(11).prefix(8).filter { $0 != ":" }
    return clock + "." + padded(ms / 10, 2)
  }

  private static func date(_ instant: Instant) -> String {
    let text = Array(instant.text().prefix(10))
    return String(text[8...9]) + String(text[5...6]) + String(text[2...3])
  }

  /// ddmm.mmmmm and the hemisphere; five decimals of a minute are about 2 cm.
  static func angle(
    _ value: Double, degrees width: Int, decimals: Int, _ plus: String, _ minus: String
  ) -> String {
    let scale = Int(pow(10, Double(decimals)))
    let units = Int((abs(value) * 60 * Double(scale)).rounded())
    let (minutes, fraction) = (units / scale, units % scale)
    return padded(minutes / 60, width) + padded(minutes % 60, 2) + "." + padded(fraction, decimals)
      + "," + (value < 0 ? minus : plus)
  }

  private static func padded(_ n: Int, _ width: Int) -> String {
    let digits = String(n)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// With so many decimals; for values of ordinary size.
  static func fixed(_ x: Double, _ decimals: Int) -> String {
    let scale = Int(pow(10, Double(decimals)))
    let n = Int((abs(x) * Double(scale)).rounded())
    return (x < 0 && n > 0 ? "-" : "") + "\(n / scale)." + padded(n % scale, decimals)
  }
}
