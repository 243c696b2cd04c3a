public import Geodesy

/// Rows as users see them: what the queries answer and what is printed as a table, CSV or JSON.
public struct Listing: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    case none
    case text(String)
    case integer(Int64)
    /// With the number of decimals worth showing.
    case real(Double, decimals: Int)
    case time(Instant)
    case flag(Bool)
    case list([String])
  }

  public var columns: [String]
  /// As many values in each as there are columns.
  public var rows: [[Value]]

  public init(columns: [String], rows: [[Value]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// Without some of its columns.
  public func leavingOut(_ names: Set<String>) -> Listing {
    let kept = columns.indices.filter { !names.contains(columns[$0]) }
    return Listing(
      columns: kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } })
  }
}

/// What a query is asked to leave out. Nil asks for everything.
public struct Filter: Hashable, Sendable {
  /// What overlaps this range of time.
  public var from: Instant?
  public var to: Instant?
  public var duties: [String]?
  public var places: [String]?
  public var handhelds: [String]?
  public var verdict: String?
  public var isOpen: Bool?
  public var limit: Int?

  public init() {}
}
