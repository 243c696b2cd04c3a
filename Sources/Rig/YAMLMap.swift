internal import Geodesy
internal import Patrol
internal import Yams

/// What a scenario's reader collects while it goes on reading.
final class ScenarioLog {
  let file: String
  private(set) var all: [ScenarioProblem] = []

  init(file: String) { self.file = file }

  func add(_ line: Int?, _ message: String) {
    all.append(ScenarioProblem(file: file, line: line, message))
  }
}

/// One mapping of a scenario's file, read key by key. Unknown keys are errors.
struct YAMLMap {
  let subject: String
  let line: Int
  let log: ScenarioLog
  private var entries: [String: (line: Int, node: Node)] = [:]

  /// Nil, and an error, where the node is no mapping.
  init?(_ node: Node, _ subject: String, known: [String], log: ScenarioLog) {
    let line = node.mark?.line ?? 1
    guard case .mapping(let mapping) = node else {
      log.add(
        line, "\(subject): found \(Self.describe(node)); expected a mapping of keys to values")
      return nil
    }
    self.subject = subject
    self.line = line
    self.log = log
    for (key, value) in mapping {
      let at = key.mark?.line ?? line
      guard let name = key.scalar?.string, known.contains(name) else {
        log.add(
          at,
          "\(subject): unknown key \(Self.describe(key)); expected one of \(known.joined(separator: ", "))"
        )
        continue
      }
      if case .scalar(let scalar) = value, scalar.style == .plain,
        ["", "~", "null"].contains(scalar.string)
      {
        continue
      }
      entries[name] = (at, value)
    }
  }

  func has(_ key: String) -> Bool { entries[key] != nil }
  func line(of key: String) -> Int { entries[key]?.line ?? line }
  func node(_ key: String) -> Node? { entries[key]?.node }

  func fault(_ key: String?, _ message: String) {
    let name = key.map { "\(subject): \($0)" } ?? subject
    log.add(key.map(line(of:)) ?? line, "\(name): \(message)")
  }

  /// A scalar read by `read`; nil, and an error, where it is absent though required or cannot be read.
  func value<T>(
    _ key: String, _ expected: String, required: Bool = false, _ read: (String) -> T?
  ) -> T? {
    guard let node = entries[key]?.node else {
      if required { fault(key, "missing; expected \(expected)") }
      return nil
    }
    guard let text = node.scalar?.string, let value = read(text) else {
      fault(key, "found \(Self.describe(node)); expected \(expected)")
      return nil
    }
    return value
  }

  func list(_ key: String, of things: String, required: Bool = false) -> [Node] {
    guard let node = entries[key]?.node else {
      if required { fault(key, "missing; expected a list of \(things)") }
      return []
    }
    guard case .sequence(let sequence) = node else {
      fault(key, "found \(Self.describe(node)); expected a list of \(things)")
      return []
    }
    return Array(sequence)
  }

  func text(_ key: String, _ expected: String = "a text") -> String? {
    value(key, expected, required: true) { $0.isEmpty ? nil : $0 }
  }

  func timeOfDay(_ key: String, required: Bool = false) -> TimeOfDay? {
    value(key, "a time of day such as 19:30", required: required) { TimeOfDay($0) }
  }

  func number(_ key: String, _ range: ClosedRange<Double>) -> Double? {
    value(key, "a number from \(range.lowerBound) to \(range.upperBound)") {
      Double($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// `45s`, `30m`, `1h30m`
  func duration(_ key: String) -> Milliseconds? {
    value(key, "a duration such as 45s, 30m or 1h30m") { text in
      var rest = text[...]
      var total = 0
      for (unit, seconds) in [("h", 3600), ("m", 60), ("s", 1)] as [(Character, Int)] {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard rest.dropFirst(digits.count).first == unit, digits.count <= 6, let n = Int(digits)
        else { continue }
        total += n * seconds
        rest = rest.dropFirst(digits.count + 1)
      }
      return rest.isEmpty && total > 0 ? .seconds(total) : nil
    }
  }

  static func describe(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): "\"\(scalar.string)\""
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .alias: "an alias"
    }
  }
}
