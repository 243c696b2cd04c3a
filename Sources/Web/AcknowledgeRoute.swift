internal import Coverage
internal import Foundation
internal import Geodesy
internal import HTTPTypes
internal import Hummingbird
internal import Patrol
internal import Reports
internal import Store

/// `POST /api/gaps/{gap}/notes` with `{"note": …}`, and `by` while there are no users: somebody saw a gap.
struct AcknowledgeRoute: Sendable {
  let readers: Readers
  let shelf: PlanShelf
  let registry: Registry
  let now: @Sendable () -> Instant

  func acknowledge(_ request: Request, _ context: WebContext) async throws -> Response {
    let name = try context.signature(atMost: GapNote.nameMaximum)
    let note = context.form["note"].trimmingCharacters(in: .whitespacesAndNewlines)
    guard note.count <= GapNote.noteMaximum else {
      throw Problem.wrong("note: expected at most \(GapNote.noteMaximum) characters")
    }
    let id = Gap.ID((context.parameters.get("gap") ?? "").uppercased())
    let (viewer, moment) = (context.viewer, now())
    try await readers.read { [shelf] queries in
      let sight = try shelf.book(queries).sight(viewer)
      guard let found = try queries.gap(id),
        sight.holds(found.gap.owed.duty.text, \.duties, at: found.gap.owed.windowBegan)
      else { throw Problem.missing("gap \(id)") }
    }
    try await registry.write { try $0.acknowledge(id, by: name, note: note, at: moment) }
    return Response(status: .noContent)
  }
}
