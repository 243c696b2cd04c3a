internal import Coverage
public import Geodesy
public import Patrol
public import Store

/// A window of a duty as charts show it, with what the duty asks.
public struct ChartWindow: Hashable, Sendable {
  public let duty: Duty.ID
  public let span: Range<Instant>
  /// Nil where the plan does not have the duty any more.
  public let every: Milliseconds?
  public let stay: Milliseconds
  public let atOnce: Int

  public init(
    duty: Duty.ID, span: Range<Instant>, every: Milliseconds?, stay: Milliseconds = .zero,
    atOnce: Int = 1
  ) {
    (self.duty, self.span, self.every) = (duty, span, every)
    (self.stay, self.atOnce) = (stay, atOnce)
  }

  public init(_ window: WindowRecord, under plan: Plan) {
    let duty = plan.duty(window.owed.duty)
    let began = window.owed.windowBegan
    self.init(
      duty: window.owed.duty, span: began..<max(began, window.ended), every: duty?.every,
      stay: duty?.stay ?? .zero, atOnce: duty?.atOnce ?? 1)
  }

  /// When the first attendance is due; nil where that is not before its end.
  var firstDue: Instant? {
    every.flatMap { span.lowerBound + $0 < span.upperBound ? span.lowerBound + $0 : nil }
  }

  func asked(_ labels: ChartLabels) -> String {
    var parts = every.map { [labels.every($0)] } ?? []
    if stay > .zero { parts.append(labels.staying(stay)) }
    if atOnce > 1 { parts.append(labels.atOnce(atOnce)) }
    return parts.joined(separator: ", ")
  }

  /// Moments at which the place fell due, and whether somebody had come by then.
  ///
  /// - Parameter attended: closed intervals, in order of their beginnings.
  func dues(_ attended: [ClosedRange<Instant>], judgedUntil: Instant) -> [(
    at: Instant, isMet: Bool
  )] {
    guard let every else { return [] }
    var dues: [(Instant, Bool)] = []
    var due = min(span.lowerBound + every, span.upperBound)
    for stay in attended where stay.lowerBound < span.upperBound {
      dues.append((due, stay.lowerBound <= due))
      due = max(due, stay.upperBound + every)
    }
    // Of the last nobody can say yet whether it is met.
    if due <= judgedUntil { dues.append((due, false)) }
    let ends = every >= span.upperBound - span.lowerBound
    return dues.filter { $0.0 < span.upperBound || (ends && attended.isEmpty) }
  }
}
