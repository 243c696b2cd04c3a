internal import Coverage
public import Foundation
internal import Geodesy
public import Patrol

extension Truth {
  /// `truth.json`: fixed keys, times in RFC 3339 with the zone's offset, the same bytes for the same truth.
  public func json(zone: Zone) -> Data {
    struct GapRecord: Encodable {
      var duty: String
      var place: String
      var window_began_at: String
      var from_m: Double?
      var to_m: Double?
      var began_at: String
      var ended_at: String
      var verdict: String
      var cause: String
      /// Seconds, or metre-seconds on lines.
      var extent: Double
      var fault: String?
      var live_only: Bool
    }
    struct ShareRecord: Encodable {
      var duty: String
      var place: String
      var window_began_at: String
      var covered: Double
    }
    struct File: Encodable {
      var gaps: [GapRecord]
      var shares: [ShareRecord]
    }
    func tenth(_ x: Double) -> Double { (x * 10).rounded() / 10 }
    let file = File(
      gaps: gaps.map {
        GapRecord(
          duty: $0.owed.duty.text, place: $0.owed.place.text,
          window_began_at: zone.text($0.owed.windowBegan),
          from_m: $0.stretch.map { tenth($0.from.value) },
          to_m: $0.stretch.map { tenth($0.to.value) }, began_at: zone.text($0.began),
          ended_at: zone.text($0.ended), verdict: $0.verdict.rawValue, cause: $0.cause.rawValue,
          extent: tenth($0.extent), fault: $0.fault, live_only: $0.isLiveOnly)
      },
      shares: shares.map {
        ShareRecord(
          duty: $0.owed.duty.text, place: $0.owed.place.text,
          window_began_at: zone.text($0.owed.windowBegan),
          covered: ($0.covered * 1e6).rounded() / 1e6)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Strings and finite numbers only: this cannot fail.
    return try! encoder.encode(file)
  }
}
