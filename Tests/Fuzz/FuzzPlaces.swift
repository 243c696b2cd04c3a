/// A places.geojson of any text, its plan sound.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPlaces(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  readPlan(with: UnsafeBufferPointer(start: bytes, count: count), as: "places.geojson")
  return 0
}
