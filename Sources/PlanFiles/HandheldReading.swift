internal import Geodesy
internal import Patrol

/// Handhelds of plan.yaml and their models.
extension PlanReading {
  mutating func readHandhelds(_ top: inout Section) {
    guard let nodes = top.list("handhelds", .required, of: "handhelds") else {
      map.gaps.insert(.handhelds)
      return
    }
    let own = ["id", "source", "model", "travel", "reach_mps", "plausible_speed_mps"]
    let speed = Form<Double>.positive(atMost: 200)
    for (i, node) in nodes.enumerated() {
      let name = name("handheld", node, i)
      guard
        var section = Section(
          node, file: top.file, subject: name.subject, known: own + ModelReading.keys, log: log)
      else {
        map.gaps.insert(.handhelds)
        continue
      }
      let id = section.value("id", .required, .id)
      if id == nil { map.gaps.insert(.handhelds) }
      let source = section.value("source", .required, .source)
      let knownTravel = section.value("travel", .required, .travel)
      let travel = knownTravel ?? .foot
      var model = self.model(&section) ?? DeviceModel(id: "")
      ModelReading.read(&section, into: &model)
      let reach = section.value("reach_mps", .optional, speed)
      let plausible = section.value("plausible_speed_mps", .optional, speed)
      if let reach, let limit = plausible ?? knownTravel?.plausibleSpeed.value, reach > limit {
        section.error(
          "reach_mps",
          "found \(plain(reach)), above the plausible speed of \(plain(limit)); expected at most that"
        )
      }
      map.enter(.handheld(draft.handhelds.count), section)
      draft.handhelds.append(
        Handheld(
          id: Handheld.ID(id ?? name.standIn),
          // A port that no source can have, so that two stand-ins differ from everything and each other.
          source: source ?? Source(host: "", port: -1 - i, device: ""), travel: travel,
          model: model,
          reach: reach.map { MetresPerSecond($0) },
          plausibleSpeed: plausible.map { MetresPerSecond($0) }))
    }
  }

  private mutating func model(_ section: inout Section) -> DeviceModel? {
    guard let id = section.value("model", .required, .modelName) else { return nil }
    if let known = models[id] { return known }
    let file = PlanBundle.modelName(id)
    do {
      let bytes = try origin.model(id)
      log.opens(file)
      models[id] = .some(nil)
      guard let text = TextDecoding.text(bytes, file: file, fallback: .refuse, log: log) else {
        return nil
      }
      bundle.files[file] = text
      guard let node = YAMLReading.read(text, file: file, log: log),
        var top = Section(node, file: file, subject: "", known: ModelReading.keys, log: log)
      else { return nil }
      var model = DeviceModel(id: DeviceModel.ID(id))
      ModelReading.read(&top, into: &model)
      models[id] = model
      return model
    } catch {
      switch error {
      case .absent:
        section.error(
          "model",
          "found \(quoted(id)), which no device folder has (\(origin.modelPlaces)); expected a folder with model.yaml"
            + Spelling.hint(id, among: origin.modelNames))
      case .unreadable(let reason):
        models[id] = .some(nil)
        log.error(file, nil, reason)
      }
      return nil
    }
  }
}

extension Form where Value == String {
  /// A model's name, which is a folder's, too.
  static var modelName: Form {
    Form(expected: "a model's name of letters, digits, - and _") {
      $0.isEmpty || $0.utf8.count > 100
        || !$0.unicodeScalars.allSatisfy {
          $0.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains($0)
        }
        ? nil : $0
    }
  }
}
