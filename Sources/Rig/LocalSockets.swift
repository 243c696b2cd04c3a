internal import NIOCore
internal import NIOPosix

/// Ports of this host's loopback interface.
enum LocalSockets {
  enum Kind {
    case tcp, udp
  }

  /// Ports that are free now: bound together, so that they differ, and let go.
  static func freePorts(_ kinds: [Kind]) async throws(RigError) -> [Int] {
    let loops = MultiThreadedEventLoopGroup.singleton
    var channels: [any Channel] = []
    var failure: (any Error)?
    for kind in kinds {
      do {
        switch kind {
        case .tcp:
          channels.append(
            try await ServerBootstrap(group: loops).bind(host: "127.0.0.1", port: 0).get())
        case .udp:
          channels.append(
            try await DatagramBootstrap(group: loops).bind(host: "127.0.0.1", port: 0).get())
        }
      } catch { failure = error }
    }
    let ports = channels.compactMap { $0.localAddress?.port }
    do {
      for channel in channels { try await channel.close() }
    } catch { failure = error }
    guard failure == nil, ports.count == kinds.count else {
      throw .network("no free port on 127.0.0.1 (\(failure.map { "\($0)" } ?? "none told"))")
    }
    return ports
  }

  /// What a server on a port says first; nil where nothing listens, or nothing is said within a second.
  static func greeting(port: Int) async -> String? {
    do {
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
          }
        }
      return try await channel.executeThenClose { inbound, _ in
        try await withThrowingTaskGroup(of: String?.self) { group in
          group.addTask {
            for try await buffer in inbound { return String(buffer: buffer) }
            return nil
          }
          group.addTask {
            try await Task.sleep(for: .seconds(1))
            return nil
          }
          defer { group.cancelAll() }
          return try await group.next() ?? nil
        }
      }
    } catch {
      return nil  // not there yet: the caller asks again
    }
  }
}
