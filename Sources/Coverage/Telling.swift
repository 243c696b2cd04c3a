internal import Geodesy
internal import Patrol

/// What a track's stays and passes are called once they are decided.
extension Engine {
  /// Tells the stays and passes of a tour decided since it last told.
  mutating func tell(_ h: Int, _ t: Int) {
    let tour = state.tours[h][t]
    guard !tour.awaitsHistory else { return }
    let track = tour.standing
    // On equal times what is yet to come may still join; a closed track holds nothing back.
    let until = tour.isClosed ? Int64.max : track.decidedUntil
    guard until > tour.toldUntil else { return }
    let since = tour.toldUntil
    let handheld = plan.handhelds[h]
    for ended in track.stays.ended.reversed().prefix(while: { $0.decided > since }).reversed()
    where ended.decided <= until {
      events.append(.stay(stay(ended, handheld)))
    }
    for pass in track.passes.reversed().prefix(while: { $0.decided > since }).reversed()
    where pass.decided <= until {
      events.append(.pass(self.pass(pass, handheld)))
    }
    state.tours[h][t].toldUntil = until == Int64.max ? tour.span.end : until
  }

  private func stay(_ ended: Stays.Ended, _ handheld: Handheld) -> Stay {
    let target = ground.targets[ended.target]
    let place = ground.places[target.place].id
    let duties = ground.dutiesAt[target.place].map { plan.duties[$0] }
    let run = ended.run
    let attends = duties.contains { duty in
      let passSpeed = (duty.passSpeedMaximum ?? handheld.travel.passSpeedMaximum).value
      return run.worth(stay: duty.stay.value, passSpeed: passSpeed) == .attends
    }
    let isFast = run.slowest > handheld.travel.passSpeedMaximum.value
    return Stay(
      handheld: handheld.id, place: place, cell: target.cell,
      arrived: Instant(milliseconds: run.arrived), left: Instant(milliseconds: run.lastInside),
      length: Milliseconds(run.length),
      kind: attends || duties.isEmpty ? .stay : isFast ? .driveBy : .shortStay,
      decided: Instant(milliseconds: ended.decided))
  }

  private func pass(_ pass: DecidedPass, _ handheld: Handheld) -> Pass {
    let position = ground.lines[pass.line].place
    let place = ground.places[position].id
    let limits = ground.dutiesAt[position].map {
      (plan.duties[$0].passSpeedMaximum ?? handheld.travel.passSpeedMaximum).value
    }
    let limit = limits.max() ?? handheld.travel.passSpeedMaximum.value
    return Pass(
      handheld: handheld.id, place: place, began: Instant(milliseconds: pass.began),
      ended: Instant(milliseconds: pass.ended), from: Metres(pass.from), to: Metres(pass.to),
      speed: MetresPerSecond(pass.speed), confidence: pass.confidence,
      kind: pass.speed <= limit ? .pass : .driveBy, decided: Instant(milliseconds: pass.decided))
  }
}
