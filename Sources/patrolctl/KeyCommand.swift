import ArgumentParser
import Foundation
import Glibc
import Store

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Makes the key that a brigade signs its seals with.",
    subcommands: [New.self])

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A new Ed25519 key: FILE is to be kept secret, FILE.pub given to whoever checks.")

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "file"))
    var output: String

    func run() throws {
      let key = SealKey()
      try KeyFile.write(key.pem, to: output, mode: 0o600)
      try KeyFile.write(key.publicKey.pem, to: output + ".pub", mode: 0o644)
      try Output.line("key \(key.publicKey): \(output) (secret), \(output).pub")
    }
  }
}

/// Keys as files. Nothing is ever written over.
enum KeyFile {
  static func write(_ text: String, to path: String, mode: mode_t) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      guard errno == EEXIST else {
        throw Failure.outside("\(path): cannot be written (\(reason()))")
      }
      throw Failure.wrongQuestion("\(path) is there already; a key is not written over")
    }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes), fsync(descriptor) == 0 else {
      throw Failure.outside("\(path): cannot be written (\(reason()))")
    }
  }

  static func privateKey(_ path: String) throws -> SealKey {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
      throw Failure.wrongQuestion("\(path): others may read this key; expected mode 0600")
    }
    guard let key = SealKey(pem: try text(path)) else {
      throw Failure.wrongQuestion(
        "\(path): found no Ed25519 private key (PEM); expected the FILE of `patrolctl key new`")
    }
    return key
  }

  static func publicKey(_ path: String) throws -> SealPublicKey {
    guard let key = SealPublicKey(pem: try text(path)) else {
      throw Failure.wrongQuestion(
        "\(path): found no Ed25519 public key (PEM); expected the FILE.pub of `patrolctl key new`")
    }
    return key
  }

  private static func text(_ path: String) throws -> String {
    do {
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw Failure.wrongQuestion("\(path): cannot be read (\(error.localizedDescription))")
    }
  }

  private static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
    Glibc.write(descriptor, bytes, bytes.count) == bytes.count
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
