internal import Foundation
public import Geodesy
public import Patrol

/// A recording read a piece at a time, in the order of its lines: gpsd's reports in little memory, however long; the other
/// formats at once.
///
///     var reader = try RecordingReader(path: path, as: handheld)
///     while let observation = reader.next() { … }
///     reader.skipped                               // what looked like an observation and was none
public struct RecordingReader: Sendable {
  public let path: String
  /// What was read and not taken yet; what was skipped so far.
  private var piece: Recording
  private var taken = 0
  private var lines: ReportLines?

  /// About so many observations are read at a time.
  private static let pieceSize = 64

  public init(path: String, as handheld: Handheld.ID) throws(RecordingError) {
    self.path = path
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch CocoaError.fileNoSuchFile, CocoaError.fileReadNoSuchFile {
      throw .missing(path: path)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    guard let format = Format(path: path, data: data) else { throw .unknownFormat(path: path) }
    piece = Recording()
    switch format {
    case .reports: lines = ReportLines(data, as: handheld)
    case .sentences: piece = SentenceLines.read(data, as: handheld)
    case .gpx: piece = try TrackPoints.read(data, path: path, as: handheld)
    }
  }

  /// Reads all there is into memory, to be taken in the order of receipt; of equal moments in the order of the lines.
  public mutating func sortWhole() {
    while lines?.isAtEnd == false { lines?.read(about: Int.max, into: &piece) }
    piece.observations.removeFirst(taken)
    taken = 0
    let order = piece.observations.indices.sorted {
      let (a, b) = (piece.observations[$0].receivedAt, piece.observations[$1].receivedAt)
      return (a, $0) < (b, $1)
    }
    piece.observations = order.map { piece.observations[$0] }
  }

  public var skipped: [Recording.Skipped] { piece.skipped }
  public var skippedCount: Int { piece.skippedCount }

  /// The next observation, which is not taken yet; nil at the end.
  public var peek: Observation? {
    mutating get { fill() ? piece.observations[taken] : nil }
  }

  /// When the next one was received; nil at the end.
  public var nextReceipt: Instant? {
    mutating get { fill() ? piece.observations[taken].receivedAt : nil }
  }

  public mutating func next() -> Observation? {
    guard fill() else { return nil }
    defer { taken += 1 }
    return piece.observations[taken]
  }

  /// Takes what lies before the first that was not received before a moment.
  public mutating func take(receivedBefore limit: Instant, into observations: inout [Observation]) {
    while fill() {
      let rest = piece.observations[taken...]
      let end = rest.firstIndex { $0.receivedAt >= limit } ?? rest.endIndex
      observations += rest[..<end]
      taken = end
      if end < rest.endIndex { return }
    }
  }

  /// Passes over observations of which no more is asked than when the first and the last were, and whether they are in the
  /// order of receipt: see `ReportLines.skim`. Returns the last of them; nil where all are to be read.
  public mutating func skim(after latest: Observation, before limit: Instant) -> Observation? {
    guard taken == piece.observations.count else { return nil }
    return lines?.skim(after: latest, before: limit)
  }

  /// False at the end.
  private mutating func fill() -> Bool {
    while taken == piece.observations.count {
      guard lines?.isAtEnd == false else { return false }
      piece.observations.removeAll(keepingCapacity: true)
      taken = 0
      lines?.read(about: Self.pieceSize, into: &piece)
    }
    return true
  }
}
