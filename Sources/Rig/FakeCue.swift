public import Geodesy

/// When which endpoints of a fake gpsd begin or end to misbehave, written in one line wherever cues are taken (options,
/// files, standard input):
///
///     [TIME] KIND [ENDPOINTS] [devices NUMBERS] [by DURATION | times N | bytes N] [for DURATION]
///     [TIME] end KIND [ENDPOINTS]
///
///     30s close 0-99
///     1m refuse all for 20s
///     90s jump 3,7-9 devices 0 by -1024w for 10s
///     end hang
///
/// TIME counts from `ready`, in real time; without one it is at once. NUMBERS count from 0; without ENDPOINTS all are
/// meant. Without `for` a fault that can last does so until it is ended.
public struct FakeCue: Hashable, Sendable, CustomStringConvertible {
  public enum Deed: Hashable, Sendable {
    case begin(FakeFault, lasting: Milliseconds?)
    case end(FakeFault.Kind)
  }

  /// Endpoints, or devices of each, by number.
  public enum Chosen: Hashable, Sendable {
    case all
    case numbers([ClosedRange<Int>])

    public func contains(_ n: Int) -> Bool {
      switch self {
      case .all: true
      case .numbers(let ranges): ranges.contains { $0.contains(n) }
      }
    }
  }

  public var at: Milliseconds
  public var deed: Deed
  public var endpoints: Chosen
  public var devices: Chosen
  /// As it was written.
  public var description: String

  public struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
    public var text: String
    /// What was found and what was expected.
    public var reason: String

    public var description: String { "\"\(text)\": \(reason)" }
  }

  public init(_ text: String) throws(Unreadable) {
    var words = Words(text)
    description = text
    at = .zero
    if let first = words.rest.first, first.first?.isNumber == true {
      guard let duration = Self.duration(first) else {
        throw words.fault(first, "a time such as 45s, 1m30s or 2h")
      }
      at = duration
      words.rest.removeFirst()
    }
    let isEnd = words.eat("end")
    let name = words.rest.popFirst()
    guard let name, let kind = FakeFault.Kind(rawValue: name) else {
      let all = FakeFault.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw words.fault(name, isEnd ? "one of \(all)" : "end or one of \(all)")
    }
    (endpoints, devices) = (.all, .all)
    if let next = words.rest.first, next == "all" || next.first?.isNumber == true {
      endpoints = try words.chosen()
    }
    guard !isEnd else {
      if kind.isMomentary { throw words.fault(name, "a fault that lasts") }
      deed = .end(kind)
      guard words.rest.isEmpty else { throw words.fault(words.rest.first, "nothing more") }
      return
    }
    if words.eat("devices") {
      guard kind.isOfDevices else { throw words.fault("devices", "none for \(kind)") }
      devices = try words.chosen()
    }
    let fault = try words.fault(of: kind)
    var lasting: Milliseconds?
    if words.eat("for") {
      guard !kind.isMomentary else { throw words.fault("for", "none: \(kind) happens once") }
      lasting = try words.duration()
    }
    guard words.rest.isEmpty else {
      throw words.fault(words.rest.first, "for DURATION, or nothing more")
    }
    deed = .begin(fault, lasting: lasting)
  }

  /// `45s`, `1h30m`, `1024w`, with a sign where it may be one.
  public static func duration(_ text: some StringProtocol) -> Milliseconds? {
    let units: [Character: Int64] = [
      "w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000,
    ]
    var rest = text[...]
    let sign: Int64 = rest.hasPrefix("-") ? -1 : 1
    if rest.hasPrefix("-") || rest.hasPrefix("+") { rest = rest.dropFirst() }
    var total: Int64?
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard (1...6).contains(digits.count), let n = Int64(digits),
        let unit = rest.dropFirst(digits.count).first.flatMap({ units[$0] })
      else { return nil }
      total = (total ?? 0) + n * unit
      rest = rest.dropFirst(digits.count + 1)
    }
    return total.map { Milliseconds(sign * $0) }
  }

  /// The words of one cue that are not read yet.
  private struct Words {
    let text: String
    var rest: ArraySlice<String>

    init(_ text: String) {
      self.text = text
      rest = text.split(whereSeparator: \.isWhitespace).map(String.init)[...]
    }

    func fault(_ found: String?, _ expected: String) -> Unreadable {
      let found = found.map { "found \"\($0)\"" } ?? "it ends too early"
      return Unreadable(text: text, reason: "\(found); expected \(expected)")
    }

    mutating func eat(_ word: String) -> Bool {
      guard rest.first == word else { return false }
      rest.removeFirst()
      return true
    }

    mutating func duration() throws(Unreadable) -> Milliseconds {
      let word = rest.popFirst()
      guard let word, let value = FakeCue.duration(word), value != .zero else {
        throw fault(word, "a duration such as 45s, -1h or 1024w")
      }
      return value
    }

    mutating func number(from least: Int, to most: Int) throws(Unreadable) -> Int {
      let word = rest.popFirst()
      guard let n = word.flatMap({ Int($0) }), (least...most).contains(n) else {
        throw fault(word, "a number from \(least) to \(most)")
      }
      return n
    }

    /// `all`, or `3,7-9`.
    mutating func chosen() throws(Unreadable) -> Chosen {
      let word = rest.popFirst()
      if word == "all" { return .all }
      var ranges: [ClosedRange<Int>] = []
      for part in (word ?? "").split(separator: ",", omittingEmptySubsequences: false) {
        let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(ends.count), let low = ends.first ?? nil,
          let high = ends.last ?? nil, low <= high
        else { throw fault(word, "all, or numbers such as 3,7-9") }
        ranges.append(low...high)
      }
      return .numbers(ranges)
    }

    mutating func fault(of kind: FakeFault.Kind) throws(Unreadable) -> FakeFault {
      switch kind {
      case .close: return .close
      case .reset: return .reset
      case .refuse: return .refuse
      case .full: return .full
      case .hang: return .hang
      case .half: return .half
      case .garbage: return .garbage
      case .overlong:
        return .overlong(bytes: eat("bytes") ? try number(from: 1, to: 1 << 24) : 66_000)
      case .split: return .split
      case .unwatched: return .unwatched
      case .anonymous: return .anonymous
      case .freed: return .freed
      case .jump:
        guard eat("by") else { throw fault(rest.first, "by DURATION, as in jump 3 by -1h") }
        return .jump(try duration())
      case .repeated: return .repeated(times: eat("times") ? try number(from: 2, to: 1000) : 2)
      case .backstep:
        guard eat("by") else { return .backStep(.seconds(10)) }
        let by = try duration()
        guard by > .zero else { throw fault("by", "a duration above 0") }
        return .backStep(by)
      case .simulated: return .simulated
      case .nullisland: return .nullIsland
      }
    }
  }
}
