internal import AsyncHTTPClient
internal import Geodesy
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Rights
internal import Store

/// Sends messages: one request each, signed; redirects are not followed, and what is answered beyond the status is not read.
struct HookPost: Sendable {
  private let client: HTTPClient
  private let patience: TimeAmount

  static let patience = TimeAmount.seconds(10)

  /// - Parameter patience: until the head of an answer is there.
  init(on group: any EventLoopGroup, patience: TimeAmount = HookPost.patience) {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout = .init(connect: min(patience, .seconds(5)), read: patience)
    configuration.httpVersion = .http1Only
    // A retry of ours follows, and is counted.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    self.patience = patience
  }

  /// - Parameter now: the moment of the attempt, which is signed too.
  func send(_ message: HookMessage, to hook: Hook, at now: Instant) async -> HookAnswer {
    let timestamp = now.milliseconds / 1000
    var request = HTTPClientRequest(url: hook.url)
    request.method = .POST
    request.headers = [
      "Content-Type": "application/json", "User-Agent": "patrold", "Webhook-Id": message.id,
      "Webhook-Timestamp": "\(timestamp)",
      "Webhook-Signature": hook.secret.signature(
        id: message.id, timestamp: timestamp, body: message.body),
    ]
    request.body = .bytes(ByteBuffer(string: message.body))
    do {
      let response = try await client.execute(request, timeout: patience)
      let rest = response.headers.first(name: "Retry-After").flatMap {
        HookPatience.rest(retryAfter: $0, at: now)
      }
      return .status(Int(response.status.code), rest: rest)
    } catch let error as HTTPClientError {
      return .silence(error.shortDescription.lowercased())
    } catch {
      return .silence(Self.text(error))
    }
  }

  private static func text(_ error: any Error) -> String {
    switch error {
    case let error as IOError: String(cString: strerror(error.errnoCode)).lowercased()
    case let error as NIOConnectionError where error.dnsAError != nil || error.dnsAAAAError != nil:
      "no address of \(error.host) is known"
    case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
      text(error.connectionErrors[0].error)
    default: String("\(error)".prefix(200))
    }
  }

  func end() async throws { try await client.shutdown() }
}
