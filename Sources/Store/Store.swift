internal import Coverage
internal import Foundation
internal import GRDB
internal import Geodesy
internal import Glibc
internal import Patrol

/// A patrold store: one SQLite file in WAL mode, written by one program at a time and read by any number beside it.
public final class Store {
  public let path: String
  let queue: DatabaseQueue
  /// Handhelds by their numbers, which begin at 1.
  private(set) var handhelds = HandheldRoll([""])
  /// By number, the latest order time stored: what is later than that cannot be a repetition.
  var latest: [Int64] = [Int64.min]
  var recent = RecentFixes()
  var seals = SealWatch()
  var days = DayWatch()
  /// Fixes are put in the order in which they are read as they come.
  let isClustered: Bool
  let arriving = ArrivingFixes()
  /// A transaction failed: what is known of the file is no longer so.
  private var isStale = false
  /// How long the last transaction waited for the disk at its end.
  public private(set) var committedIn = Duration.zero

  public enum Access: Sendable {
    /// To judge: made where it is missing, migrated where it is older, and by one program at a time.
    case write
    /// To note something (an excuse) beside the one that judges.
    case amend
    case read
  }

  /// Holds the lock of the one that judges; closed last, as closing any descriptor of a file drops SQLite's own locks.
  private var lock: Int32 = -1

  deinit {
    logKeeper = nil
    // SQLite closes first, so that its locks are its own to drop.
    try? queue.close()
    if lock >= 0 { close(lock) }
  }

  /// What a loss of power may take.
  public enum Durability: Sendable {
    /// Nothing that was committed.
    case eachCommit
    /// What was committed last; the store itself stays whole. For what can be done again, in large batches: fixes are put in
    /// the order in which they are read at once.
    case whole
  }

  public init(
    at path: String, for access: Access, durability: Durability = .eachCommit
  ) throws(StoreError) {
    guard !path.isEmpty, !path.hasPrefix(":"), !path.hasPrefix("file:") else {
      throw .failed(path: path, detail: "found \"\(path)\" as the store; expected a file's name")
    }
    // SQLite has names with meanings of their own; a whole path has none.
    let path = URL(fileURLWithPath: path).path
    self.path = path
    isClustered = durability == .whole
    let exists = FileManager.default.fileExists(atPath: path)
    if access != .write, !exists { throw .missing(path: path) }
    // SQLite would only say that it cannot open it.
    if access != .read, !Self.isWritable(path, exists) { throw .readOnly(path: path) }
    var configuration = Configuration()
    configuration.readonly = access == .read
    configuration.busyMode = .timeout(5)
    configuration.label = "store"
    do {
      let name = access == .read && Self.isAtRest(path) ? Self.immutable(path) : path
      queue = try DatabaseQueue(path: name, configuration: configuration)
    } catch {
      throw Self.error(error, path)
    }
    if access == .write { try takeLock() }
    try open(access)
    if durability == .whole {
      try run {
        try $0.execute(sql: "PRAGMA synchronous = NORMAL")
        // Each handheld's fixes, and each cell's attendance, go on where the last ones lie: those pages are to stay at hand.
        try $0.execute(sql: "PRAGMA cache_size = -131072")
        // And to be copied out of the write-ahead log not with every batch.
        try $0.execute(sql: "PRAGMA wal_autocheckpoint = 16384")
      }
    }
  }

  private var logKeeper: LogKeeper?

  /// Leaves the copying out of the write-ahead log to a thread of its own: for one that writes for long and must not wait.
  public func keepLogApart() throws(StoreError) {
    do {
      logKeeper = try LogKeeper(path: path)
      // Only where the other one cannot keep up.
      try run { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 100000") }
    } catch {
      throw Self.error(error, path)
    }
  }

  /// The file, and its folder, in which SQLite keeps files of its own. True where there is no such folder: that is told
  /// otherwise.
  private static func isWritable(_ path: String, _ exists: Bool) -> Bool {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard Glibc.access(folder, F_OK) == 0 else { return true }
    return Glibc.access(folder, W_OK) == 0 && (!exists || Glibc.access(path, W_OK) == 0)
  }

  /// Nobody writes it, and who asks may not either: SQLite would want files of its own beside it all the same, unless
  /// told that nothing can change.
  private static func isAtRest(_ path: String) -> Bool {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    return Glibc.access(folder, W_OK) != 0
      && ["-wal", "-shm"].allSatisfy { !FileManager.default.fileExists(atPath: path + $0) }
  }

  private static func immutable(_ path: String) -> String {
    let plain = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#"))
    return "file:\(path.addingPercentEncoding(withAllowedCharacters: plain) ?? path)?immutable=1"
  }

  /// The file is still the one that was opened: nobody removed or replaced it meanwhile.
  public var isInPlace: Bool {
    var (opened, named) = (stat(), stat())
    guard lock >= 0, fstat(lock, &opened) == 0 else { return true }
    return stat(path, &named) == 0 && opened.st_ino == named.st_ino
      && opened.st_dev == named.st_dev
  }

  private func takeLock() throws(StoreError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .failed(path: path, detail: "cannot be locked (\(String(cString: strerror(errno))))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      // Not closed: nothing of SQLite's is locked yet, and the process ends or goes on without this store.
      close(descriptor)
      throw .locked(path: path)
    }
    lock = descriptor
  }

  private func open(_ access: Access) throws(StoreError) {
    let (path, known) = (self.path, Schema.version)
    let outcome: StoreError? = try run { db in
      let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
      let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
      if application != Schema.applicationID, tables > 0 || access != .write {
        return .notAStore(path: path)
      }
      if version > known { return .newer(path: path, version: version, known: known) }
      guard access == .write else {
        if version < known {
          return .failed(
            path: path, detail: "a store of an older version; let patrold open it once")
        }
        if access == .amend {
          try db.execute(sql: "PRAGMA synchronous = FULL")
          try db.execute(sql: Schema.seals)
          try db.execute(sql: Schema.gapNotes + Schema.planChanges)
          try db.execute(sql: Schema.hooks)
        }
        return nil
      }
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      // A committed second survives a loss of power; at a transaction a second it costs nothing (measured).
      try db.execute(sql: "PRAGMA synchronous = FULL")
      if version < known {
        try db.inTransaction {
          try Schema.migrate(db, from: version)
          return .commit
        }
      }
      try db.execute(
        sql: Schema.seals + Schema.receptions + Schema.happenings + Schema.gapNotes
          + Schema.planChanges)
      try db.execute(sql: Schema.hooks)
      try self.learn(db)
      try self.arriving.register(db)
      return nil
    }
    if let outcome { throw outcome }
  }

  /// Learns what of the file the writer keeps in mind.
  private func learn(_ db: Database) throws {
    (handhelds, latest) = (HandheldRoll([""]), [Int64.min])
    let rows = try Row.fetchCursor(
      db,
      sql:
        "SELECT n, id, (SELECT max(at_ms) FROM fix_kept WHERE handheld = n) FROM handheld ORDER BY n"
    )
    while let row = try rows.next() {
      note(Handheld.ID(row[1]), number: row[0], latest: row[2] ?? Int64.min)
    }
    recent = try RecentFixes(db) { self.latest[Int($0)] = max(self.latest[Int($0)], $1) }
    days = try DayWatch(db)
    isStale = false
  }

  func note(_ handheld: Handheld.ID, number: Int64, latest moment: Int64) {
    while handhelds.ids.count < number { handhelds.append("") }
    handhelds.append(handheld)
    latest.append(contentsOf: repeatElement(Int64.min, count: handhelds.ids.count - latest.count))
    latest[Int(number)] = moment
  }

  /// The latest order time stored of a handheld.
  func latest(of handheld: Handheld.ID) -> Instant? {
    number(of: handheld).map { Instant(milliseconds: latest[Int($0)]) }
  }

  /// Nil of one of which nothing is stored.
  func number(of handheld: Handheld.ID) -> Int64? {
    handhelds.position(of: handheld).map(Int64.init)
  }

  /// Runs everything in one transaction: all of it is stored, or nothing.
  public func write<T>(_ body: (Transaction) throws -> T) throws(StoreError) -> T {
    do {
      var done = ContinuousClock.now
      let result = try queue.write { db in
        if isStale { try learn(db) }
        try seals.begin(db)
        days.begin()
        let result = try body(Transaction(db: db, store: self))
        try seals.end(db)
        done = .now
        return result
      }
      committedIn = .now - done
      return result
    } catch {
      isStale = lock >= 0
      throw Self.error(error, path)
    }
  }

  func run<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try queue.writeWithoutTransaction(body)
    } catch {
      throw Self.error(error, path)
    }
  }

  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try queue.read(body)
    } catch {
      throw Self.error(error, path)
    }
  }

  static func error(_ error: any Error, _ path: String) -> StoreError {
    if let error = error as? StoreError { return error }
    if let error = error as? ExcuseError { return .refused(error) }
    if let error = error as? SealError { return .unsealed(error) }
    if let error = error as? RightsError { return .rights(error) }
    if let error = error as? PlanChangeError { return .unchanged(error) }
    if let error = error as? HookError { return .hook(error) }
    guard let error = error as? DatabaseError else {
      return .failed(path: path, detail: "\(error)")
    }
    let detail = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_NOTADB: return .notAStore(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: return .locked(path: path)
    case .SQLITE_READONLY, .SQLITE_PERM: return .readOnly(path: path)
    case .SQLITE_FULL: return .full(path: path)
    case .SQLITE_CORRUPT: return .corrupt(path: path, detail: detail)
    case .SQLITE_CANTOPEN: return .failed(path: path, detail: "cannot be opened: \(detail)")
    default: return .failed(path: path, detail: detail)
    }
  }
}

/// JSON as it stands in the store: keys sorted, so that equal values give equal text.
enum StoredJSON {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// An array of texts, for `json_each`.
  static func list(_ texts: [String]) -> String {
    // Names mostly need no escapes; an encoder takes a hundred times as long.
    func isPlain(_ byte: UInt8) -> Bool {
      byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte < 0x7f
    }
    if texts.allSatisfy({ $0.utf8.allSatisfy(isPlain) }) {
      return texts.isEmpty ? "[]" : "[\"\(texts.joined(separator: "\",\""))\"]"
    }
    // Encoding strings cannot fail.
    return (try? text(texts)) ?? "[]"
  }

  static func value<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
