/// Where a server listens. Others than this machine are answered only where there are users.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  public let host: String
  /// 0 for any that is free.
  public let port: Int

  public static let expected =
    "an address and a port, such as 127.0.0.1:8470, [::1]:8470, localhost:8470 or 0.0.0.0:8470"

  /// `host:port`, IPv6 in brackets. Nil where it is no such thing.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"),
      let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
    (self.host, self.port) = (String(host), port)
  }

  /// Only this machine reaches it.
  public var isLoopback: Bool { Self.isLoopback(host) }

  /// As a name, or as the whole of 127.0.0.0/8 or ::1.
  static func isLoopback(_ host: some StringProtocol) -> Bool {
    if host.lowercased() == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "127" else { return false }
    return parts.allSatisfy { part in
      (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
        && (0...255).contains(Int(part) ?? -1)
    }
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
