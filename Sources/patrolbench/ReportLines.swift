import Foundation

/// Reports of a gpsd 3.22, made up: each a different moment and position, all equally long.
struct ReportLines {
  /// The lines one after another, each with a NUL behind it, as `gps_unpack` needs them.
  private(set) var bytes: [UInt8] = []
  /// Where each line lies in `bytes`, without its NUL.
  private(set) var ranges: [Range<Int>] = []
  let length: Int

  static let count = 1_000

  private init(_ line: (_ n: Int, _ random: inout SplitMix) -> String) {
    var random = SplitMix(3)
    for n in 0..<Self.count {
      let start = bytes.count
      bytes += line(n, &random).utf8
      ranges.append(start..<bytes.count)
      bytes.append(0)
    }
    length = ranges[0].count
    precondition(ranges.allSatisfy { [length] in $0.count == length }, "lines of one length")
  }

  /// As gpsd prints them for a receiver that tells RMC, GGA, GSA and GST.
  static let tpv = ReportLines { n, random in
    let time = String(format: "2026-11-20T12:%02d:%02d.000Z", n / 60, n % 60)
    func value(_ low: Double, _ high: Double, _ format: String) -> String {
      String(format: format, Double.random(in: low...high, using: &random))
    }
    return """
      {"class":"TPV","device":"udp://0.0.0.0:5931#handheld-000017","status":2,"mode":3,"time":"\(time)",\
      "leapseconds":18,"ept":0.005,"lat":\(value(28.67, 28.69, "%.9f")),"lon":\(value(115.88, 115.9, "%.9f")),\
      "altHAE":\(value(20, 30, "%.4f")),"altMSL":\(value(30, 40, "%.4f")),\
      "alt":\(value(30, 40, "%.4f")),"epx":\(value(2, 6, "%.3f")),"epy":\(value(2, 6, "%.3f")),\
      "epv":\(value(6, 9, "%.3f")),"track":\(value(100, 359, "%.4f")),"magvar":-4.9,\
      "speed":\(value(0.5, 1.8, "%.3f")),"climb":\(value(0, 0.2, "%.3f")),\
      "eps":\(value(1, 9, "%.2f")),"epc":\(value(11, 19, "%.2f")),"geoidSep":-11.120,\
      "eph":\(value(3, 9, "%.3f")),"sep":\(value(6, 9, "%.3f"))}
      """
  }

  /// Twelve satellites in view.
  static let sky = ReportLines { n, random in
    let time = String(format: "2026-11-20T12:%02d:%02d.000Z", n / 60, n % 60)
    func value(_ low: Double, _ high: Double, _ format: String) -> String {
      String(format: format, Double.random(in: low...high, using: &random))
    }
    let satellites = (11...22).map { prn in
      """
      {"PRN":\(prn),"el":\(value(10, 80, "%.1f")),"az":\(value(100, 350, "%.1f")),\
      "ss":\(value(20, 45, "%.1f")),"used":true,"gnssid":0,"svid":\(prn)}
      """
    }
    return """
      {"class":"SKY","device":"udp://0.0.0.0:5931#017","time":"\(time)",\
      "xdop":\(value(0.5, 1, "%.2f")),"ydop":\(value(0.5, 1, "%.2f")),\
      "vdop":\(value(1, 2, "%.2f")),"tdop":\(value(0.5, 1, "%.2f")),\
      "hdop":\(value(0.7, 2, "%.2f")),"gdop":\(value(1, 3, "%.2f")),\
      "pdop":\(value(1, 2, "%.2f")),"nSat":12,"uSat":12,\
      "satellites":[\(satellites.joined(separator: ","))]}
      """
  }
}
