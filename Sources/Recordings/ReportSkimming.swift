internal import Foundation
internal import Geodesy
internal import Patrol

/// Passing over lines whose contents are not asked for: a tenth of the time of reading them (measured).
extension ReportLines {
  /// So many lines are passed over at most.
  private static let stride = 1000

  /// Passes over lines up to one that gives a fix, and returns that, where all between were received, and tell times, in
  /// order: none of those is earlier than `latest`, which came before, or later than what is returned. Nil, and nothing is
  /// passed over, where that is not so, or where it is not before a moment, or the lines are not to be told apart so simply.
  ///
  /// A report in which a key is told twice is not looked at so closely.
  mutating func skim(after latest: Observation, before limit: Instant) -> Observation? {
    guard let since = latest.fix?.time else { return nil }
    var skimmer = Skimmer(since: since, received: latest.receivedAt)
    var (end, lines) = (at, 0)
    // The last line with a time, and how many come before it.
    var last: (at: Int, lines: Int)?
    let isPlain = data.withUnsafeBytes { bytes in
      readahead.reach(at, in: bytes)
      while end < bytes.count, lines < Self.stride {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[end...])
        let length = Self.length(ofLineIn: rest)
        switch skimmer.take(UnsafeRawBufferPointer(rebasing: rest[..<length])) {
        case .nothing: break
        case .time: last = (end, lines)
        case .unclear: return false
        }
        end += length + 1
        lines += 1
      }
      return true
    }
    guard isPlain, let last, last.at > at else { return nil }
    var there = self
    (there.at, there.number) = (last.at, number + last.lines)
    var recording = Recording()
    there.read(about: 1, into: &recording)
    guard recording.observations.count == 1, let fix = recording.observations[0].fix,
      fix.time >= since, fix.time < limit
    else { return nil }
    self = there
    return recording.observations[0]
  }
}

/// Looks at lines for the times that they tell, and whether those rise.
private struct Skimmer {
  enum Line {
    /// No observation, or one that is received when the one before it was.
    case nothing
    case time
    case unclear
  }

  private let since: Instant
  private let received: Instant
  /// RFC 3339 of one length, in UTC: it sorts as its moments do. Zeroes before the first.
  private var time = Stamp()
  private var receipt = Stamp()
  /// Whether lines begin with their receive times; nil before the first.
  private var isStamped: Bool?
  /// Where the time stood in the line before.
  private var offset = 0

  /// `2026-11-20T10:00:00.000Z`.
  private struct Stamp {
    static let length = 24
    var text = (UInt64(0), UInt64(0), UInt64(0))

    init() {}

    init?(_ bytes: UnsafeRawBufferPointer, at i: Int) {
      guard i + Self.length <= bytes.count, bytes[i + Self.length - 1] == UInt8(ascii: "Z") else {
        return nil
      }
      func word(_ k: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: i + k, as: UInt64.self))
      }
      text = (word(0), word(8), word(16))
    }

    var isNone: Bool { text.0 == 0 }
  }

  init(since: Instant, received: Instant) { (self.since, self.received) = (since, received) }

  /// `"class":` and `"TPV",`, the first byte lowest.
  private static let classKey: UInt64 = 0x3a22_7373_616c_6322
  private static let position: UInt64 = 0x2c22_5650_5422
  private static let timeKey: UInt64 = 0x223a_2265_6d69_7422

  mutating func take(_ line: UnsafeRawBufferPointer) -> Line {
    guard let first = line.first else { return .nothing }
    var json = 0
    if first != UInt8(ascii: "{") {
      if first == UInt8(ascii: "$") || first == UInt8(ascii: "!") || first == UInt8(ascii: "#") {
        return .nothing
      }
      guard isStamped != false, let stamp = Stamp(line, at: 0), line.count > Stamp.length,
        line[Stamp.length] == 0x09, rises(stamp, after: &receipt, from: received, in: line, at: 0)
      else { return .unclear }
      isStamped = true
      json = Stamp.length + 1
    } else {
      guard isStamped != true else { return .unclear }
      isStamped = false
    }
    guard line.count >= json + 16, line[json] == UInt8(ascii: "{"),
      word(line, json + 1) == Self.classKey
    else { return .unclear }
    guard word(line, json + 9) & 0xffff_ffff_ffff == Self.position else {
      // Of other classes none is an observation, unless another report follows in the line.
      return isFollowed(line) ? .unclear : .nothing
    }
    // One report, of one level.
    if find(UInt8(ascii: "{"), in: line, from: json + 1) != nil { return .unclear }
    guard let at = time(in: line, from: json) else { return .nothing }
    guard let stamp = Stamp(line, at: at), at + Stamp.length < line.count,
      line[at + Stamp.length] == UInt8(ascii: "\""),
      rises(stamp, after: &time, from: since, in: line, at: at)
    else { return .unclear }
    return .time
  }

  private func word(_ line: UnsafeRawBufferPointer, _ i: Int) -> UInt64 {
    i + 8 <= line.count ? line.loadUnaligned(fromByteOffset: i, as: UInt64.self) : 0
  }

  /// Where the time is told, mostly where it was in the line before.
  private mutating func time(in line: UnsafeRawBufferPointer, from start: Int) -> Int? {
    if word(line, offset) != Self.timeKey || offset < start {
      guard let found = (start..<line.count).first(where: { word(line, $0) == Self.timeKey })
      else { return nil }
      offset = found
    }
    return offset + 8
  }

  /// The first is compared as the moment that it is.
  private func rises(
    _ stamp: Stamp, after last: inout Stamp, from since: Instant,
    in line: UnsafeRawBufferPointer, at i: Int
  ) -> Bool {
    defer { last = stamp }
    guard last.isNone else { return last.text <= stamp.text }
    let text = UnsafeRawBufferPointer(rebasing: line[i..<i + Stamp.length])
    return Instant(rfc3339: text).map { $0 >= since } ?? false
  }

  private func find(_ byte: UInt8, in line: UnsafeRawBufferPointer, from i: Int) -> Int? {
    guard let base = line.baseAddress, i < line.count,
      let found = memchr(base + i, Int32(byte), line.count - i)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// Another report follows in the line.
  private func isFollowed(_ line: UnsafeRawBufferPointer) -> Bool {
    var at = 0
    while let brace = find(UInt8(ascii: "}"), in: line, from: at) {
      at = brace + 1
      if at < line.count, line[at] == UInt8(ascii: "{") { return true }
    }
    return false
  }
}
