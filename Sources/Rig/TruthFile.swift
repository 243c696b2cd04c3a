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
      var windowBeganAt: String
      var fromM: Double?
      var toM: Double?
      var beganAt: String
      var endedAt: String
      var verdict: String
      var cause: String
      /// Seconds, or metre-seconds on lines.
      var extent: Double
      var fault: String?
      var liveOnly: Bool
    }
    struct ShareRecord: Encodable {
      var duty: String
      var place: String
      var windowBeganAt: String
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
          windowBeganAt: zone.text($0.owed.windowBegan),
          fromM: $0.stretch.map { tenth($0.from.value) },
          toM: $0.stretch.map { tenth($0.to.value) }, beganAt: zone.text($0.began),
          endedAt: zone.text($0.ended), verdict: $0.verdict.rawValue, cause: $0.cause.rawValue,
          extent: tenth($0.extent), fault: $0.fault, liveOnly: $0.isLiveOnly)
      },
      shares: shares.map {
        ShareRecord(
          duty: $0.owed.duty.text, place: $0.owed.place.text,
          windowBeganAt: zone.text($0.owed.windowBegan),
          covered: ($0.covered * 1e6).rounded() / 1e6)
      })
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Strings and finite numbers only: this cannot fail.
    return try! encoder.encode(file)
  }
}
