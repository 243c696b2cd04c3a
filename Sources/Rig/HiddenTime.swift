internal import Coverage
internal import Geodesy
internal import Patrol

/// Time in which nothing usable of a handheld is ever heard, whatever its bearer does, and what that is called.
struct HiddenTime: Hashable {
  var span: Range<Instant>
  var cause: Cause
}

extension Scenario {
  /// Of one walker. Shares below 1 hide nothing: every few seconds something comes through.
  func hidden(_ walker: Walker) -> [HiddenTime] {
    var hidden = walker.faults.compactMap { fault in
      cause(of: fault).map { HiddenTime(span: span(of: fault), cause: $0) }
    }
    for other in walkers {
      for fault in other.faults where fault.kind == .sharedPort(with: walker.handheld.id) {
        hidden.append(HiddenTime(span: fault.span, cause: .silent))
      }
    }
    for restart in restarts where companies[restart.gpsd].contains(walker.handheld.id) {
      hidden.append(HiddenTime(span: restart.span, cause: .unreachable))
    }
    return hidden
  }

  private func cause(of fault: HandheldFault) -> Cause? {
    switch fault.kind {
    case .silence, .battery: .silent
    case .checksum(let share), .truncated(let share): share >= 1 ? .silent : nil
    case .outage, .coldStart: .noFix
    case .simulated: plan.isRig ? nil : .suspect
    case .timeSkew(let by):
      by > .seconds(5) || by <= HandheldFault.rollOver ? .suspect : nil
    case .frozen: .suspect
    default: nil
    }
  }

  private func span(of fault: HandheldFault) -> Range<Instant> {
    switch fault.kind {
    // Believed for the first minute.
    case .frozen:
      min(fault.span.lowerBound + .minutes(1), fault.span.upperBound)..<fault.span.upperBound
    case .coldStart: fault.span.lowerBound..<(fault.span.upperBound + HandheldFault.settling)
    default: fault.span
    }
  }
}
