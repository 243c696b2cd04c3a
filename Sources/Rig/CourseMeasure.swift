internal import Coverage
internal import Geodesy
public import Patrol

extension Course {
  /// What would be said of it by one who saw everything.
  public var truth: Said {
    var said = Said()
    for walk in walks {
      said.passes[walk.handheld.id] = walk.passes
      for (place, duty) in owed {
        guard case .point(let centre, let radius) = place.geometry else { continue }
        said.stays[place.id, default: []] += walk.stays(
          at: plane.point(centre), radius: radius.value
        ).filter { $0.length >= duty.stay.seconds }
      }
    }
    return said
  }

  /// - Parameter observations: what was received, to tell what went unsaid unobserved.
  public func accuracy(of said: Said, from observations: [Observation]) -> Accuracy {
    let truth = self.truth
    var accuracy = Accuracy()
    accuracy.reports = observations.count
    let times = observations.map { ($0, self.seconds($0.orderTime)) }
    let heard = Dictionary(
      uniqueKeysWithValues: walks.map { ($0.handheld.id, Heard($0.handheld, times)) })
    for (place, duty) in owed {
      if case .line(let line, _) = place.geometry {
        let length = line.length.value
        let fine = Place.fineCells(line)
        for walk in walks {
          let id = walk.handheld.id
          let (isTrue, isSaid) = (
            truth.passes(of: id, place.id, length, line.isClosed, fine, \.fine).joined(),
            said.passes(of: id, place.id, length, line.isClosed, fine, \.fine).joined()
          )
          guard let heard = heard[id] else { continue }
          for (t, s) in zip(isTrue, isSaid) { accuracy.count(t, s, heard) }
        }
      } else {
        accuracy.count(truth.stays[place.id] ?? [], said.stays[place.id] ?? [])
      }
      let isTrue = grid(place, duty, truth)
      let isSaid = grid(place, duty, said)
      accuracy.count(isTrue, isSaid)
      countGaps(&accuracy, place, duty, isTrue, isSaid, said.gaps)
    }
    return accuracy
  }

  private func countGaps(
    _ accuracy: inout Accuracy, _ place: Place, _ duty: Duty, _ truth: VerdictGrid,
    _ said: VerdictGrid, _ gaps: [Gap]?
  ) {
    let isTrue = truth.regions([.missed])
    func match(_ said: [VerdictGrid.Region]) -> [(Int, Int)] {
      VerdictGrid.match(isTrue, said, cells: truth.cells, seconds: truth.seconds)
    }
    let told = gaps?.filter { $0.owed.place == place.id && $0.verdict == .missed }
    let missed = told.map { $0.map(region) } ?? said.regions([.missed])
    let pairs = match(missed)
    accuracy.gaps += Accuracy.Matches(
      truth: isTrue.count, said: missed.count, matched: pairs.count)
    let either = said.regions([.missed, .unproven])
    accuracy.lapses += Accuracy.Matches(
      truth: isTrue.count, said: either.count, matched: match(either).count)
    guard let told else { return }
    for (t, s) in pairs {
      let due = isTrue[t].pieces.map { piece in
        // What is missed from the opening on is known to be when the first attendance is due.
        piece.span.lowerBound == 0
          ? min(duty.every.seconds, Double(duration)) : Double(piece.span.lowerBound)
      }.min()
      if let due { accuracy.latencies.append(seconds(told[s].flagged) - due) }
    }
  }

  private func region(_ gap: Gap) -> VerdictGrid.Region {
    VerdictGrid.Region(
      pieces: gap.region.pieces.map {
        ($0.cell, VerdictGrid.seconds(seconds($0.began), seconds($0.ended), of: duration))
      })
  }

  /// How a place stood by what is said of it.
  func grid(_ place: Place, _ duty: Duty, _ said: Said) -> VerdictGrid {
    var (cells, size, isClosed) = (1, Double?.none, false)
    if case .line(let line, _) = place.geometry {
      cells = Place.judgedCells(line)
      size = line.length.value / Double(cells)
      isClosed = line.isClosed
    }
    func grid(
      _ proven: [[CellPasses.Span]], _ possible: [[CellPasses.Span]]? = nil
    ) -> VerdictGrid {
      VerdictGrid(
        cellSize: size, isClosed: isClosed, seconds: duration, every: duty.every.seconds,
        proven: proven, possible: possible)
    }
    if let attendance = said.attendance {
      let told = attendance[place.id] ?? [:]
      func spans(_ all: (CellAttendance) -> [ClosedRange<Instant>]) -> [[CellPasses.Span]] {
        (0..<cells).map { c in
          (told[c].map(all) ?? []).map {
            CellPasses.Span(began: seconds($0.lowerBound), ended: seconds($0.upperBound))
          }
        }
      }
      return grid(spans(\.proven), spans { $0.proven + $0.possible })
    }
    guard case .line(let line, _) = place.geometry else {
      return grid([
        (said.stays[place.id] ?? []).map { CellPasses.Span(began: $0.arrived, ended: $0.left) }
      ])
    }
    var all = [[CellPasses.Span]](repeating: [], count: cells)
    for walk in walks {
      let passes = said.passes(
        of: walk.handheld.id, place.id, line.length.value, isClosed, cells, \.judged)
      for c in 0..<cells { all[c] += passes.cells[c] }
    }
    return grid(all)
  }
}

extension Said {
  /// By cell; drive-bys apart.
  fileprivate func passes(
    of handheld: Handheld.ID, _ place: Place.ID, _ length: Double, _ isClosed: Bool, _ count: Int,
    _ kind: KeyPath<(fine: CellPasses, judged: CellPasses), CellPasses>
  ) -> CellPasses {
    var passes =
      moments[handheld]?[place]?[keyPath: kind]
      ?? CellPasses(length: length, isClosed: isClosed, count: count)
    for pass in self.passes[handheld] ?? [] where pass.place == place && !pass.isDriveBy {
      passes.add(pass.began, pass.ended, from: pass.from, to: pass.to)
    }
    return passes
  }
}
