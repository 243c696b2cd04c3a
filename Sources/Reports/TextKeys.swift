extension Texts {
  /// What each text is about. Those of a column's head begin with a small letter in English, those of a heading do not.
  enum Key: String, CaseIterable {
    // What was found.
    case covered, missed, unproven, excused, notJudged
    case verdictsExplained
    case away, awayExplained, shortStay, shortStayExplained, driveBy, driveByExplained
    case unmanned, unmannedExplained
    case undecided, undecidedExplained, suspect, suspectExplained, poorFix, poorFixExplained
    case noFix, noFixExplained, silent, silentExplained, unreachable, unreachableExplained
    case daemonDown, daemonDownExplained
    case excuseAsked, excuseApproved, excuseRefused, excuseWithdrawn
    case excuseTold, excuseToldWithDecision

    // Lengths, shares, dates.
    case hours, hoursAndMinutes, minutes, minutesAndSeconds, seconds
    case metres, kilometres, stretch, squares
    case percent, nearlyAll, nearlyNone
    case january, february, march, april, may, june, july, august, september, october, november
    case december
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday
    case date, dateWithWeekday, timeOnDate
    case betweenNames, betweenClauses, colon

    // A report's head and foot.
    case title, shiftReportOf, operationalDayFrom
    case noWindow
    case drawnUp, explainEveryGap

    // Headings.
    case squadronsHeading, coverageHeading, gapsHeading, mapHeading, handheldsHeading
    case carriedTogetherHeading, outagesHeading

    // Heads of columns.
    case squadron, group, leader, place, handheld, handhelds, duties, gap, gaps
    case from, to, length, verdict, cause, id
    case longestInterval, courseOfWindow
    case reports, usable, withoutPosition, rejected, first, last
    case what, wasTakenFor
    case movedAsOne, wayTogether, apart, receiversTell, attendedByBoth

    // What is asked.
    case every, staying, atOnce

    // Coverage, gaps, map.
    case chartExplained
    case noGaps, stillOpen, withdrawnGaps
    case mapLabel, mapExplained, nothingOwedOrJudged, north, sharesOfDuty

    // Changes of the day's plan.
    case changesHeading, changesExplained, orderedBy, orderedAt
    case swapped, lent, lentWith, posted, moved, calledOff, noteFor, withdrawnBy, fromUntil

    // Handhelds and outages.
    case never
    case carriedTogetherExplained, medianAndMost
    case daemonNotRunning, gpsdUnreachable, stillSo

    // Weeks, months, quarters.
    case weekSummaryOf, monthAssessmentOf, quarterAssessmentOf, daysOf, periodFinal
    case periodProvisional, supposed, supposedWeight, nothingOwed, scoreExplained, rank, score
    case rating, trend, shares, madeOfRequired, ofRequired, excessWait, wages, bandIs
    case ratedFailed, ratedPassed, ratedAdvanced, passMarkIs, advancedMarkIs, vetoMark, vetoesBelow
    case vetoedBy, trendExplained, daysHeading, daysExplained, excuse, dutiesHeading, duty, weight,
      waitExplained
    case causesHeading, windowsLost, windowsLostExplained, establishmentHeading, strength, norm
    case short, establishmentExplained, membersHeading, membersExplained, member, days, served
    case excusesHeading, window, besidesHeading, planChanged, lateEvidence
    case ourDaemonWasDown, gpsdsWereUnreachable, ownFaultNotHeld, excusesUndecided
    case nothingBesides

    // Time on duty.
    case dutyTimeHeading, membersTimeHeading, modelsHeading, model, availability,
      availabilityExplained
    case handheldsExplained, daysUntold

    // A member's record.
    case looksHeading, looksExplained, viewer, timeOfLook, looks, nobodyLooked
    case memberRecordOf, memberRecordExplained, rankOf, daysOne, windowsServedHeading
    case noWindowServed, ownAttendances, ownAndInVain, ownTimeExplained, inOwnTime, evidenceOfGap
    // Seals, excuses, the folder of reports.
    case sealHeading, notSealed, sealedBy, restatedSince, sealExplained, sealedAct, restatedAct
    case act, byWhom, madeAt, reasonGiven, hash, signature, notSigned, restatementHeading
    case sinceSealed, nothingRestated, beforeAndAfter, wholeBrigade, ofWhom, stateOfExcuse
    case askedBy, decidedBy, personAt, notDecided, shelfExplained, shelfEmpty
    case kindOfReport, ofPeriod, otherFormats, provisional, final, ofShift, ofWeek, ofMonth
    case ofQuarter

    // Charts.
    case timeDistanceChart, placeTimeline, handheldTimeline, localTime, metresAlong, firstDue
    case fellDueAttended, fellDueNobody, nothingOwedHere, walked, stay, nobodyCame, observed
    case offDuty, onLines, nothingReceived, gateClock, gateSimulated, gateJump, gateFrozen
    case gateNullIsland, linesOverTime, linesOverTimeExplained, placesOverTime
    case onDutyTime, kilometresOnLines, attendedNothing, arrived, leftAt
    case reason, tooShort, tooFast, notOnDutyThen
  }
}
