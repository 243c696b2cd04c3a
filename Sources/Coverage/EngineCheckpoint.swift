public import Geodesy
public import Patrol

/// All that an engine knows, to be kept beside the store's last row and taken up by the same build of this program under
/// the same plan. About 5 kB a handheld on duty, written and read as fast as memory is copied.
extension Engine {
  /// A part is closed once it holds so many bytes.
  private static let partSize = 1 << 19

  /// Hands out a checkpoint in its parts, in order.
  public func checkpoint(_ keep: ([UInt8]) throws -> Void) rethrows {
    var head = Packing()
    var state = Head(
      windows: (windows.lowerBound, windows.upperBound), now: self.state.now,
      openedUntil: self.state.openedUntil, accounts: self.state.accounts.count,
      handhelds: self.state.tours.count, outages: self.state.outages.all)
    state.pack(&head)
    try keep(head.sealed())
    try Self.lay(self.state.accounts, keep) { account, packing in account.pack(&packing) }
    try Self.lay(self.state.tours, keep) { tours, packing in
      packing(&tours, blank: { Tour(span: Span(0, 0)) })
    }
  }

  /// Takes up a checkpoint, part by part; nil where it is not whole, or does not fit the plan.
  public init?(
    plan: Plan, resuming next: () throws -> [UInt8]?, backlog: Milliseconds = .hours(2)
  ) rethrows {
    guard let first = try next(), var packing = Packing(sealed: first) else { return nil }
    var head = Head()
    head.pack(&packing)
    guard packing.isExhausted, head.windows.0 <= head.windows.1,
      head.handhelds == plan.handhelds.count
    else { return nil }
    self.init(plan: plan, windows: head.windows.0..<head.windows.1, backlog: backlog)
    (state.now, state.openedUntil) = (head.now, head.openedUntil)
    state.outages = OutageBook(head.outages)
    guard
      let accounts = try Self.take(
        head.accounts, next, blank: WindowAccount.blank, { $0.pack(&$1) }),
      let tours = try Self.take(
        head.handhelds, next, blank: { [Tour]() },
        { tours, packing in packing(&tours, blank: { Tour(span: Span(0, 0)) }) })
    else { return nil }
    guard
      accounts.allSatisfy({ account in
        plan.duty(account.duty) != nil
          && account.places.allSatisfy { $0.place < ground.places.count }
          && account.assigned.allSatisfy { $0.handheld < plan.handhelds.count }
      })
    else { return nil }
    (state.accounts, state.tours) = (accounts, tours)
    makeSchedule()
  }

  private struct Head: Packable {
    var windows = (Instant(milliseconds: 0), Instant(milliseconds: 0))
    var now: Int64 = 0
    var openedUntil: Int64 = 0
    var accounts = 0
    var handhelds = 0
    var outages: [Outage] = []

    mutating func pack(_ packing: inout Packing) {
      packing(&windows.0)
      packing(&windows.1)
      packing(&now)
      packing(&openedUntil)
      packing(&accounts)
      packing(&handhelds)
      packing(&outages, blank: Outage.blank)
    }
  }

  private static func lay<T>(
    _ values: [T], _ keep: ([UInt8]) throws -> Void, _ pack: (inout T, inout Packing) -> Void
  ) rethrows {
    var packing = Packing(reserving: partSize + partSize / 4)
    for value in values {
      var value = value
      pack(&value, &packing)
      if packing.bytes.count >= partSize {
        try keep(packing.sealed())
        packing = Packing(reserving: partSize + partSize / 4)
      }
    }
    if !packing.bytes.isEmpty { try keep(packing.sealed()) }
  }

  private static func take<T>(
    _ count: Int, _ next: () throws -> [UInt8]?, blank: () -> T,
    _ pack: (inout T, inout Packing) -> Void
  ) rethrows -> [T]? {
    var values: [T] = []
    values.reserveCapacity(min(count, 1 << 20))
    while values.count < count {
      guard let part = try next(), var packing = Packing(sealed: part) else { return nil }
      repeat {
        guard values.count < count, !packing.isTorn else { return nil }
        var value = blank()
        pack(&value, &packing)
        values.append(value)
      } while !packing.isExhausted
    }
    return values
  }
}
