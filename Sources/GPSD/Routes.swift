internal import Patrol

/// Which handheld a device of one gpsd is.
struct Routes: Hashable, Sendable {
  /// By full device path.
  private(set) var named: [String: Handheld.ID] = [:]
  /// The handheld that is every device no other one names.
  private(set) var rest: Handheld.ID?
  /// In the plan's order.
  private(set) var handhelds: [Handheld.ID] = []

  /// Of those of `handhelds` whose source is at `endpoint`. Where two claim the same, which a sound plan rules out,
  /// the first one has it.
  init(of handhelds: [Handheld], at endpoint: Endpoint) {
    for handheld in handhelds where Endpoint(handheld.source) == endpoint {
      self.handhelds.append(handheld.id)
      if let device = handheld.source.device {
        if named[device] == nil { named[device] = handheld.id }
      } else if rest == nil {
        rest = handheld.id
      }
    }
  }

  /// Nil where no handheld claims it. A report without a device can only be of a gpsd that is one handheld as a whole:
  /// among several nothing is guessed.
  func handheld(of device: String?) -> Handheld.ID? {
    guard let device else { return handhelds.count == 1 ? rest : nil }
    return named[device] ?? rest
  }

  /// Handhelds by the device they are, of those whose device gpsd itself lists: not what a device passes on for others.
  var listed: [(device: String, handheld: Handheld.ID)] {
    named.filter { !$0.key.contains("#") }.map { ($0.key, $0.value) }
  }
}
