public import PlanFiles

/// Something that a reader of a scenario found wrong, and where it stands.
public struct ScenarioProblem: Hashable, Sendable, CustomStringConvertible {
  public var file: String
  /// Counted from 1; nil where the whole file is meant.
  public var line: Int?
  /// What was found and what was expected: one line, no full stop.
  public var message: String

  public init(file: String, line: Int?, _ message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  /// `scenario.yaml:31: walker zs-101: step 2 (go): found …; expected …`
  public var description: String { file + (line.map { ":\($0)" } ?? "") + ": " + message }
}

/// Why a rig cannot be read or run.
public enum RigError: Error, Sendable, CustomStringConvertible {
  /// Every problem of the scenario's file, in the order of its lines.
  case scenario([ScenarioProblem])
  case plan(PlanProblems)
  /// Its gpsds cannot be started or do not answer.
  case gpsd(String)
  /// A file cannot be read or written.
  case file(path: String, String)
  /// A datagram cannot be sent.
  case network(String)
  /// The task that ran it was cancelled.
  case cancelled

  public var description: String {
    switch self {
    case .scenario(let all): all.map(\.description).joined(separator: "\n")
    case .plan(let problems): problems.description
    case .gpsd(let text): "gpsd: \(text)"
    case .file(let path, let text): "\(path): \(text)"
    case .network(let text): "network: \(text)"
    case .cancelled: "cancelled"
    }
  }

  /// As programs end with it: 2, the question is wrong; 3, something outside failed.
  public var exitStatus: Int32 {
    switch self {
    case .scenario, .plan: 2
    case .gpsd, .file, .network, .cancelled: 3
    }
  }
}
