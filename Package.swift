// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (Context.environment["PATROL_WARNINGS"] == "error" ? [.treatAllWarnings(as: .error)] : [])

/// The core and the rig are optimised in debug builds too: tests walk whole evenings. Checks stay on.
let coreSettings =
  settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let core: [Target.Dependency] = [
  "Geodesy", "SpatialIndex", "Patrol", "Coverage", "Assessment", "Qualification",
]
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
]

let package = Package(
  name: "patrold",
  products: [
    .executable(name: "patrold", targets: ["patrold"]),
    .executable(name: "patrolctl", targets: ["patrolctl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/CoreOffice/XMLCoder", from: "0.18.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    // The core: no Foundation, no clock, no logger, no async.
    .target(name: "Geodesy", swiftSettings: coreSettings),
    .target(name: "SpatialIndex", dependencies: ["Geodesy"], swiftSettings: coreSettings),
    .target(name: "Patrol", dependencies: ["Geodesy"], swiftSettings: coreSettings),
    .target(
      name: "Coverage", dependencies: ["Geodesy", "SpatialIndex", "Patrol"],
      swiftSettings: coreSettings),
    .target(
      name: "Assessment", dependencies: ["Geodesy", "Patrol", "Coverage"],
      swiftSettings: coreSettings),
    .target(
      name: "Qualification", dependencies: ["Geodesy", "Patrol"], swiftSettings: coreSettings),

    // Who may do what: values, and how secrets are kept.
    .target(
      name: "Rights",
      dependencies: [
        "Geodesy", "Patrol", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ], swiftSettings: settings),

    // The edges.
    .systemLibrary(
      name: "CLibGPS", pkgConfig: "libgps", providers: [.apt(["libgps-dev"])]),
    .target(
      name: "GPSD",
      dependencies: [
        "Geodesy", "Patrol", "CLibGPS", .product(name: "Logging", package: "swift-log"),
      ]
        + nio,
      swiftSettings: settings),
    .target(
      name: "Recordings",
      dependencies: ["Geodesy", "Patrol", "GPSD", "XMLCoder"], swiftSettings: settings),
    .target(
      name: "PlanFiles", dependencies: ["Geodesy", "Patrol", "Qualification", "Yams"],
      swiftSettings: settings),
    .target(
      name: "Store",
      dependencies: core + [
        "Rights",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], swiftSettings: settings),
    .systemLibrary(
      name: "CXlsxWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .target(
      name: "Reports",
      dependencies: core + [
        "CXlsxWriter", "Store", .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: settings),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Web",
      dependencies: core + [
        "CZlib", "Reports", "Rights", "Store",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ] + nio, resources: [.copy("Screen")],
      swiftSettings: settings),
    .target(
      name: "Rig",
      dependencies: core + [
        "PlanFiles", "Yams",
      ] + nio, swiftSettings: coreSettings),

    // glibc's allocator: how much of what is free it keeps.
    .systemLibrary(name: "CMalloc"),
    .executableTarget(
      name: "patrold",
      dependencies: core + [
        "CMalloc", "GPSD", "PlanFiles", "Reports", "Rights", "Store", "Web", "Yams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      ] + nio, swiftSettings: settings),
    .executableTarget(
      name: "patrolctl",
      dependencies: core + [
        "GPSD", "PlanFiles", "Recordings", "Reports", "Rig", "Rights", "Store",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "patrolbench",
      dependencies: core + [
        "CHeapCount", "CLibGPS", "GPSD", "PlanFiles", "Recordings", "Reports", "Rig", "Store",
        "Web",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: settings),
    // Counts the bench's heap allocations.
    .target(name: "CHeapCount"),

    .testTarget(name: "GeodesyTests", dependencies: ["Geodesy"], swiftSettings: settings),
    .testTarget(
      name: "SpatialIndexTests", dependencies: ["Geodesy", "SpatialIndex"], swiftSettings: settings),
    .testTarget(name: "PatrolTests", dependencies: ["Geodesy", "Patrol"], swiftSettings: settings),
    .testTarget(name: "CoverageTests", dependencies: core, swiftSettings: settings),
    .testTarget(name: "AssessmentTests", dependencies: core, swiftSettings: settings),
    .testTarget(
      name: "QualificationTests",
      dependencies: core + ["PlanFiles", "Recordings", "Rig"], swiftSettings: settings),
    .testTarget(
      name: "PlanFilesTests", dependencies: ["Geodesy", "Patrol", "PlanFiles"],
      swiftSettings: settings),
    .testTarget(
      name: "GPSDTests",
      dependencies: [
        "Geodesy", "Patrol", "GPSD", "CLibGPS",
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ] + nio, swiftSettings: settings),
    .testTarget(
      name: "RecordingsTests", dependencies: ["Geodesy", "Patrol", "GPSD", "Recordings"],
      swiftSettings: settings),
    .testTarget(
      name: "RigTests", dependencies: core + ["PlanFiles", "Rig"], swiftSettings: settings),
    .testTarget(
      name: "RightsTests", dependencies: ["Geodesy", "Patrol", "Rights"], swiftSettings: settings),
    .testTarget(
      name: "StoreTests",
      dependencies: core + ["Store", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests",
      dependencies: core + ["Store", "Reports", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .testTarget(
      name: "WebTests",
      dependencies: core + [
        "CZlib", "Store", "Reports", "Rights", "Web",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
      ] + nio, swiftSettings: settings),
    .testTarget(
      name: "EndToEndTests", dependencies: core + ["PlanFiles", "Rig", "Store"],
      swiftSettings: settings),
  ]
)
