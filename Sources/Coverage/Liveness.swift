public import Geodesy
public import Patrol

/// How each handheld stands just now, for those who watch: what it last told, and for how long it has told nothing.
///
/// Times that are waited for are of a monotonic clock (`…since boot`, from any start); times that are told are of the clock
/// people live by. Gaps are not judged by it: they follow from what is stored.
///
///     var liveness = Liveness(plan.handhelds, at: now)
///     liveness.hear(handheld, gate: gate, monotonic: m, at: now)
///     for change in liveness.settle(monotonic: m, at: now) { … }
public struct Liveness: Sendable {
  public enum State: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing was received since this daemon began.
    case unheard
    /// Fixes that are usable.
    case receiving
    /// Connected, but nothing received for longer than a leg.
    case silent
    /// Reports without a position.
    case noFix = "no_fix"
    case poorFix = "poor_fix"
    /// Positions that were rejected; the detail names the gate.
    case suspect
    /// Its gpsd cannot be reached; the detail says why.
    case unreachable
  }

  public struct Standing: Hashable, Sendable {
    public var handheld: Handheld.ID
    public var state: State
    public var since: Instant
    /// When anything was last received of it; nil before.
    public var heard: Instant?
    /// What more there is to say; empty where nothing.
    public var detail: String

    public init(
      handheld: Handheld.ID, state: State, since: Instant, heard: Instant?, detail: String
    ) {
      self.handheld = handheld
      self.state = state
      self.since = since
      self.heard = heard
      self.detail = detail
    }
  }

  private struct Entry {
    var standing: Standing
    var heardAt: Milliseconds?
    var silentAfter: Milliseconds
    /// Why its gpsd cannot be reached; nil where it can.
    var unreachable: String?
    /// gpsd lists its device no longer.
    var isDeviceGone = false
    var latest = (state: State.unheard, detail: "")
    var isChanged = true
  }

  private var entries: [Entry] = []
  private var positions: [Handheld.ID: Int] = [:]

  public init(_ handhelds: [Handheld], at now: Instant) {
    replace(with: handhelds, at: now)
  }

  /// Another plan: those that stay keep their standing.
  public mutating func replace(with handhelds: [Handheld], at now: Instant) {
    let old = entries
    let known = positions
    (entries, positions) = ([], [:])
    for handheld in handhelds where positions[handheld.id] == nil {
      var entry =
        known[handheld.id].map { old[$0] }
        ?? Entry(
          standing: Standing(
            handheld: handheld.id, state: .unheard, since: now, heard: nil, detail: ""),
          silentAfter: handheld.legMaximum)
      entry.silentAfter = handheld.legMaximum
      entry.isChanged = true
      positions[handheld.id] = entries.count
      entries.append(entry)
    }
  }

  /// An observation came in, with the gate it failed. One off duty shows that the handheld lives, and no more.
  public mutating func hear(
    _ handheld: Handheld.ID, gate: Gate?, monotonic: Milliseconds, at now: Instant
  ) {
    guard let i = positions[handheld] else { return }
    entries[i].heardAt = monotonic
    entries[i].standing.heard = now
    switch gate {
    case nil, .offDuty: entries[i].latest = (.receiving, "")
    case .noFix: entries[i].latest = (.noFix, "")
    case .poorFix: entries[i].latest = (.poorFix, "")
    case .duplicate: break
    case .jump, .frozen, .clock, .simulated, .nullIsland:
      entries[i].latest = (.suspect, gate?.rawValue ?? "")
    }
  }

  public mutating func lose(_ handhelds: [Handheld.ID], reason: String) {
    for i in handhelds.compactMap({ positions[$0] }) { entries[i].unreachable = reason }
  }

  public mutating func reach(_ handhelds: [Handheld.ID]) {
    for i in handhelds.compactMap({ positions[$0] }) { entries[i].unreachable = nil }
  }

  /// gpsd lists the devices of some of its handhelds no longer, and of others again.
  public mutating func note(devicesGone gone: [Handheld.ID], back: [Handheld.ID]) {
    for i in gone.compactMap({ positions[$0] }) { entries[i].isDeviceGone = true }
    for i in back.compactMap({ positions[$0] }) { entries[i].isDeviceGone = false }
  }

  /// Those whose standing changed since the last call. O(handhelds).
  public mutating func settle(monotonic: Milliseconds, at now: Instant) -> [Standing] {
    var changed: [Standing] = []
    for i in entries.indices {
      let (state, detail) = state(entries[i], monotonic)
      if entries[i].standing.state != state || entries[i].standing.detail != detail {
        if entries[i].standing.state != state { entries[i].standing.since = now }
        (entries[i].standing.state, entries[i].standing.detail) = (state, detail)
        entries[i].isChanged = true
      }
      if entries[i].isChanged {
        entries[i].isChanged = false
        changed.append(entries[i].standing)
      }
    }
    return changed
  }

  private func state(_ entry: Entry, _ monotonic: Milliseconds) -> (State, String) {
    if let reason = entry.unreachable { return (.unreachable, reason) }
    guard let heardAt = entry.heardAt else {
      return (.unheard, entry.isDeviceGone ? Self.gone : "")
    }
    guard monotonic - heardAt <= entry.silentAfter else {
      return (.silent, entry.isDeviceGone ? Self.gone : "")
    }
    return entry.latest
  }

  private static let gone = "gpsd does not list its device"
}
