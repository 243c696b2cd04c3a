import Coverage
import Geodesy
import Patrol

@testable import Store

extension Queries {
  /// Figures to seal in a test, as JSON: shares and attendances of each duty and each squadron, a place's window counting
  /// once.
  func figures(of days: [PeriodDay], named period: String) throws -> String {
    var filter = Filter()
    filter.from = days.first?.span.lowerBound
    filter.to = days.last?.span.upperBound
    let windows = try windows(filter).filter { $0.owed.windowBegan >= filter.from ?? .distantPast }
    let duties = Dictionary(grouping: windows, by: \.owed.duty)
      .map { Figures(of: $0.value, duty: $0.key.text) }
    let squadrons = Dictionary(grouping: windows, by: \.squadron)
      .map { Figures(of: $0.value, duty: nil) }
    let all = PeriodFigures(
      period: period, duties: duties.sorted { ($0.duty ?? "") < ($1.duty ?? "") },
      squadrons: squadrons.sorted { $0.squadron < $1.squadron })
    return try StoredJSON.text(all)
  }
}

private struct PeriodFigures: Encodable {
  var period: String
  var duties: [Figures]
  var squadrons: [Figures]
}

private struct Figures: Encodable {
  var duty: String?
  var squadron: String
  var windows: Int
  /// To the sixth decimal; nil where nothing was judged.
  var coverage: Double?
  var missed: Double?
  var unproven: Double?
  var excused: Double?
  var attendances: Int

  init(of records: [WindowRecord], duty: String?) {
    func mean(_ part: (Shares) -> Double) -> Double? {
      let parts = records.compactMap(\.shares).map(part)
      guard !parts.isEmpty else { return nil }
      return (parts.reduce(0, +) / Double(parts.count) * 1e6).rounded() / 1e6
    }
    self.duty = duty
    squadron = records.last?.squadron.text ?? ""
    windows = records.count
    coverage = mean(\.covered)
    missed = mean(\.missed)
    unproven = mean(\.unproven)
    excused = mean(\.excused)
    attendances = records.reduce(0) { $0 + $1.attendances }
  }
}
