public import Geodesy
public import Patrol

/// What a `Fleet` has to tell.
public enum FleetReport: Hashable, Sendable {
  case observation(Observation)
  /// How well a handheld receives, twice a minute where its gpsd tells.
  case reception(Handheld.ID, Reception)
  /// The link is up: WATCH was confirmed. `version` is gpsd's release. Told again, for the new ones alone, where a
  /// plan puts other handhelds on a link that is up.
  case reachable(Endpoint, handhelds: [Handheld.ID], version: String, at: Instant)
  /// The link is lost or could not be made. Told once per loss; again, for the new ones alone, where a plan puts other
  /// handhelds on a link that is down.
  case unreachable(Endpoint, handhelds: [Handheld.ID], reason: String, at: Instant)
  /// A device that no handheld of the plan names, told once per connection.
  case unassigned(Endpoint, device: String)
  /// gpsd lists the devices of some handhelds no longer, or again: it frees them without a word.
  case devices(Endpoint, gone: [Handheld.ID], back: [Handheld.ID])
  /// gpsd refused something, or a line could not be read: told at most once a minute per endpoint with a count.
  case complaint(Endpoint, text: String)
}

/// What came in from one endpoint since it was first in the plan.
public struct FleetCounts: Hashable, Sendable, Codable {
  /// Whole lines, those that could not be read included, oversized ones not.
  public var lines = 0
  /// Observations with a fix, and without.
  public var fixes = 0
  public var withoutFix = 0
  /// `TPV`s of devices that no handheld names, or of none on an endpoint with several handhelds.
  public var unassigned = 0
  /// Lines that could not be read, in whole or in part.
  public var malformed = 0
  /// Lines longer than `LineFramer.limit`, dropped.
  public var oversized = 0

  public init() {}
}
