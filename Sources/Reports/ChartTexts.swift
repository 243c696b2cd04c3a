internal import Coverage

extension ChartLabels {
  /// The words of a language's catalogue.
  init(_ texts: Texts) {
    self.init(
      timeDistance: texts[.timeDistanceChart], placeTimeline: texts[.placeTimeline],
      handheldTimeline: texts[.handheldTimeline], localTime: texts[.localTime],
      metresAlong: texts[.metresAlong], window: texts[.window], firstDue: texts[.firstDue],
      due: texts[.fellDueAttended], lapsed: texts[.fellDueNobody], covered: texts[.covered],
      missed: texts[.missed], unproven: texts[.unproven], excused: texts[.excused],
      stillOpen: texts[.stillOpen], nothingOwed: texts[.nothingOwedHere],
      notJudgedYet: texts[.notJudged],
      causes: Dictionary(uniqueKeysWithValues: Cause.allCases.map { ($0, texts.explained($0)) }),
      walked: texts[.walked], driveBy: texts[.driveBy], stay: texts[.stay],
      shortStay: texts[.shortStay], nobodyCame: texts[.nobodyCame], observed: texts[.observed],
      silent: texts[.silent], noFix: texts[.withoutPosition], poorFix: texts[.poorFix],
      rejected: texts[.rejected], unreachable: texts[.gpsdUnreachable],
      daemonDown: texts[.daemonNotRunning], offDuty: texts[.offDuty], onLines: texts[.onLines],
      nothingReceived: texts[.nothingReceived],
      gates: [
        .clock: texts[.gateClock], .simulated: texts[.gateSimulated], .jump: texts[.gateJump],
        .frozen: texts[.gateFrozen], .nullIsland: texts[.gateNullIsland],
      ], duration: { texts.duration($0) }, every: { texts(.every, texts.duration($0)) },
      staying: { texts(.staying, texts.duration($0)) }, atOnce: { texts(.atOnce, "\($0)") })
  }
}
