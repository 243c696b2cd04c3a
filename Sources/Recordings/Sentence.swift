internal import Geodesy

/// One NMEA 0183 sentence, its checksum verified where it has one.
struct Sentence: Hashable, Sendable {
  /// `RMC`, whatever the talker; nil for proprietary sentences.
  var formatter: String?
  /// After the address, checksum cut off.
  var fields: [Substring]

  enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
    case start
    case characters
    case checksum(told: String, computed: String)

    var description: String {
      switch self {
      case .start: "expected a sentence that starts with $"
      case .characters: "expected printable ASCII"
      case .checksum(let told, let computed): "expected checksum \(computed), got \(told)"
      }
    }
  }

  /// A line without its newline.
  init(_ line: some Collection<UInt8>) throws(Fault) {
    guard line.first == UInt8(ascii: "$") else { throw .start }
    var body: [UInt8] = []
    for byte in line.dropFirst() {
      guard byte != 0x0d else { break }
      guard (0x20..<0x7f).contains(byte) else { throw .characters }
      body.append(byte)
    }
    if let star = body.lastIndex(of: UInt8(ascii: "*")) {
      let told = String(decoding: body[(star + 1)...].prefix(2), as: UTF8.self)
      let sum = body[..<star].reduce(0, ^)
      guard UInt8(told, radix: 16) == sum else {
        throw .checksum(told: told, computed: Self.hex(sum))
      }
      body.removeSubrange(star...)
    }
    let parts = String(decoding: body, as: UTF8.self)
      .split(separator: ",", omittingEmptySubsequences: false)
    let address = parts.first ?? ""
    formatter = address.count == 5 && address.first != "P" ? String(address.suffix(3)) : nil
    fields = Array(parts.dropFirst())
  }

  /// Two capital hexadecimal digits.
  static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count < 2 ? "0" + digits : digits
  }

  /// The field's text; nil where it is empty or not there.
  func text(_ index: Int) -> Substring? {
    guard fields.indices.contains(index), !fields[index].isEmpty else { return nil }
    return fields[index]
  }

  /// Nil where it is no finite number.
  func number(_ index: Int) -> Double? {
    text(index).flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
  }

  /// `hhmmss[.sss]` as the time since midnight; nil for anything else.
  func timeOfDay(_ index: Int) -> Milliseconds? {
    guard let text = text(index), let value = number(index), value >= 0, value < 240_000,
      text.utf8.prefix(while: { $0 != UInt8(ascii: ".") }).count == 6
    else { return nil }
    let whole = Int(value)
    let (hours, minutes, seconds) = (whole / 10_000, whole / 100 % 100, whole % 100)
    guard hours < 24, minutes < 60, seconds <= 60 else { return nil }
    let fraction = Int64(((value - Double(whole)) * 1000).rounded())
    return .hours(hours) + .minutes(minutes) + .seconds(seconds) + Milliseconds(fraction)
  }

  /// `ddmmyy`; 80…99 are of the last century, as gpsd has it.
  func date(_ index: Int) -> CivilDate? {
    guard let text = text(index), text.utf8.count == 6, let value = UInt32(text) else { return nil }
    let year = Int(value % 100)
    return CivilDate(
      year: year + (year >= 80 ? 1900 : 2000), month: Int(value / 100 % 100),
      day: Int(value / 10_000))
  }

  /// `ddmm.mmmm,N,dddmm.mmmm,E` from `index` on.
  func position(_ index: Int) -> Coordinate? {
    guard let latitude = degrees(index, "N", "S"), let longitude = degrees(index + 2, "E", "W")
    else { return nil }
    return Coordinate(latitude: latitude, longitude: longitude)
  }

  private func degrees(_ index: Int, _ plus: Substring, _ minus: Substring) -> Double? {
    guard let value = number(index), value >= 0, value <= 18_000 else { return nil }
    let whole = (value / 100).rounded(.down)
    let minutes = value - whole * 100
    guard minutes < 60 else { return nil }
    let degrees = whole + minutes / 60
    return text(index + 1) == plus ? degrees : text(index + 1) == minus ? -degrees : nil
  }
}
