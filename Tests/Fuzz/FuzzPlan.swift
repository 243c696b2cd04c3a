/// A plan.yaml of any text, its other files sound.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPlan(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  readPlan(with: UnsafeBufferPointer(start: bytes, count: count), as: "plan.yaml")
  return 0
}
