import Foundation
import Geodesy
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing
import Web

/// Runs a program without holding a thread of the pool; what it printed.
private func printed(_ arguments: [String]) async throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = arguments
  let output = NSTemporaryDirectory() + "printed-" + UUID().uuidString
  try #require(FileManager.default.createFile(atPath: output, contents: nil))
  defer { try? FileManager.default.removeItem(atPath: output) }
  let file = try #require(FileHandle(forWritingAtPath: output))
  (process.standardOutput, process.standardError) = (file, FileHandle.nullDevice)
  process.standardInput = FileHandle.nullDevice
  try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
    process.terminationHandler = { _ in done.resume() }
    do {
      try process.run()
    } catch {
      process.terminationHandler = nil
      done.resume(throwing: error)
    }
  }
  return try String(contentsOfFile: output, encoding: .utf8)
}

@Suite(.timeLimit(.minutes(10))) struct `A certificate` {
  @Test(.timeLimit(.minutes(1)))
  func `is shown, and another one after it changed; a broken one is not`()
    async throws
  {
    let scene = try ClosedScene()
    let files = CertificateFiles(
      certificate: scene.scene.folder + "/c.pem", key: scene.scene.folder + "/k.pem")
    func make(_ name: String) async throws {
      _ = try await printed([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout", files.key, "-out",
        files.certificate,
      ])
    }
    #expect(throws: WebServer.Failure.self) { try Self.server(scene, files, Said()) }
    try await make("first")
    let said = Said()
    let server = try Self.server(scene, files, said)
    let port = try await server.start()
    func subject() async throws -> String {
      let text = try await printed(["openssl", "s_client", "-connect", "127.0.0.1:\(port)"])
      return text.split(separator: "\n").first { $0.hasPrefix("subject=") }.map(String.init)
        ?? "none"
    }
    #expect(try await subject().hasSuffix("first"))
    server.reloadCertificates()
    #expect(said.texts.isEmpty)
    try await make("second")
    server.reloadCertificates()
    #expect(try await subject().hasSuffix("second"))
    // Half of it, and another's key.
    let key = try String(contentsOfFile: files.key, encoding: .utf8)
    try "-----BEGIN CERTIFICATE-----\nAAAA\n".write(
      toFile: files.certificate, atomically: true, encoding: .utf8)
    server.reloadCertificates()
    server.reloadCertificates()
    #expect(try await subject().hasSuffix("second"))
    try await make("third")
    try key.write(toFile: files.key, atomically: true, encoding: .utf8)
    server.reloadCertificates()
    #expect(try await subject().hasSuffix("second"))
    let complaints = said.texts.filter { $0.hasPrefix("the certificate in use is kept") }
    #expect(complaints.count == 2)
    await server.stop()
  }

  @Test func `makes cookies and links for TLS alone`() async throws {
    let scene = try ClosedScene(users: false)
    let files = CertificateFiles(
      certificate: scene.scene.folder + "/c.pem", key: scene.scene.folder + "/k.pem")
    _ = try await printed([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
      "-nodes", "-subj", "/CN=x", "-keyout", files.key, "-out", files.certificate,
    ])
    let server = try Self.server(scene, files, Said())
    let link = try #require(try await server.setupLink(port: 1))
    #expect(link.hasPrefix("https://127.0.0.1:1/setup?key="))
    try await scene.ask(server) { client in
      let key = link.split(separator: "=").last ?? ""
      let body = "{\"key\": \"\(key)\", \"name\": \"chief\", \"password\": \"a long one indeed\"}"
      let response = try await client.execute(
        uri: "/setup", method: .post, headers: [.contentType: "application/json"],
        body: .init(string: body))
      #expect(response.headers[.setCookie]?.hasPrefix("__Host-patrold=") == true)
      #expect(response.headers[.setCookie]?.hasSuffix("; Secure") == true)
      #expect(response.headers[.strictTransportSecurity] == "max-age=31536000")
    }
  }

  private static func server(_ scene: ClosedScene, _ files: CertificateFiles, _ said: Said) throws
    -> WebServer
  {
    try WebServer(
      WebSettings(
        listen: ListenAddress("127.0.0.1:0")!, store: scene.path, load: { _ in Scene.plan },
        now: { Scene.minute(125) }, clock: { Scene.minute(125) }, certificates: files,
        cost: Knocker.cost), log: Logger(label: "test") { _ in said })
  }
}

/// What was logged.
private final class Said: LogHandler, Sendable {
  private let kept = Mutex<[String]>([])
  var texts: [String] { kept.withLock { $0 } }
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  var logLevel: Logger.Level {
    get { .notice }
    set {}
  }
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  func log(event: LogEvent) { kept.withLock { $0.append("\(event.message)") } }
}
