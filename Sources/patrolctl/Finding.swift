/// One thing that was looked at, how it is, and what to do about it.
struct Finding: Hashable, Sendable {
  enum Standing: Hashable, Sendable {
    case ok
    /// It works, and somebody should look at it.
    case warning(remedy: String)
    /// It does not work, or what it gives is not to be relied on.
    case problem(remedy: String)
  }

  var subject: String
  var standing: Standing
  /// What was found.
  var text: String

  static func ok(_ subject: String, _ text: String) -> Finding {
    Finding(subject: subject, standing: .ok, text: text)
  }

  static func warning(_ subject: String, _ text: String, _ remedy: String) -> Finding {
    Finding(subject: subject, standing: .warning(remedy: remedy), text: text)
  }

  static func problem(_ subject: String, _ text: String, _ remedy: String) -> Finding {
    Finding(subject: subject, standing: .problem(remedy: remedy), text: text)
  }

  /// `problem  clock: …; do this`
  var line: String {
    switch standing {
    case .ok: "ok       \(subject): \(text)"
    case .warning(let remedy): "warning  \(subject): \(text); \(remedy)"
    case .problem(let remedy): "problem  \(subject): \(text); \(remedy)"
    }
  }

  var isProblem: Bool { if case .problem = standing { true } else { false } }
  var isWarning: Bool { if case .warning = standing { true } else { false } }
}
