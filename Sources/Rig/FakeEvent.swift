/// What a fake gpsd tells while it runs, one JSON object a line.
public enum FakeEvent: Sendable, CustomStringConvertible {
  /// It listens. `clock` is what a daemon's `--clock` is to be where it does not run on real time.
  case ready(host: String, ports: ClosedRange<Int>, devices: Int, clock: RigClock)
  /// A cue was taken.
  case fault(cue: String, endpoints: Int)
  case state(State)
  case trouble(String)

  public struct State: Hashable, Sendable {
    public var clients: Int
    /// Clients that asked for reports.
    public var watching: Int
    /// Reports sent, with all repetitions.
    public var reports: Int
    /// Reports that clients missed because they did not read, or because of a `hang`.
    public var missed: Int
  }

  public var description: String {
    switch self {
    case .ready(let host, let ports, let devices, let clock):
      #"{"event":"ready","host":"\#(host)","first_port":\#(ports.lowerBound),"last_port":\#(ports.upperBound),"#
        + #""devices":\#(devices),"clock":"\#(clock)"}"#
    case .fault(let cue, let endpoints):
      #"{"event":"fault","cue":\#(Self.quoted(cue)),"endpoints":\#(endpoints)}"#
    case .state(let state):
      #"{"event":"state","clients":\#(state.clients),"watching":\#(state.watching),"#
        + #""reports":\#(state.reports),"missed":\#(state.missed)}"#
    case .trouble(let text): #"{"event":"trouble","text":\#(Self.quoted(text))}"#
    }
  }

  static func quoted(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "\"") { out, c in
      switch c {
      case "\"", "\\": out += "\\\(c)"
      case _ where c.value < 0x20: out += "?"
      default: out.unicodeScalars.append(c)
      }
    } + "\""
  }
}
