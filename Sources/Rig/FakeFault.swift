public import Geodesy

/// What a fake gpsd can do wrong, as real ones and what lies between do.
public enum FakeFault: Hashable, Sendable {
  /// Ends every connection in good order, once.
  case close
  /// Resets every connection, once: what the client has not read is lost.
  case reset
  /// Ends every connection and does not listen, as where gpsd died.
  case refuse
  /// New connections are accepted and ended without a word, as by a gpsd whose slots are full.
  case full
  /// Connections stay, new ones are accepted; nothing is answered and nothing sent, as by a host that froze.
  case hang
  /// Sends a report up to its middle and ends the connection, once.
  case half
  /// Bytes that are no JSON, some of them no UTF-8, in a line of their own before each batch of reports.
  case garbage
  /// A line of so many bytes after each batch of reports.
  case overlong(bytes: Int)
  /// Every byte is a write of its own.
  case split
  /// `?WATCH` is answered with `"enable":false`.
  case unwatched
  /// Reports without `device`.
  case anonymous
  /// Devices vanish from `?DEVICES;` and report no more, without a message.
  case freed
  /// Times are wrong by so much.
  case jump(Milliseconds)
  /// Every report comes so many times.
  case repeated(times: Int)
  /// After each batch of reports the one of so long ago comes again.
  case backStep(Milliseconds)
  /// `"status":8`, a simulated fix.
  case simulated
  /// Latitude and longitude 0.
  case nullIsland

  /// What it is called in cues, and lifted by.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case close, reset, refuse, full, hang, half, garbage, overlong, split, unwatched, anonymous
    case freed, jump, repeated, backstep, simulated, nullisland
  }

  public var kind: Kind {
    switch self {
    case .close: .close
    case .reset: .reset
    case .refuse: .refuse
    case .full: .full
    case .hang: .hang
    case .half: .half
    case .garbage: .garbage
    case .overlong: .overlong
    case .split: .split
    case .unwatched: .unwatched
    case .anonymous: .anonymous
    case .freed: .freed
    case .jump: .jump
    case .repeated: .repeated
    case .backStep: .backstep
    case .simulated: .simulated
    case .nullIsland: .nullisland
    }
  }
}

extension FakeFault.Kind {
  /// Done with as soon as it has happened.
  public var isMomentary: Bool { [.close, .reset, .half].contains(self) }

  /// Can be of some of an endpoint's devices only.
  public var isOfDevices: Bool {
    [.anonymous, .freed, .jump, .repeated, .backstep, .simulated, .nullisland].contains(self)
  }
}
