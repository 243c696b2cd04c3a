import Foundation
import Geodesy
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Store
import Testing

@Suite(.timeLimit(.minutes(10))) struct `Probes and reports` {
  func beat(_ scene: Scene, at minute: Double, trouble: String? = nil) throws {
    let store = try Store(at: scene.path, for: .write)
    var delays = DelayHistogram()
    for ms in [40, 60, 60, 20_000] { delays.add(Milliseconds(Int64(ms))) }
    let state = DaemonState(
      phase: .running, program: "test", process: 1, started: Scene.minute(0), plan: "p",
      planTrouble: nil, stored: 7, offDuty: 3, held: 2, storeTrouble: trouble, dropped: 1,
      openGaps: 0,
      commitDelays: delays, gates: ["usable": 5, "jump": 2])
    try store.write { try $0.beat(state, at: Scene.minute(minute), clock: Scene.minute(minute)) }
  }

  @Test func `are ready while the daemon beats and the store takes`() async throws {
    let scene = try Scene(minutes: 100)
    try await scene.ask { asking in
      try `What cannot be answered`.check(try await asking.get("/readyz"), 503)
      try beat(scene, at: 124.9)
      #expect(try await asking.get("/readyz").status == .ok)
      try beat(scene, at: 124.9, trouble: "full")
      try `What cannot be answered`.check(try await asking.get("/readyz"), 503)
      try beat(scene, at: 124)
      try `What cannot be answered`.check(try await asking.get("/readyz"), 503)
      #expect(try await asking.get("/healthz").status == .ok)
    }
  }

  @Test func `count`() async throws {
    let scene = try Scene(minutes: 100)
    try beat(scene, at: 124)
    try await scene.ask { asking in
      _ = try await asking.get("/nowhere")
      let response = try await asking.get("/metrics")
      #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
      let lines = String(buffer: response.body).split(separator: "\n").map(String.init)
      for line in [
        #"patrold_observations_total{outcome="stored"} 7"#,
        #"patrold_observations_total{outcome="off_duty"} 3"#,
        #"patrold_observations_total{outcome="dropped"} 1"#, "patrold_observations_held 2",
        #"patrold_fixes_total{gate="usable"} 5"#, #"patrold_fixes_total{gate="jump"} 2"#,
        #"patrold_commit_delay_seconds_bucket{le="0.05"} 1"#,
        #"patrold_commit_delay_seconds_bucket{le="0.1"} 3"#,
        #"patrold_commit_delay_seconds_bucket{le="10.0"} 3"#,
        #"patrold_commit_delay_seconds_bucket{le="+Inf"} 4"#,
        "patrold_commit_delay_seconds_count 4", "patrold_commit_delay_seconds_sum 20.16",
        #"patrold_gaps_open{verdict="missed"} 1"#, #"patrold_http_responses_total{class="4xx"} 1"#,
        "patrold_heartbeat_age_seconds 60",
      ] {
        #expect(lines.contains(line), "\(line)")
      }
    }
  }

  @Test func `come as pages, values and rows`() async throws {
    try await Scene.evening().ask { asking in
      for (path, type, sign) in [
        ("/reports/shift/2026-11-20", "text/html", "<html"),
        ("/reports/shift/latest?format=json", "application/json", "\"windows\""),
        ("/reports/shift/2026-11-20?format=csv", "text/csv", "duty,place"),
        ("/reports/shift/2026-11-20?language=zh-Hans", "text/html", "zh-Hans"),
        ("/reports/week/2026-W47", "text/html", "<html"),
        ("/reports/month/2026-11?format=csv", "text/csv", ","),
        ("/reports/quarter/2026-11-20?format=json", "application/json", "\"period\""),
      ] {
        let response = try await asking.get(path)
        #expect(response.status == .ok, "\(path)")
        #expect(response.headers[.contentType] == "\(type); charset=utf-8")
        #expect(String(buffer: response.body).contains(sign), "\(path)")
      }
      let csv = try await asking.get("/reports/shift/2026-11-20", [.accept: "text/csv"])
      #expect(csv.headers[.contentType] == "text/csv; charset=utf-8")
    }
  }

  @Test func `are described by a document of which every reference leads somewhere`() async throws {
    try await Scene.firstMinute().ask { asking in
      let response = try await asking.get("/api")
      #expect(response.headers[.contentType] == "application/vnd.oai.openapi+json;version=3.1")
      let document = try JSON(response).object
      #expect(document["openapi"] as? String == "3.1.0")
      let paths = try #require(document["paths"] as? [String: Any])
      #expect(paths.count == 45)
      let components = try #require(document["components"] as? [String: [String: Any]])
      let text = String(buffer: response.body)
      for reference in text.matches(of: #/#/components/([a-z]+)/([A-Za-z-]+)/#) {
        #expect(components[String(reference.1)]?[String(reference.2)] != nil, "\(reference.0)")
      }
    }
  }
}
