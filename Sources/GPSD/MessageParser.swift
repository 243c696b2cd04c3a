internal import Geodesy

/// Reads gpsd's JSON reports out of the bytes of a line: `VERSION`, `DEVICES`, `DEVICE`, `WATCH`, `TPV`, `SKY`, `ERROR`;
/// the class of others, whose contents it passes over.
///
/// What it makes of bad values:
/// - a number of the right kind but impossible (latitude beyond ±90, a negative or infinite `eph`) and `null`: absent;
/// - a value of the wrong kind (`"lat":abc`, `"lat":"1"`), a `time` that is not RFC 3339, a `mode` outside 0…3, a name above `nameMaximum`, and
///   anything that is not JSON: `MalformedMessage`.
/// - an unknown key: passed over. A key told twice: the last one holds.
///
/// O(bytes). Allocates for strings not seen before and for escapes, otherwise nothing but the array of `DEVICES`.
public struct MessageParser: Sendable {
  /// Bytes of a device path, a driver, a class or a release: twice gpsd's own `GPS_PATH_MAX`. Names are remembered, and
  /// a peer must not choose how much that is.
  public static let nameMaximum = 256

  private var names = NameTable()
  private var tpvOrder = KeyOrder()
  private var skyOrder = KeyOrder()

  public init() {}

  /// The report at `offset`, which then stands behind it; nil at the end of the line. Where it throws, `offset` is the
  /// end: what follows in this line is not readable.
  public mutating func next(
    in line: UnsafeRawBufferPointer, from offset: inout Int
  ) throws(MalformedMessage) -> Message? {
    var scanner = ByteScanner(line, from: offset)
    offset = line.count
    scanner.skipSpace()
    guard scanner.peek != nil else { return nil }
    try scanner.open()
    let message = try object(&scanner)
    offset = scanner.offset
    return message
  }

  /// All reports of a line.
  public mutating func messages(in line: some Sequence<UInt8>) throws(MalformedMessage) -> [Message]
  {
    var messages: [Message] = []
    let result = Array(line).withUnsafeBytes { bytes -> Result<Void, MalformedMessage> in
      do throws(MalformedMessage) {
        var offset = 0
        while let message = try next(in: bytes, from: &offset) { messages.append(message) }
        return .success(())
      } catch { return .failure(error) }
    }
    try result.get()
    return messages
  }

  /// The keys that are read, by their bytes: the first lowest (`ByteScanner.word`).
  enum Key: UInt64, CaseIterable {
    case `class` = 0x73_7361_6c63
    case device = 0x6563_6976_6564
    case devices = 0x73_6563_6976_6564
    case mode = 0x6564_6f6d
    case time = 0x656d_6974
    case lat = 0x74_616c
    case lon = 0x6e_6f6c
    case eph = 0x68_7065
    case epx = 0x78_7065
    case epy = 0x79_7065
    case epv = 0x76_7065
    case speed = 0x64_6565_7073
    case track = 0x6b_6361_7274
    case status = 0x7375_7461_7473
    case hdop = 0x706f_6468
    case path = 0x6874_6170
    case driver = 0x7265_7669_7264
    case enable = 0x656c_6261_6e65
    case json = 0x6e6f_736a
    /// Any other.
    case other = 0
    case release = 0x65_7361_656c_6572
    case message = 0x65_6761_7373_656d
  }

  /// The classes that are read, in the same way.
  enum Class: UInt64, CaseIterable {
    case tpv = 0x56_5054
    case sky = 0x59_4b53
    case devices = 0x53_4543_4956_4544
    case device = 0x4543_4956_4544
    case watch = 0x48_4354_4157
    case version = 0x4e_4f49_5352_4556
    case error = 0x52_4f52_5245
  }

  /// `"class":`, the first byte lowest: gpsd tells the class first.
  private static let classFirst: UInt64 = 0x3a22_7373_616c_6322

  /// The cursor stands behind the opening brace.
  private mutating func object(_ s: inout ByteScanner) throws(MalformedMessage) -> Message {
    let name: Range<Int>
    if s.octet(at: s.offset).bits == Self.classFirst {
      s.offset &+= 8
      s.skipSpace()
      name = try s.stringSpan().range
    } else {
      name = try className(s)
    }
    switch Class(rawValue: s.word(name)) {
    case .tpv: return .tpv(try tpv(&s))
    case .sky: return .sky(try sky(&s))
    case .devices: return .devices(try devices(&s))
    case .device: return .device(try device(&s))
    case .watch: return .watch(try watch(&s))
    case .version: return .version(try version(&s))
    case .error: return .error(try error(&s))
    case nil:
      let other = try intern(name, in: s)
      while try s.nextKey() != nil { try s.skipValue() }
      return .other(class: other)
    }
  }

  /// The class, wherever it stands.
  private func className(_ start: ByteScanner) throws(MalformedMessage) -> Range<Int> {
    var s = start
    while let key = try s.nextKey() {
      if Key(rawValue: key.word) == .class { return try s.stringSpan().range }
      try s.skipValue()
    }
    throw start.malformed(.className)
  }

  private mutating func tpv(
    _ s: inout ByteScanner
  ) throws(MalformedMessage) -> Message.TPV {
    var tpv = Message.TPV()
    var turn = 0
    while let key = try tpvOrder.next(in: &s, turn: &turn) {
      switch key {
      case .device: tpv.device = try name(&s)
      case .mode: tpv.mode = try s.integer(in: 0...3, orElse: .mode) ?? 0
      case .time: tpv.time = try s.time()
      case .lat: tpv.latitude = try s.number(within: -90...90)
      case .lon: tpv.longitude = try s.number(within: -180...180)
      case .eph: tpv.eph = try s.number(within: 0...ByteScanner.most)
      case .epx: tpv.epx = try s.number(within: 0...ByteScanner.most)
      case .epy: tpv.epy = try s.number(within: 0...ByteScanner.most)
      case .epv: tpv.epv = try s.number(within: 0...ByteScanner.most)
      case .speed: tpv.speed = try s.number(within: 0...ByteScanner.most)
      case .track: tpv.track = try s.number(within: 0...360).map { $0 == 360 ? 0 : $0 }
      case .status: tpv.status = try s.status()
      default: try s.skipValue()
      }
    }
    return tpv
  }

  private mutating func sky(
    _ s: inout ByteScanner
  ) throws(MalformedMessage) -> Message.SKY {
    var sky = Message.SKY()
    var turn = 0
    while let key = try skyOrder.next(in: &s, turn: &turn) {
      switch key {
      case .device: sky.device = try name(&s)
      case .time: sky.time = try s.time()
      case .hdop: sky.hdop = try s.number(within: 0...ByteScanner.most)
      default: try s.skipValue()
      }
    }
    return sky
  }

  private mutating func devices(
    _ s: inout ByteScanner
  ) throws(MalformedMessage) -> [Message.Device] {
    var devices: [Message.Device] = []
    while let key = try s.nextKey() {
      guard Key(rawValue: key.word) == .devices else {
        try s.skipValue()
        continue
      }
      devices = []
      guard s.eat(UInt8(ascii: "[")) else { throw s.malformed(.array) }
      s.skipSpace()
      if s.eat(UInt8(ascii: "]")) { continue }
      repeat {
        s.skipSpace()
        try s.open()
        devices.append(try device(&s))
        s.skipSpace()
      } while s.eat(UInt8(ascii: ","))
      guard s.eat(UInt8(ascii: "]")) else { throw s.malformed(.commaOrClose) }
    }
    return devices
  }

  private mutating func device(
    _ s: inout ByteScanner
  ) throws(MalformedMessage) -> Message.Device {
    var device = Message.Device()
    while let key = try s.nextKey() {
      switch Key(rawValue: key.word) {
      case .path: device.path = try name(&s)
      case .driver: device.driver = try name(&s)
      default:
        if s.matches(key.range, "activated") {
          device.activation = try s.activation()
        } else {
          try s.skipValue()
        }
      }
    }
    return device
  }

  private func watch(
    _ s: inout ByteScanner
  ) throws(MalformedMessage) -> Message.Watch {
    var watch = Message.Watch()
    while let key = try s.nextKey() {
      switch Key(rawValue: key.word) {
      case .enable: watch.enable = try s.boolean()
      case .json: watch.json = try s.boolean()
      default: try s.skipValue()
      }
    }
    return watch
  }

  private mutating func version(
    _ s: inout ByteScanner
  ) throws(MalformedMessage) -> Message.Version {
    var version = Message.Version()
    while let key = try s.nextKey() {
      if Key(rawValue: key.word) == .release {
        version.release = try name(&s)
      } else {
        try s.skipValue()
      }
    }
    return version
  }

  private func error(
    _ s: inout ByteScanner
  ) throws(MalformedMessage) -> String {
    var text = ""
    while let key = try s.nextKey() {
      if Key(rawValue: key.word) == .message {
        let (range, escaped) = try s.stringSpan()
        text = try s.text(range, escaped: escaped)
      } else {
        try s.skipValue()
      }
    }
    return text
  }

  private mutating func name(_ s: inout ByteScanner) throws(MalformedMessage) -> String? {
    if s.eatString(names.last) { return names.last }
    if s.word("null") { return nil }
    let (range, escaped) = try s.stringSpan()
    guard escaped else { return try intern(range, in: s) }
    guard range.count <= Self.nameMaximum else {
      throw s.malformed(.shortName, at: range.lowerBound)
    }
    return try s.text(range, escaped: true)
  }

  private mutating func intern(
    _ range: Range<Int>, in s: ByteScanner
  ) throws(MalformedMessage) -> String {
    guard range.count <= Self.nameMaximum else {
      throw s.malformed(.shortName, at: range.lowerBound)
    }
    return names.name(s[range])
  }
}
