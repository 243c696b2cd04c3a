extension Texts {
  /// What each text is about that tells of a single gap: its explanation, its picture, its page of evidence.
  enum GapKey: String, CaseIterable {
    // What it is, and what is owed.
    case gapNamed, gapHead, withdrawnSince, namedWithID, stretchAlong, someSquares, fromTo, fromOn
    case untilNow, missedMeaning, unprovenMeaning, whereLabel, whenLabel, whyLabel, owedLabel
    case byLabel, lookedAtLabel, planLabel, owedOf, groupOf, lookedAt, noneAllotted, planVersion

    // The page.
    case localTimes, withdrawnAt, openJudged, noExcuses, pictureHeading, historyHeading
    case explanationHeading, besideHeading, number, at, happened, stoodThen, fileForPrograms
    case fileTrack, fileReports, fileSums, sumsTold, drawnUpFrom

    // What became of it.
    case wasOpened, wasClosed, wasExtended, wasShortened, wasSplit, wasMerged, wasRejudged
    case wasWithdrawn, wasExcused, seenBy

    // What each handheld did.
    case doesNotCount, didNotCount, standingAt, goingFromTo, wentAlong, stoodAlong, wentTooFast
    case undecidedBetween, or, accountOff, accountAlong, offAllLines, weightIs, weightAgainst
    case wasOnInstead, wasOffLines, stayedCovers, stayedLonger, stayedTooShort, wentThrough
    case toldNothingUsable, tooFarAway, canHaveBeen, noUsablePosition, theStretch, theCircle
    case theArea, wasInside, nearestPosition, nearestBeside, proveNothing, soMany, gateDuplicate

    // The picture.
    case mapCaption, lineCaption, timelineCaption, metresFrom, metresOutside, metresOutsideSquares
    case radiusIs, beyondMap, northLetter, speedIs, windowOpens, windowEnds, fallsDue
    case nothingReceivedOf, notObservedAt, canHaveBeenAt, lengthOf

    // Its signs.
    case signs, signHandheld, signFix, signFixThinned, signGated, signLine, signStreet
    case signStretch, signWalked, signOtherWay, signUndecided, signRival, signOff, signTooFast
    case signGap, signPrism, signDue, signEdges, signWindow, signStay, signShortStay, signSilent
    case signProven

    // The explanation in words.
    case timeLabel, evidenceLabel, evidenceSeconds, evidenceMetreSeconds
    case evidenceSquareMetreSeconds, noneCounted, owedHeading, dutyOfGroup, withinRadius
    case withinCorridor, bySquares, asAWhole, handheldSettings, onFoot, byEbike, byCar
    case eachDidHeading, eachDid, positionsGone, reportsHeading, none, ourOutage
    case seenHeading, nobody, stayTold, passTold, passKind, attendanceHeading, cellTold
    case cellAlongTold, proven, possible
  }
}
