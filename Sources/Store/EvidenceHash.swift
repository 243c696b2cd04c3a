internal import Crypto
internal import GRDB
internal import GRDBSQLite

/// SHA-256 of something that is stored, as 64 hexadecimal digits.
public struct EvidenceHash: Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ digest: SHA256.Digest) {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    description = String(decoding: text, as: UTF8.self)
  }

  /// Of a text as UTF-8, as `sha256sum` has it of a file.
  public init(of text: String) { self.init(SHA256.hash(data: Array(text.utf8))) }

  init(of fields: FieldBytes) { self.init(SHA256.hash(data: fields.bytes)) }

  /// As it was written; whether it is one shows when it is compared.
  init(stored text: String) { description = text }
}

extension EvidenceHash: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(stored: try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Fields one after another, each with its kind and, where it varies, its length: different fields give different bytes.
/// Numbers are 64 bits, little-endian; texts UTF-8.
struct FieldBytes {
  private(set) var bytes: [UInt8] = []

  private enum Kind: UInt8 { case null, integer, real, text, blob }

  var count: Int { bytes.count }

  mutating func add(_ n: Int64) { add(.integer, UInt64(bitPattern: n)) }
  mutating func add(_ x: Double) { add(.real, x.bitPattern) }
  mutating func add(_ hash: EvidenceHash) { add(hash.description) }

  mutating func add(_ text: String?) {
    guard let text else { return bytes.append(Kind.null.rawValue) }
    add(.text, UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// A column of what a statement stands at, as it is stored.
  mutating func add(column i: Int32, of statement: SQLiteStatement) {
    switch sqlite3_column_type(statement, i) {
    case SQLITE_INTEGER: add(sqlite3_column_int64(statement, i))
    case SQLITE_FLOAT: add(sqlite3_column_double(statement, i))
    case SQLITE_TEXT:
      guard let text = sqlite3_column_text(statement, i) else { return add(nil) }
      add(.text, UnsafeRawPointer(text), sqlite3_column_bytes(statement, i))
    case SQLITE_BLOB:
      add(.blob, sqlite3_column_blob(statement, i), sqlite3_column_bytes(statement, i))
    default: add(nil)
    }
  }

  private mutating func add(_ kind: Kind, _ start: UnsafeRawPointer?, _ count: Int32) {
    add(kind, UInt64(count))
    bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: Int(count)))
  }

  private mutating func add(_ kind: Kind, _ value: UInt64) {
    bytes.append(kind.rawValue)
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ piece: some Sequence<UInt8>) { bytes.append(contentsOf: piece) }

  mutating func empty() { bytes.removeAll(keepingCapacity: true) }

  /// Puts pieces that begin at these offsets, up to the end, into the order of their bytes.
  mutating func sort(from starts: [Int]) {
    guard let first = starts.first else { return }
    let ends = starts.dropFirst() + [bytes.count]
    let pieces = zip(starts, ends).map { Array(bytes[$0..<$1]) }
      .sorted { $0.lexicographicallyPrecedes($1) }
    bytes.replaceSubrange(first..., with: pieces.joined())
  }
}

/// What rows hash to: each group of them (a gap, a handheld's day) by itself, and all of them together.
struct RowsDigest {
  private(set) var groups: [(key: String, hash: EvidenceHash)] = []
  private(set) var rows = 0
  private var open: (key: String, hash: SHA256)?

  /// Over the groups, in the order given.
  var hash: EvidenceHash {
    var fields = FieldBytes()
    for group in groups {
      fields.add(group.key)
      fields.add(group.hash)
    }
    return EvidenceHash(of: fields)
  }

  /// Rows of one group come one after another.
  mutating func begin(_ key: String) {
    guard open?.key != key else { return }
    end()
    open = (key, SHA256())
  }

  mutating func add(_ fields: FieldBytes, rows count: Int) {
    rows += count
    fields.bytes.withUnsafeBytes { open?.hash.update(bufferPointer: $0) }
  }

  mutating func end() {
    if let done = open { groups.append((done.key, EvidenceHash(done.hash.finalize()))) }
    open = nil
  }
}
