internal import Geodesy
internal import Patrol

/// The outages that are known, and of each handheld those that concern it: where a gateway of ten thousand is lost, nobody
/// is to look through all of theirs.
struct OutageBook: Sendable {
  /// By when they began.
  private(set) var all: [Outage]
  private var ofEverybody: [Outage] = []
  private var own: [Handheld.ID: [Outage]] = [:]

  init(_ all: [Outage] = []) {
    self.all = all
    index()
  }

  /// What kept a handheld from being heard: its own outages, and everybody's.
  func concerning(_ handheld: Handheld.ID) -> [Outage] { ofEverybody + (own[handheld] ?? []) }

  /// Adds some; one that began at the same moment, of the same kind and handheld, is replaced. The last told of each counts.
  /// Tells which are new. O(outages known).
  mutating func record(_ outages: [Outage]) -> [Outage] {
    var new: [Key: Outage] = [:]
    for outage in outages { new[Key(outage)] = outage }
    all.removeAll { new[Key($0)] != nil }
    all += new.values
    all.sort {
      ($0.began, $0.kind.rawValue, $0.handheld?.text ?? "")
        < ($1.began, $1.kind.rawValue, $1.handheld?.text ?? "")
    }
    index()
    return Array(new.values)
  }

  mutating func removeAll(where isOver: (Outage) -> Bool) {
    let count = all.count
    all.removeAll(where: isOver)
    if all.count < count { index() }
  }

  private mutating func index() {
    (ofEverybody, own) = ([], [:])
    for outage in all {
      if let handheld = outage.handheld {
        own[handheld, default: []].append(outage)
      } else {
        ofEverybody.append(outage)
      }
    }
  }

  private struct Key: Hashable {
    let kind: Outage.Kind
    let handheld: Handheld.ID?
    let began: Instant

    init(_ outage: Outage) {
      (kind, handheld, began) = (outage.kind, outage.handheld, outage.began)
    }
  }
}
