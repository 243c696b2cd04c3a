internal import Geodesy

/// What each hypothesis did between nodes, back to the first that is not decided: a row a node, a step a hypothesis,
/// each with the one it came from. Flat; as long as the decision lag.
struct Trellis: Hashable, Sendable {
  struct Step: Hashable, Sendable {
    /// Where it ended: of `Ways`, negative off all lines.
    var segment: Int32
    /// In the row before; negative at the beginning.
    var parent: Int32
    /// Where it ended.
    var chainage: Double
    var course: Course

    enum Course: Hashable, Sendable {
      /// Along its parent's line, or off it all the time.
      case on
      /// Nothing is known of where it was in between.
      case between
      /// Off all lines at first, from `entry` along its line after a share of the time.
      case came(entry: Double, share: Double)
      /// Along its parent's line to `exit` for a share of the time, then off all lines.
      case went(exit: Double, share: Double)
      /// Along its parent's line to `exit`, then from `entry` along its own, at a share of the time.
      case over(exit: Double, entry: Double, share: Double)
    }
  }

  struct Node: Hashable, Sendable {
    var time: Int64
    /// Of the way to it, metres per second.
    var speed: Double
    private let slowest: Double
    private let fastest: Double
    var speeds: ClosedRange<Double> { slowest...fastest }
    var isStanding: Bool
    /// Metres gone on the way to it, by Doppler; and its velocity at the end, east and north, and speed as told.
    var way: Double
    var velocity: PlanePoint
    var endSpeed: Double?
    /// Of its row in `steps`.
    fileprivate(set) var first = 0

    init(
      time: Int64, speed: Double, speeds: ClosedRange<Double>, isStanding: Bool, way: Double,
      velocity: PlanePoint, endSpeed: Double?
    ) {
      (self.time, self.speed, self.isStanding, self.way) = (time, speed, isStanding, way)
      (slowest, fastest) = (speeds.lowerBound, speeds.upperBound)
      (self.velocity, self.endSpeed) = (velocity, endSpeed)
    }
  }

  private(set) var nodes: [Node] = []
  private(set) var steps: [Step] = []

  /// Of a node's row.
  func range(_ node: Int) -> Range<Int> {
    nodes[node].first..<(node + 1 < nodes.count ? nodes[node + 1].first : steps.count)
  }

  mutating func begin(_ node: Node) {
    nodes.append(node)
    nodes[nodes.count - 1].first = steps.count
  }

  /// In the latest node's row; its position there.
  mutating func add(_ step: Step) -> Int32 {
    steps.append(step)
    return Int32(steps.count - 1 - nodes[nodes.count - 1].first)
  }

  /// Lets go of the first node; the next one's steps keep what they need of it in themselves.
  mutating func dropFirst() {
    let count = nodes.count > 1 ? nodes[1].first : steps.count
    steps.removeFirst(count)
    nodes.removeFirst()
    for i in nodes.indices { nodes[i].first -= count }
  }

  mutating func clear() {
    nodes.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
  }

  /// The ancestor in an earlier node's row of a step of the latest.
  func ancestor(of step: Int32, in node: Int) -> Int32 {
    var (step, n) = (step, nodes.count - 1)
    while n > node, step >= 0 {
      step = steps[nodes[n].first + Int(step)].parent
      n -= 1
    }
    return step
  }
}

extension Trellis: Packable {
  mutating func pack(_ packing: inout Packing) {
    packing(&nodes)
    packing(&steps)
  }
}
