internal import Coverage
internal import Foundation
internal import Geodesy
internal import Patrol

extension Score {
  /// A table with what is true beside what was found, and the verdict on it.
  public func text() -> String {
    var table = [
      ["", "fault", "duty", "place", "verdict", "true", "found", "true stretch", "found stretch"]
    ]
    for row in rows {
      let owed = row.truth?.owed ?? row.found?.owed
      table.append([
        row.isRight ? "ok" : "!!", row.truth.map { $0.fault ?? "(not planted)" } ?? "(not true)",
        owed?.duty.text ?? "", owed?.place.text ?? "", verdict(row),
        row.truth.map { times($0.began, $0.ended) } ?? "-", found(row),
        stretch(row.truth?.stretch), stretch(row.found?.stretch),
      ])
    }
    let widths = table[0].indices.map { c in table.map { $0[c].count }.max() ?? 0 }
    var lines = table.map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ").replacing(/\ +$/, with: "")
    }
    for name in unrealised {
      lines.append("!!  \(name) is planted, but no true gap comes of it")
    }
    let stretchError =
      worstStretch.map { ", stretches within \(Int($0.value.rounded(.up))) m" } ?? ""
    lines += [
      "",
      "precision \(percent(precision)), recall \(percent(recall)); boundaries within "
        + "\(Int(worstBoundary.seconds.rounded(.up))) s\(stretchError); "
        + "of truly missed time \(percent(missedShare)) called missed (at least "
        + "\(percent(Self.missedShareMinimum)) asked)",
      passes ? "PASSED" : "FELL SHORT",
    ]
    return lines.joined(separator: "\n")
  }

  private func verdict(_ row: Row) -> String {
    func text(_ v: Verdict, _ c: Cause) -> String { "\(v.rawValue)/\(c.rawValue)" }
    let found = row.found.map { text($0.verdict, $0.cause) }
    guard let truth = row.truth else { return found ?? "" }
    let expected = text(truth.verdict, truth.cause)
    if truth.isLiveOnly { return expected + " (live only)" }
    return found == nil || found == expected ? expected : "\(expected), found \(found ?? "")"
  }

  private func found(_ row: Row) -> String {
    if let found = row.found { return times(found.began, found.ended) }
    guard row.truth?.isLiveOnly == true else { return "nothing" }
    return switch row.wasWithdrawn {
    case true?: "opened and withdrawn"
    case false?: "never opened"
    case nil: "not asked"
    }
  }

  private func times(_ began: Instant, _ ended: Instant) -> String {
    "\(zone.timeOfDay(of: began))-\(zone.timeOfDay(of: ended))"
  }

  private func stretch(_ stretch: Gap.Stretch?) -> String {
    stretch.map { "\(Int($0.from.value.rounded()))-\(Int($0.to.value.rounded())) m" } ?? ""
  }

  private func percent(_ share: Double) -> String {
    String(format: "%.1f %%", share * 100)
  }
}
