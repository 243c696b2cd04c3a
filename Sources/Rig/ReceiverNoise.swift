public import Geodesy
internal import Glibc
public import Patrol

/// The error of a receiver's positions: per axis a first-order Gauss–Markov process (correlated over `tau`; Gelb 1974,
/// Applied Optimal Estimation) plus white noise, as the device model gives them. Equal for equal seed and handheld.
public struct ReceiverNoise: Sendable {
  private let noise: DeviceModel.Noise
  private var random: SplitMix64
  private var bias: PlanePoint

  public init(_ model: DeviceModel, handheld: Handheld.ID, seed: UInt64) {
    noise = model.noise
    random = SplitMix64(seed, handheld.text)
    bias = PlanePoint(x: 0, y: 0)
    bias.x = noise.sigma.value * random.normal()
    bias.y = noise.sigma.value * random.normal()
  }

  /// Metres east and north, `step` after the one before.
  public mutating func next(after step: Milliseconds) -> PlanePoint {
    let keep = noise.tau.value > 0 ? exp(-step.seconds / noise.tau.seconds) : 0
    let kick = noise.sigma.value * (1 - keep * keep).squareRoot()
    bias.x = bias.x * keep + kick * random.normal()
    bias.y = bias.y * keep + kick * random.normal()
    return PlanePoint(
      x: bias.x + noise.white.value * random.normal(),
      y: bias.y + noise.white.value * random.normal())
  }

  /// Doppler speeds are good to about 0.05 m/s (u-blox M8 data sheet, velocity accuracy).
  mutating func speedError() -> Double { 0.05 * random.normal() }
}
