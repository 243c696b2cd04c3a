internal import Foundation
internal import Geodesy
internal import HTTPTypes
internal import Hummingbird
internal import Reports
internal import Store

/// `/healthz`, `/readyz` and `/metrics`: for whoever looks after the daemon.
struct ProbeRoutes: Sendable {
  let readers: Readers
  let tally: WebTally
  let hub: EventHub
  /// The real time.
  let now: @Sendable () -> Instant

  /// A daemon beats every second; a busy disk may take some.
  private static let lateAfter = Milliseconds.seconds(15)

  /// The server answers.
  func health(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: [])
    return Self.status("ok")
  }

  /// The daemon stores what it hears: its last sign of life is fresh, and the store takes.
  func readiness(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: [])
    let beat = try await readers.read { try $0.heartbeat(DaemonState.self) }
    guard let beat else { throw Problem.busy("no daemon has written to the store yet") }
    let age = now() - beat.at
    if beat.state.phase == .stopped { throw Problem.busy("the daemon is stopped") }
    guard age <= Self.lateAfter else {
      throw Problem.busy("nothing was stored for \(age.value / 1000) s")
    }
    if let trouble = beat.state.storeTrouble { throw Problem.busy("the store refuses: \(trouble)") }
    return Self.status("ready")
  }

  private static func status(_ text: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: MediaType.json, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: "{\"status\": \"\(text)\"}\n")))
  }

  func metrics(_ request: Request, _ context: WebContext) async throws -> Response {
    _ = try Asked(request, allowed: [])
    let (watching, cutOff) = (await hub.count, await hub.cutOff)
    let (meters, now) = (tally.meters, now())
    let text = try await readers.read { queries in
      var metrics = MetricsText()
      try metrics.tell(queries, now)
      meters.tell(&metrics)
      metrics.add(
        "patrold_event_subscribers", "gauge", "Who follows the events.", Double(watching))
      metrics.add(
        "patrold_event_subscribers_cut_off_total", "counter",
        "Those that were cut off because they could not keep up.", Double(cutOff))
      return metrics.text
    }
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store",
      ], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
