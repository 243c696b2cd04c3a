import Coverage
import Geodesy
import Patrol
import Store

/// Rows a second of `Transaction.append` and of plain SQLite: the same rows into the same table, the same
/// pragmas, transactions of the same size. Each step fills a new file.
///
/// The plain side is given columns, the store observations.
enum StoreBench {
  /// A file's.
  static let rowCount = 100_000

  static func rows(_ meter: Meter, in folder: Scratch) throws -> [Row] {
    let filling = try Filling(folder)
    try filling.check()
    return try [1_000, 10_000].map { size in
      let rates = try meter.rates(
        of: Contender(name: "store", prepare: filling.openStore) {
          try filling.fillStore(by: size)
        },
        Contender(name: "SQLite", prepare: filling.openPlain) { try filling.fillPlain(by: size) })
      return Row(
        "store, \(size) rows a transaction", "rows", rates[0],
        beside: Row.Beside(what: "plain C", rate: rates[1]))
    }
  }

  struct Disagreement: Error, CustomStringConvertible {
    var rows: [String]
    var description: String { "the store and plain SQLite differ in rows \(rows)" }
  }

  private final class Filling {
    private let folder: Scratch
    private let observations: [Observation]
    private let handhelds: [Handheld.ID]
    private let columns: [PlainSQLite.FixRow]
    /// Of `fix_recent_a` and `handheld`, as a store makes them.
    private let schema: [String]
    private var store: Store?
    private var plain: PlainSQLite?
    private var path: String?

    /// 500 seconds of 200 handhelds.
    init(_ folder: Scratch) throws {
      self.folder = folder
      let precinct = try Precinct(groups: 40, handhelds: 200)
      var walkers = Walkers(precinct)
      var observations: [Observation] = []
      while observations.count < StoreBench.rowCount { observations += walkers.second() }
      self.observations = observations
      handhelds = precinct.plan.handhelds.map(\.id)
      let numbers = Dictionary(
        uniqueKeysWithValues: handhelds.enumerated().map { ($1, Int64($0 + 1)) })
      columns = observations.map { PlainSQLite.FixRow($0, handheld: numbers[$0.handheld]!) }
      schema = try PlainSQLite.schemaOfFixes(in: folder)
    }

    func openStore() throws {
      let path = try next()
      store = try Store(at: path, for: .write)
    }

    func openPlain() throws {
      let path = try next()
      let plain = try PlainSQLite(at: path, schema: schema)
      for id in handhelds { try plain.execute("INSERT INTO handheld (id) VALUES ('\(id)')") }
      self.plain = plain
    }

    /// Where the next file goes; the last one is gone.
    private func next() throws -> String {
      (store, plain) = (nil, nil)
      if let path { try folder.remove(path) }
      let path = folder.file()
      self.path = path
      return path
    }

    func fillStore(by size: Int) throws -> Contender.Step {
      guard let store else { preconditionFailure("opened before") }
      var stored = 0
      for start in stride(from: 0, to: observations.count, by: size) {
        let batch = Array(observations[start..<start + size])
        let gates = [Gate?](repeating: nil, count: size)
        stored += try store.write { try $0.append(batch, gates: gates).count { $0 } }
      }
      return Contender.Step(done: stored, sum: UInt64(stored))
    }

    func fillPlain(by size: Int) throws -> Contender.Step {
      guard let plain else { preconditionFailure("opened before") }
      for start in stride(from: 0, to: columns.count, by: size) {
        try plain.append(columns[start..<start + size], from: Int64(start) + 1)
      }
      return Contender.Step(done: columns.count, sum: UInt64(columns.count))
    }

    /// That both files hold the same rows.
    func check() throws {
      let (ours, theirs) = (folder.file(), folder.file())
      store = try Store(at: ours, for: .write)
      _ = try fillStore(by: 10_000)
      store = nil
      path = theirs
      plain = try PlainSQLite(at: theirs, schema: schema)
      for id in handhelds { try plain?.execute("INSERT INTO handheld (id) VALUES ('\(id)')") }
      _ = try fillPlain(by: 10_000)
      try plain?.execute("ATTACH '\(ours)' AS ours")
      let different = try plain!.texts(
        """
        SELECT row FROM (SELECT * FROM fix_recent_a EXCEPT SELECT * FROM ours.fix_recent_a) UNION ALL
        SELECT row FROM (SELECT * FROM ours.fix_recent_a EXCEPT SELECT * FROM fix_recent_a) LIMIT 5
        """)
      guard different.isEmpty else { throw Disagreement(rows: different) }
      plain = nil
      try folder.remove(ours)
    }
  }
}
