import Coverage
import Foundation
import Geodesy
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Patrol
import Rights
import Store
import Testing
import Web

/// A brigade of two squadrons in a store of its own: the north's handheld goes between a bank and a street, the south's
/// stands at a gate, and nobody goes to the park.
final class Scene: Sendable {
  /// 2026-11-20T20:00:00+08:00.
  static let start = Instant(rfc3339: "2026-11-20T12:00:00Z")!
  static let plane = LocalPlane(origin: Coordinate(latitude: 28.68, longitude: 115.89)!)

  static func minute(_ m: Double) -> Instant { start + Milliseconds(Int64(m * 60_000)) }
  static func at(_ x: Double, _ y: Double) -> Coordinate {
    plane.coordinate(PlanePoint(x: x, y: y))!
  }

  static let plan: Plan = {
    func duty(_ id: Duty.ID, _ group: Group.ID, _ place: Place.ID, stay: Int) -> Duty {
      Duty(
        id: id, group: group, places: [place], from: TimeOfDay("20:00")!,
        to: TimeOfDay("22:00")!, every: .minutes(45), stay: .minutes(stay))
    }
    let square = [at(0, 600), at(200, 600), at(200, 800), at(0, 800), at(0, 600)]
    return try! Plan(
      brigade: Brigade(
        id: "b", name: "<b>Brigade</b>",
        squadrons: [
          Squadron(id: "north", name: "N", groups: [Group(id: "n1", name: "N1", handhelds: ["a"])]),
          Squadron(id: "south", name: "S", groups: [Group(id: "s1", name: "S1", handhelds: ["b"])]),
        ]),
      zone: Zone(identifier: "Asia/Shanghai", firstOffset: 8 * 3600),
      dayStarts: TimeOfDay("06:00")!,
      places: [
        Place(id: "bank", name: "Bank", geometry: .point(centre: at(0, 0), radius: 30)),
        Place(
          id: "street", name: "Street",
          geometry: .line(Polyline([at(0, 200), at(600, 200)])!, corridor: 25)),
        Place(id: "gate", name: "Gate", geometry: .point(centre: at(2000, 0), radius: 30)),
        Place(id: "park", name: "Park", geometry: .area(Surface([[square]])!, cell: nil)),
      ],
      shifts: [Shift(id: "evening", from: TimeOfDay("18:00")!, to: TimeOfDay("23:00")!)],
      handhelds: ["a", "b"].map {
        Handheld(
          id: $0, source: Source(host: "localhost", device: $0.text), travel: .foot,
          model: DeviceModel(id: "generic", interval: .seconds(5)))
      },
      duties: [
        duty("banks", "n1", "bank", stay: 3), duty("walk", "n1", "street", stay: 0),
        duty("gates", "s1", "gate", stay: 3), duty("parks", "s1", "park", stay: 0),
      ])
  }()

  let folder: String
  var path: String { folder + "/s.sqlite" }

  /// - Parameter minutes: from the evening's beginning.
  init(minutes: Double = 125) throws {
    folder = NSTemporaryDirectory() + "patrol-web-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try live(from: -10, to: minutes)
  }

  /// Made once, for those who only read: a whole evening, and its first minute.
  private static let made = Result { (evening: try Scene(), minute: try Scene(minutes: 1)) }
  static func evening() throws -> Scene { try made.get().evening }
  static func firstMinute() throws -> Scene { try made.get().minute }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// What a daemon that runs for some minutes stores.
  func live(from: Double, to: Double) throws {
    let store = try Store(at: path, for: .write)
    var pipeline = try Pipeline(
      store: store, version: Pipeline.Version(plan: Self.plan, digest: "d", bundle: "d"),
      scope: .live, at: Self.minute(from), program: "test", load: { _ in Self.plan })
    let all = Self.observations().filter {
      $0.receivedAt > Self.minute(from) && $0.receivedAt <= Self.minute(to)
    }
    var now = Self.minute(from)
    var rest = all[...]
    while now < Self.minute(to) {
      now = min(now + .seconds(60), Self.minute(to))
      let batch = rest.prefix { $0.receivedAt <= now }
      rest = rest.dropFirst(batch.count)
      _ = try pipeline.take(Array(batch), until: now)
    }
  }

  static func observations() -> [Observation] {
    let corners: [(x: Double, y: Double)] = [(0, 0), (0, 200), (600, 200), (0, 200), (0, 0)]
    var way: [(Double, Double, Double)] = []
    while way.count < 2000 {
      way += Array(repeating: (0, 0, 0), count: 60)
      for (a, b) in zip(corners, corners.dropFirst()) {
        let length = max(abs(b.x - a.x), abs(b.y - a.y))
        for d in stride(from: 6.0, through: length, by: 6) {
          way.append((a.x + (b.x - a.x) * d / length, a.y + (b.y - a.y) * d / length, 1.2))
        }
      }
    }
    return way.prefix(1800).enumerated().flatMap { n, step in
      let time = minute(-10) + .seconds(5 * (n + 1))
      func told(_ id: Handheld.ID, _ x: Double, _ y: Double, _ speed: Double) -> Observation {
        let fix = Fix(
          time: time, position: at(x, y), mode: 3, accuracy: 5, speed: MetresPerSecond(speed))
        return Observation(
          handheld: id, receivedAt: time + Milliseconds(300), report: .fix(fix))
      }
      return [told("a", step.0, step.1, step.2), told("b", 2000, 0, 0)]
    }
  }

  /// - Parameter squadron: all that whoever asks may see; nil for everything.
  func server(_ squadron: Squadron.ID? = nil) throws -> WebServer {
    try WebServer(
      WebSettings(
        listen: ListenAddress("127.0.0.1:0")!, store: path, load: { _ in Self.plan },
        now: { Self.minute(125) }, clock: { Self.minute(125) },
        authenticate: { _ in
          Viewer(role: squadron.map { .squadron($0) } ?? .brigade)
        }), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Asks routes without a socket.
  func ask<T>(
    as squadron: Squadron.ID? = nil, _ body: @Sendable (Asking) async throws -> T
  ) async throws -> T {
    try await server(squadron).ask(body)
  }
}

/// Questions, and what is read of their answers.
struct Asking: Sendable {
  let client: any TestClientProtocol

  func get(_ path: String, _ fields: HTTPFields = [:]) async throws -> TestResponse {
    try await client.execute(uri: path, method: .get, headers: fields)
  }

  func json(_ path: String) async throws -> JSON {
    let response = try await get(path)
    try #require(response.status == .ok, "\(path): \(String(buffer: response.body))")
    return try JSON(response)
  }

  /// Ids of the features of every page, and how many pages there were.
  func ids(_ path: String) async throws -> (ids: [String], pages: Int) {
    var (next, ids, pages): (String?, [String], Int) = (path, [], 0)
    while let page = next {
      let json = try await json(page)
      ids += json.features.map { $0["id"] as? String ?? "?" }
      next = json.link("next")
      pages += 1
    }
    return (ids, pages)
  }
}

struct JSON {
  let object: [String: Any]

  init(_ response: TestResponse) throws {
    let data = Data(response.body.readableBytesView)
    object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  var features: [[String: Any]] { object["features"] as? [[String: Any]] ?? [] }
  var properties: [[String: Any]] { features.map { $0["properties"] as? [String: Any] ?? [:] } }

  /// Without its host.
  func link(_ rel: String) -> String? {
    let links = object["links"] as? [[String: Any]] ?? []
    return (links.first { $0["rel"] as? String == rel }?["href"] as? String)
      .map { $0.replacing("http://localhost", with: "") }
  }
}

extension WebServer {
  /// Asks routes without a socket, and stops.
  func ask<T>(_ body: @Sendable (Asking) async throws -> T) async throws -> T {
    do {
      let result = try await application().test(.router) { try await body(Asking(client: $0)) }
      await stop()
      return result
    } catch {
      await stop()
      throw error
    }
  }
}
