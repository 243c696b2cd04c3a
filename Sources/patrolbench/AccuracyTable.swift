import Foundation
import Rig

/// Rows of accuracies as text in columns, or as JSON.
struct AccuracyTable {
  let rows: [(key: AccuracyBench.Key, value: Accuracy)]

  init(_ rows: [(AccuracyBench.Key, Accuracy)]) { self.rows = rows.map { ($0, $1) } }

  static let legend = """
    cell: passes of 1 m cells within 60 s, one to one. unsaid: true passes with none said near, observed and unobserved
    (nothing received), % of all. false: passes said with no true one near, %. gap: missed gaps with IoU ≥ 0.5; lapse:
    missed and unproven taken together. visit: stays with IoU ≥ 0.5; dwell: median error of their length. Of cell × time,
    %: C covered, U unproven, M missed, the truth first. late: from true due to flag, median and 95 %. µs: for each report.
    """

  private static let columns: [(name: String, value: @Sendable (Accuracy) -> String)] = [
    ("cell P", { share($0.cells.precision) }), ("R", { share($0.cells.recall) }),
    ("F1", { share($0.cells.f1) }),
    ("unsaid", { percent($0.missedObservedShare) }),
    ("unobs", { percent($0.missedUnobservedShare) }),
    ("false", { percent($0.falseCoverShare) }),
    ("gap P", { share($0.gaps.precision) }), ("R", { share($0.gaps.recall) }),
    ("F1", { share($0.gaps.f1) }), ("n", { "\($0.gaps.truth)" }),
    ("lapse F1", { share($0.lapses.f1) }),
    ("visit F1", { share($0.visits.f1) }), ("n", { "\($0.visits.truth)" }),
    ("dwell", { seconds($0.dwellError) }),
    ("C:C", { percent($0.confusionShares?[0][0]) }),
    ("C:U", { percent($0.confusionShares?[0][1]) }),
    ("C:M", { percent($0.confusionShares?[0][2]) }),
    ("M:C", { percent($0.confusionShares?[1][0]) }),
    ("M:U", { percent($0.confusionShares?[1][1]) }),
    ("M:M", { percent($0.confusionShares?[1][2]) }),
    ("late", { seconds($0.latency(0.5)) }), ("95%", { seconds($0.latency(0.95)) }),
    (
      "µs", { $0.reports == 0 ? "" : String(format: "%.0f", $0.seconds * 1e6 / Double($0.reports)) }
    ),
  ]

  var text: String {
    let isPerKind = rows.contains { $0.key.kind != nil }
    let hasBaselines = rows.contains { $0.key.baseline != nil }
    let leading =
      ["sky", "s"] + (isPerKind ? ["kind"] : []) + (hasBaselines ? ["by"] : [])
    let lines =
      [leading + Self.columns.map(\.name)]
      + rows.map { key, value in
        [key.environment, "\(key.interval)"] + (isPerKind ? [key.kind?.rawValue ?? "all"] : [])
          + (hasBaselines ? [key.baseline?.rawValue ?? "engine"] : [])
          + Self.columns.map { $0.value(value) }
      }
    let widths = lines[0].indices.map { c in lines.map { $0[c].count }.max() ?? 0 }
    return lines.map { line in
      line.indices.map { c in
        let pad = String(repeating: " ", count: widths[c] - line[c].count)
        return c < leading.count && c != 1 ? line[c] + pad : pad + line[c]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  private static func share(_ x: Double?) -> String { x.map { String(format: "%.3f", $0) } ?? "-" }
  private static func percent(_ x: Double?) -> String {
    x.map { String(format: "%.1f", $0 * 100) } ?? "-"
  }
  private static func seconds(_ x: Double?) -> String {
    x.map { String(format: "%.0f", $0) } ?? "-"
  }

  func json() throws -> String {
    struct Counts: Encodable {
      var truth: Int
      var said: Int
      var matched: Int
      var precision: Double?
      var recall: Double?
      var f1: Double?
      init(_ m: Accuracy.Matches) {
        (truth, said, matched) = (m.truth, m.said, m.matched)
        (precision, recall, f1) = (m.precision, m.recall, m.f1)
      }
    }
    struct Record: Encodable {
      var environment: String
      var intervalS: Int
      var kind: String?
      var by: String
      var cells: Counts
      var missedObserved: Int
      var missedUnobserved: Int
      var falseCover: Int
      var gaps: Counts
      var lapses: Counts
      var visits: Counts
      var dwellErrorS: Double?
      /// Shares by truth (covered, missed), then said (covered, unproven, missed).
      var confusion: [[Double]]?
      var latencyMedianS: Double?
      var latency95S: Double?
      var reports: Int
      var engineS: Double
    }
    let records = rows.map { key, value in
      Record(
        environment: key.environment, intervalS: key.interval, kind: key.kind?.rawValue,
        by: key.baseline?.rawValue ?? "engine", cells: Counts(value.cells),
        missedObserved: value.missedObserved, missedUnobserved: value.missedUnobserved,
        falseCover: value.falseCover, gaps: Counts(value.gaps), lapses: Counts(value.lapses),
        visits: Counts(value.visits), dwellErrorS: value.dwellError,
        confusion: value.confusionShares, latencyMedianS: value.latency(0.5),
        latency95S: value.latency(0.95), reports: value.reports, engineS: value.seconds)
    }
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return String(decoding: try encoder.encode(records), as: UTF8.self)
  }
}
