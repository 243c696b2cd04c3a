public import Geodesy

/// One report of a gpsd, as far as this program reads it. Keys gpsd leaves out are nil.
public enum Message: Hashable, Sendable {
  case version(Version)
  case devices([Device])
  case device(Device)
  case watch(Watch)
  case tpv(TPV)
  case sky(SKY)
  /// gpsd's own words.
  case error(String)
  /// A class not read here (`GST`, `AIS`, …).
  case other(class: String)

  public struct Version: Hashable, Sendable {
    /// `3.22`
    public var release: String?

    public init(release: String? = nil) { self.release = release }
  }

  public struct Device: Hashable, Sendable {
    /// What `Source.device` is compared with.
    public var path: String?
    public var driver: String?
    public var activation: Activation?

    public init(path: String? = nil, driver: String? = nil, activation: Activation? = nil) {
      self.path = path
      self.driver = driver
      self.activation = activation
    }
  }

  /// A device's `activated`: a time, in RFC 3339 or in seconds since 1970, or 0 for a device that went away.
  public enum Activation: Hashable, Sendable {
    case active(since: Instant)
    case inactive
  }

  public struct Watch: Hashable, Sendable {
    public var enable: Bool?
    public var json: Bool?

    public init(enable: Bool? = nil, json: Bool? = nil) {
      self.enable = enable
      self.json = json
    }
  }

  /// Time, position, velocity.
  public struct TPV: Hashable, Sendable {
    public var device: String?
    /// 0 unknown (also where not told), 1 no fix, 2 two-dimensional, 3 three-dimensional.
    public var mode = 0
    /// 1 normal, 2 differential, …, 8 simulated.
    public var status: Int?
    public var time: Instant?
    /// Degrees north, within ±90.
    @Sparse public var latitude: Double?
    /// Degrees east, within ±180.
    @Sparse public var longitude: Double?
    /// Metres, 95 %, horizontal.
    @Sparse public var eph: Double?
    /// Metres, 95 %, eastwards.
    @Sparse public var epx: Double?
    /// Metres, 95 %, northwards.
    @Sparse public var epy: Double?
    /// Metres, 95 %, vertical.
    @Sparse public var epv: Double?
    /// Metres a second over ground.
    @Sparse public var speed: Double?
    /// Degrees clockwise from true north, 0 up to 360.
    @Sparse public var track: Double?

    public init() {}
  }

  /// Of the sky view only what weighs an accuracy.
  public struct SKY: Hashable, Sendable {
    public var device: String?
    public var time: Instant?
    public var hdop: Double?

    public init() {}
  }
}

/// A number that may be absent, in the room of one: reports are copied from hand to hand.
@propertyWrapper public struct Sparse: Hashable, Sendable {
  @usableFromInline var number = Self.absent

  /// No report's: the least Double, written out so that it is a constant to the compiler.
  @inlinable static var absent: Double { -0x1.fffffffffffffp1023 }

  @inlinable public init(wrappedValue: Double?) { number = wrappedValue ?? Self.absent }

  @inlinable public var wrappedValue: Double? {
    get { number == Self.absent ? nil : number }
    set { number = newValue ?? Self.absent }
  }
}
