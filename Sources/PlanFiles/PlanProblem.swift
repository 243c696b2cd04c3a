/// Something that a reader of plan files found, and where it stands.
public struct PlanProblem: Hashable, Sendable, CustomStringConvertible {
  public enum Severity: String, Hashable, Sendable, Codable {
    /// The plan cannot be used.
    case error
    /// The plan can be used, and will probably disappoint.
    case warning
    /// Worth knowing, and possibly meant.
    case note
  }

  /// A feature of a GeoJSON file.
  public struct Feature: Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    public var number: Int
    /// Nil where it has none that can be read.
    public var id: String?

    public init(number: Int, id: String?) {
      self.number = number
      self.id = id
    }

    public var description: String { "feature \(number)" + (id.map { " (\($0))" } ?? "") }
  }

  public var severity: Severity
  /// As the plan names it, relative to the plan's folder.
  public var file: String
  /// Counted from 1; nil where the whole file is meant.
  public var line: Int?
  public var feature: Feature?
  /// Subject, key, what was found and what was expected: one line, no full stop.
  public var message: String

  public init(
    _ severity: Severity, file: String, line: Int? = nil, feature: Feature? = nil, _ message: String
  ) {
    self.severity = severity
    self.file = file
    self.line = line
    self.feature = feature
    self.message = message
  }

  /// `plan.yaml:31: duty banks-after-hours: stay: found "3 min"; expected …`
  public var description: String {
    var text = file
    if let line { text += ":\(line)" }
    text += ": "
    if severity != .error { text += "\(severity.rawValue): " }
    if let feature { text += "\(feature): " }
    return text + message
  }
}

/// Everything that was found wrong with a plan: at least one error, and the warnings beside it.
public struct PlanProblems: Error, Hashable, Sendable, CustomStringConvertible {
  /// By file, in the order in which the plan names them, and by line.
  public let all: [PlanProblem]

  public init(_ all: [PlanProblem]) { self.all = all }

  public var errors: [PlanProblem] { all.filter { $0.severity == .error } }

  /// One problem a line.
  public var description: String { all.map(\.description).joined(separator: "\n") }
}
