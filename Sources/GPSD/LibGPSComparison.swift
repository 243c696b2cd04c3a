internal import Geodesy

/// What `MessageParser` and libgps make of one line, field by field.
///
/// A `TPV`'s mode, time, latitude, longitude, eph, speed and track and a `SKY`'s hdop are compared; lines that libgps
/// must not see, and lines of other classes, are not.
public enum LibGPSComparison: Hashable, Sendable {
  case equal
  case different([Difference])
  /// libgps was not asked.
  case withheld(LibGPSDecoder.Refusal)
  /// The parser refuses the line; libgps has no way to.
  case refused(MalformedMessage, known: Peculiarity?)
  /// A class of which neither reads anything.
  case other

  public struct Difference: Hashable, Sendable, CustomStringConvertible {
    public var field: String
    public var ours: String
    public var theirs: String
    /// Where libgps is known to be wrong; nil where nobody can tell who is.
    public var known: Peculiarity?

    public var description: String { "\(field): ours \(ours), libgps \(theirs)" }
  }

  /// What libgps 3.22 is known to read otherwise than it is written; each with a test of its own.
  public enum Peculiarity: String, Hashable, Sendable, CaseIterable {
    case nested = "libgps loses what comes after an object or array that it does not know"
    case impossible = "libgps hands on values that cannot be, such as latitude 91 or an eph below 0"
    case offset = "libgps takes no notice of a time's offset from UTC"
    case calendar = "libgps rolls dates that do not exist over, and misses days before 1970"
    case valueKind =
      "libgps takes values of the wrong kind, and returns mode 3 with latitude NaN for \"lat\":abc"
  }
}

extension LibGPSComparison {
  /// `line` is without its newline; a CR at its end is passed over.
  public static func of(
    _ line: [UInt8], _ parser: inout MessageParser, _ decoder: borrowing LibGPSDecoder
  ) -> LibGPSComparison {
    let line = line.last == 0x0d ? line.dropLast() : line[...]
    let read: Result<[Message], MalformedMessage>
    do throws(MalformedMessage) {
      read = .success(try parser.messages(in: Array(line)))
    } catch { read = .failure(error) }
    // Only what is asked of both; libgps leaks and stumbles over many another class.
    if case .success(let messages) = read {
      guard messages.count == 1 else { return .other }
      switch messages[0] {
      case .tpv, .sky: break
      default: return .other
      }
    }
    let theirs: LibGPSDecoder.Reading
    do throws(LibGPSDecoder.Refusal) { theirs = try decoder.decode(line) } catch {
      return .withheld(error)
    }
    switch read {
    case .failure(let fault):
      return .refused(fault, known: peculiarity(behind: fault, line))
    case .success(let messages):
      let found = differences(messages[0], theirs, text: line)
      return found.isEmpty ? .equal : .different(found)
    }
  }

  private static func differences(
    _ ours: Message, _ theirs: LibGPSDecoder.Reading, text: ArraySlice<UInt8>
  ) -> [Difference] {
    var found: [Difference] = []
    let hasNested = text.dropFirst().contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }
    func told(_ value: (some Any)?) -> String { value.map { "\($0)" } ?? "none" }
    func add(_ field: String, _ a: (some Any)?, _ b: (some Any)?, _ known: Peculiarity?) {
      let isLost = hasNested && a != nil && (b == nil || field == "mode")
      found.append(
        Difference(
          field: field, ours: told(a), theirs: told(b), known: known ?? (isLost ? .nested : nil)))
    }
    func compare(_ field: String, _ a: Double?, _ b: Double?, _ range: ClosedRange<Double>) {
      let possible = b.flatMap { range.contains($0) ? $0 : nil }
      // Its own strtod is off by a unit or two in the last place where there is an exponent.
      let tolerance = (possible ?? 0).ulp * 2
      if (a == nil) != (possible == nil) || abs((a ?? 0) - (possible ?? 0)) > tolerance {
        add(field, a, b, nil)
      } else if b != nil, possible == nil {
        add(field, a, b, .impossible)
      }
    }
    let most = Double.greatestFiniteMagnitude
    switch ours {
    case .tpv(let tpv):
      if tpv.mode != theirs.mode { add("mode", tpv.mode, theirs.mode, nil) }
      if tpv.time != theirs.time {
        add("time", tpv.time, theirs.time, peculiarity(of: tpv.time, theirs.time))
      }
      compare("lat", tpv.latitude, theirs.latitude, -90...90)
      compare("lon", tpv.longitude, theirs.longitude, -180...180)
      compare("eph", tpv.eph, theirs.eph, 0...most)
      compare("speed", tpv.speed, theirs.speed, 0...most)
      compare("track", tpv.track, theirs.track.map { $0 == 360 ? 0 : $0 }, 0...360)
    case .sky(let sky): compare("hdop", sky.hdop, theirs.hdop, 0...most)
    default: break
    }
    return found
  }

  /// Why libgps takes what is refused; nil where the refusal may be our own mistake, as of any line that is no JSON.
  private static func peculiarity(
    behind fault: MalformedMessage, _ line: ArraySlice<UInt8>
  ) -> Peculiarity? {
    switch fault.expected {
    case .time: return .calendar
    case .mode, .string: return .valueKind
    case .number:
      let byte = line.dropFirst(fault.offset).first
      let isNumber = byte.map { (48...57).contains($0) || $0 == UInt8(ascii: "-") } ?? true
      return isNumber ? nil : .valueKind
    default: return nil
    }
  }

  private static func peculiarity(of ours: Instant?, _ theirs: Instant?) -> Peculiarity? {
    guard let ours, let theirs else { return nil }
    if ours < Instant(milliseconds: 0) { return .calendar }
    // Offsets are whole quarters of an hour, at most 14 hours.
    let apart = abs((ours - theirs).value)
    return apart % 900_000 == 0 && apart <= 50_400_000 ? .offset : nil
  }
}
