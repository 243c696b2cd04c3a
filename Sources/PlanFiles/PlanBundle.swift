internal import Foundation

/// The texts of every file that a plan was read from: enough to read the same plan again, anywhere.
public struct PlanBundle: Hashable, Sendable, Codable {
  /// The name of the plan's own file among `files`, usually `plan.yaml`.
  public var root: String
  /// UTF-8 texts without BOM, by the names the plan gives them; models as `devices/models/<model>/model.yaml`, the zone
  /// as a table in `zone/<name>`. One that has no table gets this system's.
  public var files: [String: String]

  public init(root: String = "plan.yaml", files: [String: String]) {
    self.root = root
    self.files = files
  }

  /// One text that holds it all (JSON, keys sorted), to be kept and read again by `init(text:)`.
  public var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings by strings: there is nothing in it that cannot be encoded.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Throws where the text is none that `text` gave.
  public init(text: String) throws {
    self = try JSONDecoder().decode(PlanBundle.self, from: Data(text.utf8))
  }

  static func modelName(_ id: String) -> String { "devices/models/\(id)/model.yaml" }
  static func zoneName(_ identifier: String) -> String { "zone/\(identifier)" }

  /// 16 hexadecimal digits that tell two versions of a plan apart: FNV-1a, 64 bits, over the names and texts in the order
  /// of the names, each preceded by its length. The same on every machine; no protection against forgery.
  public var digest: String {
    var hash = FNV1a()
    hash.add(root)
    for name in files.keys.sorted() {
      hash.add(name)
      hash.add(files[name] ?? "")
    }
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Fowler, Noll, Vo: 64 bits, variant 1a (offset basis and prime from draft-eastlake-fnv).
private struct FNV1a {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ text: String) {
    var length = UInt64(text.utf8.count)
    for _ in 0..<8 {
      add(UInt8(truncatingIfNeeded: length))
      length >>= 8
    }
    for byte in text.utf8 { add(byte) }
  }

  private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
}
