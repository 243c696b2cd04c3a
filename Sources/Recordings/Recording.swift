internal import Foundation
public import Patrol

/// What a receiver or a gpsd recorded, as the observations of one handheld, in the file's order.
///
/// Receive times are the recording's own where it has them, otherwise the GNSS time of the latest fix so far: a
/// recording replayed lies in the time in which it was made. What comes before the first time bears that first time.
public struct Recording: Sendable {
  /// A line, or in GPX a point, that gives no observation though it looks as if it should.
  public struct Skipped: Hashable, Sendable {
    /// From 1: of the line, or of the point among all points of a GPX file.
    public var line: Int
    public var reason: String
  }

  public var observations: [Observation] = []
  /// The first `skippedLimit`.
  public var skipped: [Skipped] = []
  public var skippedCount = 0

  public static let skippedLimit = 100

  /// The whole file is read into memory.
  public static func read(
    path: String, as handheld: Handheld.ID
  ) throws(RecordingError) -> Recording {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch CocoaError.fileNoSuchFile, CocoaError.fileReadNoSuchFile {
      throw .missing(path: path)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    guard let format = Format(path: path, data: data) else { throw .unknownFormat(path: path) }
    switch format {
    case .reports: return ReportLines.read(data, as: handheld)
    case .sentences: return SentenceLines.read(data, as: handheld)
    case .gpx: return try TrackPoints.read(data, path: path, as: handheld)
    }
  }

  mutating func skip(line: Int, _ reason: String) {
    skippedCount += 1
    if skipped.count < Self.skippedLimit { skipped.append(Skipped(line: line, reason: reason)) }
  }
}
