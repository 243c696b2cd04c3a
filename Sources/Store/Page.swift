internal import GRDB
public import Geodesy

/// Where a row stands in its table, by the table's own key: names it for good, and is where the next page begins. Rows that
/// arrive meanwhile move no other row.
public struct PageKey: Hashable, Sendable {
  public enum Part: Hashable, Sendable {
    case integer(Int64)
    case real(Double)
    case text(String)
  }

  public var parts: [Part]

  public init(_ parts: [Part]) { self.parts = parts }

  /// The kinds of its parts: i, r or t each.
  public var shape: String {
    String(
      parts.map { part -> Character in
        switch part {
        case .integer: "i"
        case .real: "r"
        case .text: "t"
        }
      })
  }

  var values: [any DatabaseValueConvertible] {
    parts.map { part in
      switch part {
      case .integer(let n): n
      case .real(let x): x
      case .text(let text): text
      }
    }
  }
}

/// What is asked of a table, page by page.
public struct PageQuery: Sendable {
  /// What happened at some moment of it, its ends included; nil for any time.
  public var span: ClosedRange<Instant>?
  public var handhelds: [String]?
  public var places: [String]?
  public var duties: [String]?
  public var verdict: String?
  public var cause: String?
  /// Of stays and passes.
  public var kind: String?
  public var isOpen: Bool?
  /// Of fixes: "" asks for those that are usable.
  public var gate: String?
  /// All of them have to hold.
  public var sights: [Sight] = []
  /// Only the row that has this key.
  public var key: PageKey?
  /// Rows after this key.
  public var after: PageKey?
  public var limit: Int
  /// Most rows will not be kept: more of them are fetched at once.
  public var isSifting = false

  public init(limit: Int) { self.limit = limit }
}

/// Some rows of a table, in the order of its key.
///
/// It may hold fewer than were asked for although more follow: no page looks through more rows than `Queries.pageBudget`.
public struct Page<Subject> {
  public struct Row {
    public var key: PageKey
    /// By the columns of the listing.
    public var values: [Listing.Value]
    /// What the row is about: for whoever draws it on a map.
    public var subject: Subject

    public init(key: PageKey, values: [Listing.Value], subject: Subject) {
      (self.key, self.values, self.subject) = (key, values, subject)
    }
  }

  public var rows: [Row]
  /// Where the next page begins; nil where there is none.
  public var next: PageKey?
}

extension Page.Row: Sendable where Subject: Sendable {}
extension Page: Sendable where Subject: Sendable {}

extension Queries {
  /// So many rows are looked through for a page, at most: about a fifth of a second's work.
  public static var pageBudget: Int { 100_000 }

  /// A page of the rows that a statement gives in the order of their key.
  func page<Subject>(
    _ sql: String, _ condition: Condition, key columns: String, _ query: PageQuery,
    keep: (Subject) -> Bool, _ read: (GRDB.Row) throws -> Page<Subject>.Row
  ) throws(StoreError) -> Page<Subject> {
    var condition = condition
    let marks = columns.split(separator: ",").map { _ in "?" }.joined(separator: ",")
    if let key = query.key { condition.add("(\(columns)) = (\(marks))", key.values) }
    if let after = query.after { condition.add("(\(columns)) > (\(marks))", after.values) }
    return try store.read { db in
      var page = Page<Subject>(rows: [], next: nil)
      var last: PageKey?
      var examined = 0
      let rows = try GRDB.Row.fetchCursor(
        db, sql: "\(sql) WHERE \(condition.sql) ORDER BY \(columns) LIMIT \(Self.pageBudget + 1)",
        arguments: condition.arguments)
      while let row = try rows.next() {
        guard page.rows.count < query.limit, examined < Self.pageBudget else {
          page.next = last
          break
        }
        let found = try read(row)
        (last, examined) = (found.key, examined + 1)
        if keep(found.subject) { page.rows.append(found) }
      }
      return page
    }
  }
}

extension Condition {
  /// An interval between two columns has a moment of a span in it, ends included.
  mutating func add(_ span: ClosedRange<Instant>?, began: String, ended: String) {
    guard let span else { return }
    add(
      "\(began) <= ? AND coalesce(\(ended), 1 << 60) >= ?",
      [span.upperBound.milliseconds, span.lowerBound.milliseconds])
  }
}
