import Foundation
import GRDBSQLite
import Store

/// What a doctor looks at of a store: room, permissions, version, and that SQLite finds it sound.
struct StoreExamination {
  let path: String
  private var folder: String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
  }

  /// 10,000 fixes a second for a day at 41 bytes each are 35 GB; a brigade of 100 handhelds takes 0.4 GB.
  private static let roomForADay: UInt64 = 1 << 30

  func findings() -> [Finding] {
    var all = [room()]
    guard FileManager.default.fileExists(atPath: path) else {
      all.append(
        access(folder, W_OK) == 0
          ? .ok("store", "\(path): not there yet; patrold will make it")
          : .problem(
            "store", "\(folder): nobody here may write it", "give it to the user of patrold")
      )
      return all
    }
    all.append(permissions())
    do {
      let store = try Store(at: path, for: .read)
      withExtendedLifetime(store) { all.append(integrity()) }
    } catch {
      all.append(.problem("store", "\(error)", remedy(for: error)))
    }
    return all
  }

  private func remedy(for error: StoreError) -> String {
    switch error {
    case .newer: "use the program that wrote it, or a newer one"
    case .corrupt: "stop patrold, keep the file, and restore the last backup"
    case .notAStore, .missing: "name the file that patrold's --store names"
    case .locked: "wait for the other program, or stop it"
    default: "let patrold open it once, then ask again"
    }
  }

  private func room() -> Finding {
    var told = statvfs()
    guard statvfs(folder, &told) == 0 else {
      return .problem(
        "disk", "\(folder): \(String(cString: strerror(errno)))", "make the folder")
    }
    let free = UInt64(told.f_bavail) * UInt64(told.f_frsize)
    let all = UInt64(told.f_blocks) * UInt64(told.f_frsize)
    let text =
      "\(folder): \(size(free)) of \(size(all)) free"
    if told.f_favail == 0, told.f_files > 0 {
      return .problem("disk", "\(folder): no file can be made any more (inodes)", "remove files")
    }
    if free < Self.roomForADay / 16 {
      return .problem("disk", text, "make room: patrold holds fixes back while it cannot store")
    }
    if free < Self.roomForADay { return .warning("disk", text, "make room") }
    return .ok("disk", text)
  }

  private func size(_ bytes: UInt64) -> String {
    let gigabytes = Double(bytes) / 1e9
    return gigabytes >= 10 ? "\(Int(gigabytes)) GB" : "\(Int(gigabytes * 1000)) MB"
  }

  private func permissions() -> Finding {
    let missing: [String] = [path, folder].filter { access($0, W_OK) != 0 }
    guard missing.isEmpty else {
      return .warning(
        "permissions", "\(missing.joined(separator: ", ")): not to be written by this user",
        "patrold must run as one who may")
    }
    return .ok("permissions", "\(path) and its folder can be written")
  }

  /// `PRAGMA quick_check`: O(pages); a daemon may write meanwhile.
  private func integrity() -> Finding {
    var database: OpaquePointer?
    defer { sqlite3_close(database) }
    guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
      return .problem(
        "store", "\(path): \(String(cString: sqlite3_errmsg(database)))", "see its permissions")
    }
    sqlite3_busy_timeout(database, 5000)
    let version = texts(database, "PRAGMA user_version").first ?? "?"
    let said = texts(database, "PRAGMA quick_check(3)")
    guard said == ["ok"] else {
      return .problem(
        "store", "\(path): damaged: \(said.joined(separator: "; "))",
        "stop patrold, keep the file, and restore the last backup")
    }
    return .ok("store", "\(path): version \(version), sound (quick_check)")
  }

  /// The first column of every row; the error where there is one.
  private func texts(_ database: OpaquePointer?, _ sql: String) -> [String] {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else {
      return [String(cString: sqlite3_errmsg(database))]
    }
    var texts: [String] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        texts.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
      case SQLITE_DONE: return texts
      default: return texts + [String(cString: sqlite3_errmsg(database))]
      }
    }
  }
}
