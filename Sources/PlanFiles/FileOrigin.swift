internal import Foundation

/// Where the files of a plan come from.
enum FileOrigin {
  /// A folder, and the folders to look for models in, first found first taken.
  case disk(folder: String, devices: [String])
  case bundle(PlanBundle)

  enum Failure: Error {
    case absent
    case unreadable(String)
  }

  private static let sizeMaximum = 32 << 20

  /// The bytes of a file that the plan names.
  func bytes(of name: String) throws(Failure) -> [UInt8] {
    switch self {
    case .disk(let folder, _): try Self.read(Self.join(folder, name))
    case .bundle(let bundle): try Self.bytes(of: name, in: bundle)
    }
  }

  /// The bytes of a model's file: below each device folder as `<id>/model.yaml` or `models/<id>/model.yaml`.
  func model(_ id: String) throws(Failure) -> [UInt8] {
    switch self {
    case .disk(_, let devices):
      for folder in devices {
        for path in ["\(id)/model.yaml", "models/\(id)/model.yaml"] {
          do { return try Self.read(Self.join(folder, path)) } catch .absent { continue }
        }
      }
      throw .absent
    case .bundle(let bundle): return try Self.bytes(of: PlanBundle.modelName(id), in: bundle)
    }
  }

  /// The models that could have been named.
  var modelNames: [String] {
    switch self {
    case .disk(_, let devices):
      var names: Set<String> = []
      for folder in devices {
        for base in [folder, Self.join(folder, "models")] {
          // A folder of the search path need not exist.
          guard let all = FileManager.default.enumerator(atPath: base) else { continue }
          while let path = all.nextObject() as? String {
            if all.level > 2 { all.skipDescendants() }
            let parts = path.split(separator: "/")
            if parts.count == 2, parts[1] == "model.yaml" { names.insert(String(parts[0])) }
          }
        }
      }
      return names.sorted()
    case .bundle(let bundle):
      return bundle.files.keys.sorted().compactMap {
        let parts = $0.split(separator: "/")
        return parts.count == 4 && parts[3] == "model.yaml" ? String(parts[2]) : nil
      }
    }
  }

  /// For messages: where models were looked for.
  var modelPlaces: String {
    switch self {
    case .disk(_, []): "no device folder was given"
    case .disk(_, let devices): "looked in \(devices.joined(separator: ", "))"
    case .bundle: "looked in the plan's bundle"
    }
  }

  private static func bytes(of name: String, in bundle: PlanBundle) throws(Failure) -> [UInt8] {
    guard let text = bundle.files[name] else { throw .absent }
    return Array(text.utf8)
  }

  private static func join(_ folder: String, _ name: String) -> String {
    name.hasPrefix("/") || folder.isEmpty ? name : "\(folder)/\(name)"
  }

  private static func read(_ path: String) throws(Failure) -> [UInt8] {
    do {
      let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      guard FileManager.default.fileExists(atPath: path) else { throw Failure.absent }
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      guard attributes[.type] as? FileAttributeType == .typeRegular else {
        throw Failure.unreadable("not a regular file")
      }
      guard let size = attributes[.size] as? Int, size <= sizeMaximum else {
        throw Failure.unreadable("larger than \(sizeMaximum >> 20) MiB")
      }
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .unreadable("cannot be read (\(error.localizedDescription))")
    }
  }
}
