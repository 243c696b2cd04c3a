internal import Foundation
internal import Geodesy
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import Synchronization

/// A certificate and its key, as PEM files.
public struct CertificateFiles: Hashable, Sendable {
  public var certificate: String
  public var key: String

  public init(certificate: String, key: String) {
    (self.certificate, self.key) = (certificate, key)
  }
}

/// The certificate that connections are met with: read again when its files change, and kept where the new one is broken.
final class Certificates: Sendable {
  struct Broken: Error, CustomStringConvertible {
    var files: CertificateFiles
    var detail: String

    var description: String {
      "\(files.certificate) and \(files.key): not a certificate (PEM, with its chain) and its key (\(detail))"
    }
  }

  private struct State {
    var context: NIOSSLContext
    var read: [Data]
    /// What was last complained of.
    var refused: [Data]?
  }

  private let files: CertificateFiles
  private let state: Mutex<State>

  /// Throws `Broken`.
  init(_ files: CertificateFiles) throws {
    self.files = files
    let read = try Self.read(files)
    state = Mutex(State(context: try Self.context(files, read), read: read))
  }

  var context: NIOSSLContext { state.withLock { $0.context } }

  /// Reads the files again where they changed.
  ///
  /// - Returns: whether there is a new certificate. Throws `Broken`, once for each broken state of the files.
  func reload() throws -> Bool {
    let read = try Self.read(files)
    guard state.withLock({ $0.read != read && $0.refused != read }) else { return false }
    do {
      let context = try Self.context(files, read)
      state.withLock { $0 = State(context: context, read: read) }
      return true
    } catch {
      state.withLock { $0.refused = read }
      throw error
    }
  }

  private static func read(_ files: CertificateFiles) throws -> [Data] {
    do {
      return try [files.certificate, files.key].map {
        try Data(contentsOf: URL(fileURLWithPath: $0))
      }
    } catch {
      throw Broken(files: files, detail: error.localizedDescription)
    }
  }

  private static func context(_ files: CertificateFiles, _ read: [Data]) throws -> NIOSSLContext {
    do {
      let chain = try NIOSSLCertificate.fromPEMBytes(Array(read[0]))
      let key = try NIOSSLPrivateKey(bytes: Array(read[1]), format: .pem)
      guard !chain.isEmpty else { throw Broken(files: files, detail: "no certificate") }
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
      configuration.minimumTLSVersion = .tlsv12
      configuration.applicationProtocols = ["http/1.1"]
      return try NIOSSLContext(configuration: configuration)
    } catch let broken as Broken {
      throw broken
    } catch {
      throw Broken(files: files, detail: "\(error)")
    }
  }
}

/// TLS before anything else is heard, with the certificate of the moment.
struct SecureChannel<Base: ServerChildChannel>: ServerChildChannel {
  let base: Base
  let certificates: Certificates

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(
        NIOSSLServerHandler(context: certificates.context))
    }.flatMap { base.setup(channel: channel, logger: logger) }
  }

  func handle(value: Base.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}
