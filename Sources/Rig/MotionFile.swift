public import Geodesy
internal import Patrol

/// Where a walker truly is, ten times a second, as gps-sdr-sim takes it (`-g`): the receiver in front of the radio makes
/// its own errors.
///
/// gps-sdr-sim reads GGA sentences alone, takes each for the next tenth of a second whatever time it tells, cuts them at
/// commas so that an empty field shifts those after it, and takes at most 99 characters of a line (`gpssim.h`,
/// `MAX_CHAR`) and 3,000 lines unless built with a larger `USER_MOTION_SIZE`.
public enum MotionFile {
  static let interval = Milliseconds(100)
  static let lineMaximum = 99
  /// As gps-sdr-sim is built by default.
  public static let linesUsual = 3000

  /// Of a walk, where nothing else is said.
  public static let height: Metres = 20

  /// - Parameter lasting: so much of the walk; nil: all.
  public static func text(
    of walker: Walker, lasting: Milliseconds? = nil, height: Metres = height
  ) -> String {
    var text = ""
    var at = walker.on.lowerBound
    let end = lasting.map { min(at + $0, walker.on.upperBound) } ?? walker.on.upperBound
    while at < end {
      let position = walker.precisePosition(at: at)
      // Seven decimals of a minute are 0.2 mm: a coarser grid would shake the signal's Doppler.
      text += NMEAWriter.checksummed(
        "GPGGA,\(NMEAWriter.time(at)),"
          + NMEAWriter.angle(position.latitude, degrees: 2, decimals: 7, "N", "S") + ","
          + NMEAWriter.angle(position.longitude, degrees: 3, decimals: 7, "E", "W")
          + ",1,12,0.90,\(NMEAWriter.fixed(height.value, 1)),M,0.0,M,,")
      at = at + interval
    }
    return text
  }

  public struct Findings: Sendable {
    public var lines: Int
    /// What gps-sdr-sim would misread or refuse, by line; at most a hundred.
    public var problems: [ScenarioProblem]
  }

  /// Checks a file of whatever origin.
  ///
  /// - Parameter speedMaximum: faster from line to line is a leap that no receiver follows.
  public static func check(
    _ text: String, file: String, speedMaximum: MetresPerSecond = 100
  ) -> Findings {
    var findings = Findings(lines: 0, problems: [])
    var last: (time: Milliseconds, position: Coordinate)?
    func fault(_ line: Int, _ message: String) {
      guard findings.problems.count < 100 else { return }
      findings.problems.append(ScenarioProblem(file: file, line: line, message))
    }
    // CR LF is one character.
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (n, line) in lines.enumerated() {
      let number = n + 1
      findings.lines += 1
      guard line.utf8.count < lineMaximum else {
        fault(number, "found \(line.utf8.count) characters; expected fewer than \(lineMaximum)")
        continue
      }
      do throws(Misread) {
        let (time, position) = try read(String(line))
        if let last {
          let step = (time - last.time).value
          // Over midnight.
          let since = step < -43_200_000 ? step + 86_400_000 : step
          if since != interval.value {
            fault(number, "found \(since) ms after the line before; expected \(interval.value) ms")
          }
          let far = position.distance(to: last.position)
          if far > speedMaximum * interval {
            fault(
              number,
              "found \(Int(far.value.rounded())) m from the line before; expected at most \((speedMaximum * interval).value) m"
            )
          }
        }
        last = (time, position)
      } catch { fault(number, error.message) }
    }
    if findings.lines == 0 {
      findings.problems.append(ScenarioProblem(file: file, line: nil, "found no line"))
    }
    return findings
  }

  private struct Misread: Error { var message: String }

  private static func read(_ line: String) throws(Misread) -> (Milliseconds, Coordinate) {
    let parts = line.split(separator: "*", omittingEmptySubsequences: false)
    guard line.hasPrefix("$"), parts.count == 2, parts[1].count == 2,
      let sum = UInt8(parts[1], radix: 16), parts[0].dropFirst().utf8.reduce(UInt8(0), ^) == sum
    else { throw Misread(message: "expected $…*hh with a checksum that fits") }
    let fields = parts[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard fields[0].count == 6, fields[0].hasSuffix("GGA") else {
      throw Misread(message: "found \(fields[0]); expected a GGA sentence alone")
    }
    guard fields.count >= 13 else {
      throw Misread(message: "found \(fields.count) fields; expected at least 13")
    }
    if let empty = (1...12).first(where: { fields[$0].isEmpty }) {
      throw Misread(
        message: "field \(empty) is empty; expected a value, as those after it would shift")
    }
    guard let time = time(fields[1]) else {
      throw Misread(message: "found the time \(fields[1]); expected hhmmss.s")
    }
    guard let latitude = degrees(fields[2], fields[3], 2, "N", "S"),
      let longitude = degrees(fields[4], fields[5], 3, "E", "W"),
      let position = Coordinate(latitude: latitude, longitude: longitude)
    else {
      throw Misread(
        message:
          "found \(fields[2...5].joined(separator: ",")); expected ddmm.mmmm,N,dddmm.mmmm,E")
    }
    guard Double(fields[9]) != nil, Double(fields[11]) != nil else {
      throw Misread(message: "found heights \(fields[9]), \(fields[11]); expected metres")
    }
    return (time, position)
  }

  private static func time(_ text: String) -> Milliseconds? {
    let digits = Array(text)
    guard digits.count >= 6, digits[..<6].allSatisfy(\.isNumber),
      let hours = Int(text.prefix(2)), hours < 24,
      let minutes = Int(text.dropFirst(2).prefix(2)), minutes < 60,
      let seconds = Double(text.dropFirst(4)), seconds < 60
    else { return nil }
    return Milliseconds(seconds: Double(hours * 3600 + minutes * 60) + seconds)
  }

  private static func degrees(
    _ text: String, _ side: String, _ width: Int, _ plus: String, _ minus: String
  ) -> Double? {
    guard side == plus || side == minus, text.count > width + 2,
      let whole = Int(text.prefix(width)),
      text.dropFirst(width).prefix(2).allSatisfy(\.isNumber),
      let minutes = Double(text.dropFirst(width)), minutes < 60
    else { return nil }
    let value = Double(whole) + minutes / 60
    return side == minus ? -value : value
  }
}
