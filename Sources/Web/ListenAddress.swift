/// Where a server listens. Without users it is for this machine alone: an address that others reach is none.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  public let host: String
  /// 0 for any that is free.
  public let port: Int

  public static let expected =
    "this machine's own address and a port, such as 127.0.0.1:8470, [::1]:8470 or localhost:8470 (patrold has no users yet: whoever reaches it reads everything; others come through a proxy that asks who they are)"

  /// `host:port`, IPv6 in brackets. Nil where it is no such thing, or not a loopback address.
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
    guard Self.isLoopback(host) else { return nil }
    (self.host, self.port) = (String(host), port)
  }

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
