public import Geodesy

/// A group of members with handhelds.
public struct Group: Hashable, Sendable {
  public typealias ID = Identifier<Group>

  public var id: ID
  public var name: String
  public var handhelds: [Handheld.ID]

  public init(id: ID, name: String, handhelds: [Handheld.ID]) {
    self.id = id
    self.name = name
    self.handhelds = handhelds
  }
}

/// A squadron at a police station.
public struct Squadron: Hashable, Sendable {
  public typealias ID = Identifier<Squadron>

  public var id: ID
  public var name: String
  public var leader: String?
  public var strength: Int?
  /// Registered residents of its district.
  public var residents: Int?
  /// Criminal cases a year in its district.
  public var casesPerYear: Int?
  public var groups: [Group]

  public init(
    id: ID, name: String, leader: String? = nil, strength: Int? = nil, residents: Int? = nil,
    casesPerYear: Int? = nil, groups: [Group]
  ) {
    self.id = id
    self.name = name
    self.leader = leader
    self.strength = strength
    self.residents = residents
    self.casesPerYear = casesPerYear
    self.groups = groups
  }
}

/// A district's joint defence brigade and its squadrons.
public struct Brigade: Hashable, Sendable {
  public typealias ID = Identifier<Brigade>

  public var id: ID
  public var name: String
  public var squadrons: [Squadron]

  public init(id: ID, name: String, squadrons: [Squadron]) {
    self.id = id
    self.name = name
    self.squadrons = squadrons
  }
}

/// Times of day in which handhelds are on duty, every operational day.
public struct Shift: Hashable, Sendable {
  public typealias ID = Identifier<Shift>

  public var id: ID
  public var from: TimeOfDay
  public var to: TimeOfDay

  public init(id: ID, from: TimeOfDay, to: TimeOfDay) {
    self.id = id
    self.from = from
    self.to = to
  }
}

/// Who carried what, when: roster.csv. Within a shift that has rows, only they say which handheld serves which group.
public struct Roster: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public var day: CivilDate
    public var shift: Shift.ID
    public var group: Group.ID
    /// A member's name or number.
    public var member: String
    public var handheld: Handheld.ID
    /// Nil: from the shift's beginning.
    public var from: TimeOfDay?
    /// Nil: to the shift's end.
    public var to: TimeOfDay?

    public init(
      day: CivilDate, shift: Shift.ID, group: Group.ID, member: String, handheld: Handheld.ID,
      from: TimeOfDay? = nil, to: TimeOfDay? = nil
    ) {
      self.day = day
      self.shift = shift
      self.group = group
      self.member = member
      self.handheld = handheld
      self.from = from
      self.to = to
    }
  }

  public var rows: [Row]

  public init(rows: [Row] = []) { self.rows = rows }
}

/// How scores become ratings.
public struct AssessmentRules: Hashable, Sendable {
  /// Floating wages: the band from this score on.
  public struct Band: Hashable, Sendable {
    public var from: Double
    public var name: String
    public var factor: Double

    public init(from: Double, name: String, factor: Double) {
      self.from = from
      self.name = name
      self.factor = factor
    }
  }

  public var passMark: Double
  public var advancedMark: Double
  /// Duties that veto an advanced rating below their mark.
  public var vetoes: [Duty.ID: Double]
  /// Falling by `from`.
  public var bands: [Band]

  public init(
    passMark: Double = 0.85, advancedMark: Double = 0.95, vetoes: [Duty.ID: Double] = [:],
    bands: [Band] = []
  ) {
    self.passMark = passMark
    self.advancedMark = advancedMark
    self.vetoes = vetoes
    self.bands = bands
  }
}
