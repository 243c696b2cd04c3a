internal import Geodesy
internal import Patrol

extension PlanSummary {
  /// Plain text, lines ended by LF.
  public func text() -> String {
    var lines = ["\(brigade)\(isRig ? " (a rig: simulated fixes count)" : "")"]
    lines.append("zone \(zone.identifier), operational days start at \(dayStarts)")
    lines.append(
      [
        count(squadrons.count, "squadron"),
        count(squadrons.map(\.groups.count).reduce(0, +), "group"),
        count(handhelds, "handheld"), count(shifts, "shift"), counted(duties, "duty", "duties"),
        count(rosterRows, "roster row"),
      ].joined(separator: ", "))
    lines.append("")
    for squadron in squadrons {
      lines.append("\(squadron.name) (\(squadron.id))")
      for group in squadron.groups {
        lines.append(
          "  \(group.name) (\(group.id)): \(count(group.handhelds, "handheld")), "
            + counted(group.duties, "duty", "duties"))
      }
    }
    lines.append("")
    for kind in places {
      let length = kind.length.map { ", \(kilometres($0)) in all" } ?? ""
      lines.append("\(count(kind.count, kind.kind.rawValue))\(length)")
    }
    lines.append("")
    lines += windowLines()
    if !warnings.isEmpty {
      lines.append("")
      lines += warnings.map(\.description)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func windowLines() -> [String] {
    let began = "from \(zone.text(from))"
    guard !windows.isEmpty else { return ["no windows in the 24 hours \(began)"] }
    return ["windows in the 24 hours \(began)"]
      + windows.map { "  \(zone.text($0.began)) to \(zone.text($0.ended))  \($0.duty) (\($0.day))" }
  }

  private func count(_ n: Int, _ noun: String) -> String { counted(n, noun, noun + "s") }

  private func counted(_ n: Int, _ one: String, _ many: String) -> String {
    "\(n) \(n == 1 ? one : many)"
  }

  private func kilometres(_ length: Metres) -> String {
    let tenths = (length.value / 100).rounded()
    return "\(plain(tenths / 10)) km"
  }
}
