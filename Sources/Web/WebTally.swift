internal import CoreMetrics
internal import HTTPTypes

/// What the server counts of itself, since it began.
struct WebTally: Sendable {
  let meters: Meters
  private let responses: [Counter]
  private let duration: Timer

  init() {
    let (byClass, seconds) = ("patrold_http_responses_total", "patrold_http_response_seconds")
    let meters = Meters(help: [
      byClass: "Responses by the first digit of their status.",
      seconds: "From a request to the beginning of its response.",
    ])
    self.meters = meters
    responses = (1...5).map {
      Counter(label: byClass, dimensions: [("class", "\($0)xx")], factory: meters)
    }
    duration = Timer(label: seconds, factory: meters)
  }

  func count(_ status: HTTPResponse.Status, after passed: Duration) {
    let first = status.code / 100
    if responses.indices.contains(first - 1) { responses[first - 1].increment() }
    let (seconds, attoseconds) = passed.components
    duration.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
