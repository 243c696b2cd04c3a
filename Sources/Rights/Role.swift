public import Patrol

/// What somebody is to a brigade, and with it what they may see and change.
public enum Role: Hashable, Sendable {
  /// Sees and changes all.
  case brigade
  /// Sees and changes what is its own, at the time it was.
  case squadron(Squadron.ID)
  /// Sees all, and who looked at what; changes nothing.
  case auditor
  /// A rig: asks whether the daemon is well, and sees nobody.
  case rig

  /// Its name, as it is typed and stored.
  public var kind: Kind {
    switch self {
    case .brigade: .brigade
    case .squadron: .squadron
    case .auditor: .auditor
    case .rig: .rig
    }
  }

  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case brigade, squadron, auditor, rig
  }

  public var squadron: Squadron.ID? {
    if case .squadron(let id) = self { id } else { nil }
  }

  /// Nil where a squadron is missing, or given to a role that has none.
  public init?(_ kind: Kind, squadron: Squadron.ID?) {
    switch (kind, squadron) {
    case (.brigade, nil): self = .brigade
    case (.auditor, nil): self = .auditor
    case (.rig, nil): self = .rig
    case (.squadron, let id?): self = .squadron(id)
    default: return nil
    }
  }
}

extension Role: CustomStringConvertible {
  public var description: String {
    squadron.map { "\(kind.rawValue) \($0.text)" } ?? kind.rawValue
  }
}
