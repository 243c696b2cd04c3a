internal import Geodesy
internal import Patrol

extension Owed: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&duty)
    packing(&windowBegan)
    packing(&place)
  }

  static let blank = Owed(duty: "", windowBegan: Instant(milliseconds: 0), place: "")
}

extension Gap: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&id)
    packing(&owed)
    packing(&verdict)
    packing(&cause)
    packing(&began)
    packing(&ended)
    packing(&isOpen)
    packing(&stretch)
    packing(&cells)
    packing(&extent)
    // Causes by their position among all.
    var (causes, extents) = ([Int](), [Double]())
    for (i, cause) in Cause.allCases.enumerated() {
      guard let extent = evidence[cause] else { continue }
      causes.append(i)
      extents.append(extent)
    }
    packing(&causes)
    packing(&extents)
    if packing.isTaking {
      let named = zip(causes, extents).compactMap { i, extent in
        Cause.allCases.indices.contains(i) ? (Cause.allCases[i], extent) : nil
      }
      evidence = Dictionary(named) { _, last in last }
    }
    var names = handhelds.map { Name(id: $0) }
    packing(&names, blank: { Name(id: "") })
    if packing.isTaking { handhelds = names.map(\.id) }
    packing(&region.pieces)
    packing(&flagged)
    packing(&revision)
  }

  private struct Name: Packable {
    var id: Handheld.ID
    mutating func pack(_ packing: inout Packing) { packing(&id) }
  }

  static func blank() -> Gap {
    let never = Instant(milliseconds: 0)
    return Gap(
      id: "", owed: .blank, verdict: .missed, cause: .away, began: never, ended: never,
      isOpen: false, stretch: nil, cells: [], extent: 0, evidence: [:], handhelds: [],
      region: Region(pieces: []), flagged: never, revision: 0)
  }
}

extension Standing: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&owed)
    packing(&ended)
    packing(&shares)
    packing(&judgedExtent)
    packing(&isFinal)
    packing(&attendances)
    packing(&longestInterval)
  }

  static func blank() -> Standing {
    Standing(
      owed: .blank, ended: Instant(milliseconds: 0), shares: nil, judgedExtent: 0, isFinal: false,
      attendances: 0, longestInterval: .zero)
  }
}

extension Outage: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&kind)
    var name = handheld?.text ?? ""
    packing(&name)
    if packing.isTaking { handheld = name.isEmpty ? nil : Handheld.ID(name) }
    packing(&began)
    packing(&ended)
  }

  static func blank() -> Outage {
    Outage(kind: .daemonDown, handheld: nil, began: Instant(milliseconds: 0), ended: nil)
  }
}
