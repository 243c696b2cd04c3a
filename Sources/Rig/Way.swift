/// How reports get from the walkers into the rig's gpsds.
public enum Way: String, Hashable, Sendable, CaseIterable {
  /// Datagrams, a port for each handheld.
  case udp
  /// Each gpsd connects to a port of the rig's for each handheld that tells NMEA; those that tell JSON keep to UDP.
  case tcp
  /// A pseudo-terminal for each handheld that tells NMEA, as a serial receiver has; those that tell JSON keep to UDP.
  case pty
  /// One port of each gpsd for thousands of handhelds, whose gateway forwards gpsd JSON.
  case gateway

  /// Handhelds that one gpsd carries at most: Debian's takes four devices; a gateway is one device, and a gpsd passes some
  /// ten thousand lines a second on (`scripts/ingest gateway`).
  var handheldsMaximum: Int {
    switch self {
    case .udp, .tcp, .pty: 4
    case .gateway: 2500
    }
  }
}
