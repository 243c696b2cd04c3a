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
    guard scanner.eat(UInt8(ascii: "{")) else { throw scanner.malformed(.object) }
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

  /// The cursor stands behind the opening brace.
  private mutating func object(_ s: inout ByteScanner) throws(MalformedMessage) -> Message {
    let name = try className(s)
    if s.matches(name, "TPV") { return .tpv(try tpv(&s)) }
    if s.matches(name, "SKY") { return .sky(try sky(&s)) }
    if s.matches(name, "DEVICES") { return .devices(try devices(&s)) }
    if s.matches(name, "DEVICE") { return .device(try device(&s)) }
    if s.matches(name, "WATCH") { return .watch(try watch(&s)) }
    if s.matches(name, "VERSION") { return .version(try version(&s)) }
    if s.matches(name, "ERROR") { return .error(try error(&s)) }
    let other = try intern(name, in: s)
    var first = true
    while try s.nextKey(first: &first) != nil { try s.skipValue() }
    return .other(class: other)
  }

  /// gpsd tells the class first; found where it stands later too.
  private func className(_ start: ByteScanner) throws(MalformedMessage) -> Range<Int> {
    var s = start
    var first = true
    while let key = try s.nextKey(first: &first) {
      if s.matches(key, "class") { return try s.stringSpan().range }
      try s.skipValue()
    }
    throw start.malformed(.className)
  }

  private mutating func tpv(_ s: inout ByteScanner) throws(MalformedMessage) -> Message.TPV {
    var tpv = Message.TPV()
    var first = true
    while let key = try s.nextKey(first: &first) {
      if s.matches(key, "device") {
        tpv.device = try name(&s)
      } else if s.matches(key, "mode") {
        tpv.mode = try s.integer(in: 0...3, orElse: .mode) ?? 0
      } else if s.matches(key, "time") {
        tpv.time = try s.time()
      } else if s.matches(key, "lat") {
        tpv.latitude = try s.number(within: -90...90)
      } else if s.matches(key, "lon") {
        tpv.longitude = try s.number(within: -180...180)
      } else if s.matches(key, "eph") {
        tpv.eph = try s.number(within: 0...ByteScanner.most)
      } else if s.matches(key, "epx") {
        tpv.epx = try s.number(within: 0...ByteScanner.most)
      } else if s.matches(key, "epy") {
        tpv.epy = try s.number(within: 0...ByteScanner.most)
      } else if s.matches(key, "epv") {
        tpv.epv = try s.number(within: 0...ByteScanner.most)
      } else if s.matches(key, "speed") {
        tpv.speed = try s.number(within: 0...ByteScanner.most)
      } else if s.matches(key, "track") {
        tpv.track = try s.number(within: 0...360).map { $0 == 360 ? 0 : $0 }
      } else if s.matches(key, "status") {
        tpv.status = try s.number(within: 0...99).flatMap { Int(exactly: $0) }
      } else {
        try s.skipValue()
      }
    }
    return tpv
  }

  private mutating func sky(_ s: inout ByteScanner) throws(MalformedMessage) -> Message.SKY {
    var sky = Message.SKY()
    var first = true
    while let key = try s.nextKey(first: &first) {
      if s.matches(key, "device") {
        sky.device = try name(&s)
      } else if s.matches(key, "time") {
        sky.time = try s.time()
      } else if s.matches(key, "hdop") {
        sky.hdop = try s.number(within: 0...ByteScanner.most)
      } else {
        try s.skipValue()
      }
    }
    return sky
  }

  private mutating func devices(
    _ s: inout ByteScanner
  ) throws(MalformedMessage) -> [Message.Device] {
    var devices: [Message.Device] = []
    var first = true
    while let key = try s.nextKey(first: &first) {
      guard s.matches(key, "devices") else {
        try s.skipValue()
        continue
      }
      devices = []
      guard s.eat(UInt8(ascii: "[")) else { throw s.malformed(.array) }
      s.skipSpace()
      if s.eat(UInt8(ascii: "]")) { continue }
      repeat {
        s.skipSpace()
        guard s.eat(UInt8(ascii: "{")) else { throw s.malformed(.object) }
        devices.append(try device(&s))
        s.skipSpace()
      } while s.eat(UInt8(ascii: ","))
      guard s.eat(UInt8(ascii: "]")) else { throw s.malformed(.commaOrClose) }
    }
    return devices
  }

  private mutating func device(_ s: inout ByteScanner) throws(MalformedMessage) -> Message.Device {
    var device = Message.Device()
    var first = true
    while let key = try s.nextKey(first: &first) {
      if s.matches(key, "path") {
        device.path = try name(&s)
      } else if s.matches(key, "driver") {
        device.driver = try name(&s)
      } else if s.matches(key, "activated") {
        device.activation = try s.activation()
      } else {
        try s.skipValue()
      }
    }
    return device
  }

  private func watch(_ s: inout ByteScanner) throws(MalformedMessage) -> Message.Watch {
    var watch = Message.Watch()
    var first = true
    while let key = try s.nextKey(first: &first) {
      if s.matches(key, "enable") {
        watch.enable = try s.boolean()
      } else if s.matches(key, "json") {
        watch.json = try s.boolean()
      } else {
        try s.skipValue()
      }
    }
    return watch
  }

  private mutating func version(
    _ s: inout ByteScanner
  ) throws(MalformedMessage) -> Message.Version {
    var version = Message.Version()
    var first = true
    while let key = try s.nextKey(first: &first) {
      if s.matches(key, "release") {
        version.release = try name(&s)
      } else {
        try s.skipValue()
      }
    }
    return version
  }

  private func error(_ s: inout ByteScanner) throws(MalformedMessage) -> String {
    var text = ""
    var first = true
    while let key = try s.nextKey(first: &first) {
      if s.matches(key, "message") {
        let (range, escaped) = try s.stringSpan()
        text = try s.text(range, escaped: escaped)
      } else {
        try s.skipValue()
      }
    }
    return text
  }

  private mutating func name(_ s: inout ByteScanner) throws(MalformedMessage) -> String? {
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
    return names.name(UnsafeRawBufferPointer(rebasing: s.bytes[range]))
  }
}
