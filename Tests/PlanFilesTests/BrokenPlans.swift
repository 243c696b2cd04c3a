let brokenPlans: [BrokenPlan] = [
  BrokenPlan(
    "a key that YAML does not have", .plan, "timezone: Asia/Shanghai", "timezone Asia/Shanghai",
    [
      "plan.yaml:3: not YAML: could not find expected ':' (while scanning a simple key from line 2 on)"
    ]),
  BrokenPlan(
    "an unclosed quotation", .plan, "day_starts: \"06:00\"", "day_starts: \"06:00",
    [
      "plan.yaml:17: not YAML: did not find expected key (while parsing a block mapping from line 1 on)"
    ]),
  BrokenPlan(
    "a tab for indentation", .plan, "    leader: Li", "\tleader: Li",
    [
      "plan.yaml:9: not YAML: found a tab character that violates indentation (while scanning a plain scalar from line 8 on)"
    ]),
  BrokenPlan(
    "an undefined alias", .plan, "timezone: Asia/Shanghai", "timezone: *zone",
    ["plan.yaml:2: not YAML: found undefined alias"]),
  BrokenPlan(
    "a key twice", .plan, "    leader: Li", "    leader: Li\n    leader: Wang",
    ["plan.yaml:10: key \"leader\" stands twice; the first is on line 9"]),
  BrokenPlan(
    "a text where a list belongs", .plan, "places: [bank-a, bank-b]", "places: bank-a",
    ["plan.yaml:33: duty banks: places: found a text; expected a list of places"]),
  BrokenPlan(
    "a list where a text belongs", .plan, "every: 30m", "every: [30m]",
    ["plan.yaml:37: duty banks: every: found a list; expected a duration such as 45s, 30m or 1h30m"]
  ),
  BrokenPlan(
    "a list where a mapping belongs", .plan, "brigade: {id: west-gate, name: West Gate Brigade}",
    "brigade: [west-gate]",
    ["plan.yaml:1: brigade: found a list; expected a mapping of keys to values"]),
  BrokenPlan(
    "a mapping in a list of ids", .plan, "- main-street", "- {id: main-street}",
    [
      "plan.yaml:42: duty street: places: found a mapping at position 1; expected an id of 1 to 100 characters without line breaks or outer spaces"
    ]),
  BrokenPlan(
    "an unknown key near a known one", .plan, "stay: 3m", "stey: 3m",
    ["plan.yaml:38: duty banks: unknown key \"stey\"; did you mean \"stay\"?"]),
  BrokenPlan(
    "an unknown key near none", .plan, "leader: Li", "commander: Li",
    [
      "plan.yaml:9: squadron harbour: unknown key \"commander\"; expected one of id, name, leader, strength, residents, cases_per_year, groups"
    ]),
  BrokenPlan(
    "a missing key", .plan, "every: 30m", "",
    ["plan.yaml:31: duty banks: every: missing; expected a duration such as 45s, 30m or 1h30m"]),
  BrokenPlan(
    "an empty key", .plan, "every: 30m", "every:",
    ["plan.yaml:37: duty banks: every: missing; expected a duration such as 45s, 30m or 1h30m"]),
  BrokenPlan(
    "no brigade", .plan, "brigade: {id: west-gate, name: West Gate Brigade}", "",
    ["plan.yaml: brigade: missing; expected a mapping with id, name"]),
  BrokenPlan(
    "an empty id", .plan, "id: west-gate", "id: \"\"",
    [
      "plan.yaml:1: brigade: id: found \"\"; expected an id of 1 to 100 characters without line breaks or outer spaces"
    ]),
  BrokenPlan(
    "an unknown zone", .plan, "Asia/Shanghai", "Asia/Shangai",
    [
      "plan.yaml:2: timezone: found \"Asia/Shangai\"; expected an IANA zone such as Asia/Shanghai; did you mean \"Asia/Shanghai\"?"
    ]),
  BrokenPlan(
    "a zone that only looks like one", .plan, "Asia/Shanghai", "Asia/Beijing",
    [
      "plan.yaml:2: timezone: found \"Asia/Beijing\"; expected an IANA zone such as Asia/Shanghai; did you mean \"Asia/Shanghai\"?"
    ]),
  BrokenPlan(
    "a path for a zone", .plan, "Asia/Shanghai", "../../etc/passwd",
    [
      "plan.yaml:2: timezone: found \"../../etc/passwd\"; expected an IANA zone such as Asia/Shanghai"
    ]),
  BrokenPlan(
    "a day that starts at no time", .plan, "\"06:00\"", "\"25:00\"",
    [
      "plan.yaml:3: day_starts: found \"25:00\"; expected a time of day from 00:00 to 24:00 such as 19:30"
    ]),
  BrokenPlan(
    "a language that reports are not written in", .plan, "timezone:", "language: fr\ntimezone:",
    ["plan.yaml:2: language: found \"fr\"; expected en or zh-Hans"]),
  BrokenPlan(
    "languages in a list", .plan, "timezone:", "language: [en, zh-Hans]\ntimezone:",
    ["plan.yaml:2: language: found a list; expected en or zh-Hans"]),
  BrokenPlan(
    "a duration without a unit", .plan, "every: 30m", "every: 30",
    ["plan.yaml:37: duty banks: every: found \"30\"; expected a duration such as 45s, 30m or 1h30m"]
  ),
  BrokenPlan(
    "a duration out of order", .plan, "every: 30m", "every: 30m1h",
    [
      "plan.yaml:37: duty banks: every: found \"30m1h\"; expected a duration such as 45s, 30m or 1h30m"
    ]),
  BrokenPlan(
    "a negative duration", .plan, "stay: 3m", "stay: -3m",
    ["plan.yaml:38: duty banks: stay: found \"-3m\"; expected a duration such as 45s, 30m or 1h30m"]
  ),
  BrokenPlan(
    "a huge duration", .plan, "every: 30m", "every: 99999999h",
    [
      "plan.yaml:37: duty banks: every: found \"99999999h\"; expected a duration such as 45s, 30m or 1h30m"
    ]),
  BrokenPlan(
    "every is nothing", .plan, "every: 30m", "every: 0s",
    ["plan.yaml:37: duty banks: every: must be longer than 0"]),
  BrokenPlan(
    "a stay as long as every", .plan, "stay: 3m", "stay: 30m",
    ["plan.yaml:38: duty banks: stay: must be shorter than every"]),
  BrokenPlan(
    "a stay on a line", .plan, "every: 1h\n", "every: 1h\n    stay: 2m\n",
    ["plan.yaml:47: duty street: stay: is for points and areas; a line is passed"]),
  BrokenPlan(
    "a time of day with a letter", .plan, "from: 17:00", "from: 17h00",
    [
      "plan.yaml:35: duty banks: from: found \"17h00\"; expected a time of day from 00:00 to 24:00 such as 19:30"
    ]),
  BrokenPlan(
    "a window that runs past the day's start", .plan, "to: 19:30", "to: 07:00",
    [
      "plan.yaml:36: duty banks: to: 17:00 to 07:00 runs past 06:00, where the next operational day starts"
    ]),
  BrokenPlan(
    "a window of nothing", .plan, "to: 19:30", "to: 17:00",
    [
      "plan.yaml:36: duty banks: to: from and to are both 17:00; expected a window longer than nothing"
    ]),
  BrokenPlan(
    "a window that no shift covers", .plan, "from: 17:00", "from: 16:00",
    [
      "plan.yaml:35: duty banks: from: is owed from 16:00 to 19:30, which no shift covers; nobody would be on duty"
    ]),
  BrokenPlan(
    "an unknown place", .plan, "[bank-a, bank-b]", "[bank-a, bank-c]",
    [
      "plan.yaml:33: duty banks: places: names place bank-c, which is not in the places file; did you mean \"bank-a\"?"
    ]),
  BrokenPlan(
    "a place named twice in a duty", .plan, "[bank-a, bank-b]", "[bank-a, bank-a]",
    ["plan.yaml:33: duty banks: places: names place bank-a twice"]),
  BrokenPlan(
    "places of two kinds", .plan, "[bank-a, bank-b]", "[bank-a, park]",
    [
      "plan.yaml:33: duty banks: places: mixes kinds: park is a area, the places before it are points; give each kind its own duty"
    ]),
  BrokenPlan(
    "a duty on a street", .plan, "[bank-a, bank-b]", "[side-street]",
    [
      "plan.yaml:33: duty banks: places: names side-street, a street, which owes nothing; expected a point, line or area"
    ]),
  BrokenPlan(
    "a duty without places", .plan, "[bank-a, bank-b]", "[]",
    ["plan.yaml:33: duty banks: places: has no places; at least one is owed"]),
  BrokenPlan(
    "an unknown group", .plan, "group: harbour-2", "group: harbor-2",
    [
      "plan.yaml:50: duty park: group: names group harbor-2, which no squadron has; did you mean \"harbour-2\"?"
    ]),
  BrokenPlan(
    "a group twice", .plan, "id: harbour-2, name: Second", "id: harbour-1, name: Second",
    [
      "plan.yaml:15: group harbour-1: id: is listed twice; ids must be unique",
      "plan.yaml:50: duty park: group: names group harbour-2, which no squadron has",
      "roster.csv:4: group: no squadron has a group harbour-2",
    ]),
  BrokenPlan(
    "a duty twice", .plan, "- id: street", "- id: banks",
    ["plan.yaml:39: duty banks: id: is listed twice; ids must be unique"]),
  BrokenPlan(
    "an unknown handheld in a group", .plan, "[h-1, h-2]", "[h-1, h-9]",
    ["plan.yaml:14: group harbour-1: handhelds: has handheld h-9, which is not among the handhelds"]
  ),
  BrokenPlan(
    "a handheld in two groups", .plan, "[h-3]", "[h-3, h-1]",
    [
      "plan.yaml:15: group harbour-2: handhelds: handheld h-1 already belongs to group harbour-1; it can belong to one group"
    ]),
  BrokenPlan(
    "a handheld twice", .plan, "- id: h-3", "- id: h-2",
    [
      "plan.yaml:15: group harbour-2: handhelds: has handheld h-3, which is not among the handhelds",
      "plan.yaml:24: handheld h-2: id: is listed twice; ids must be unique",
      "roster.csv:4: handheld: h-3 is not among the handhelds",
    ]),
  BrokenPlan(
    "two handhelds with one source", .plan, "ttyUSB1", "ttyUSB0",
    [
      "plan.yaml:23: handheld h-2: source: handhelds h-1 and h-2 have the same source 127.0.0.1:2947:/dev/ttyUSB0"
    ]),
  BrokenPlan(
    "a handheld that claims every device of a shared gpsd", .plan, "\"10.20.0.12\"",
    "\"127.0.0.1\"",
    [
      "plan.yaml:25: handheld h-3: source: handhelds h-1 and h-3 share the gpsd 127.0.0.1:2947, but one of them claims every device of it; name a device for each"
    ]),
  BrokenPlan(
    "a source without a host", .plan, "\"10.20.0.12\"", "\":2947\"",
    [
      "plan.yaml:25: handheld h-3: source: found \":2947\"; expected a source written host[:port[:device]], IPv6 in brackets"
    ]),
  BrokenPlan(
    "a travel that is none", .plan, "travel: car", "travel: horse",
    ["plan.yaml:27: handheld h-3: travel: found \"horse\"; expected foot, ebike or car"]),
  BrokenPlan(
    "an unknown model", .plan, "model: slow", "model: slwo",
    [
      "plan.yaml:26: handheld h-3: model: found \"slwo\", which no device folder has (looked in the plan's bundle); expected a folder with model.yaml; did you mean \"slow\"?"
    ]),
  BrokenPlan(
    "a model that is a path", .plan, "model: slow", "model: ../slow",
    [
      "plan.yaml:26: handheld h-3: model: found \"../slow\"; expected a model's name of letters, digits, - and _"
    ]),
  BrokenPlan(
    "a reach beyond what is plausible", .plan, "reach_mps: 15", "reach_mps: 80",
    [
      "plan.yaml:29: handheld h-3: reach_mps: found 80, above the plausible speed of 60; expected at most that"
    ]),
  BrokenPlan(
    "a speed that is not a number", .plan, "reach_mps: 15", "reach_mps: .nan",
    [
      "plan.yaml:29: handheld h-3: reach_mps: found \".nan\"; expected a number above 0 and at most 200"
    ]),
  BrokenPlan(
    "an infinite weight", .plan, "weight: 2", "weight: 1e999",
    [
      "plan.yaml:48: duty street: weight: found \"1e999\"; expected a number above 0 and at most 1000000"
    ]),
  BrokenPlan(
    "a hexadecimal weight", .plan, "weight: 2", "weight: 0x10",
    [
      "plan.yaml:48: duty street: weight: found \"0x10\"; expected a number above 0 and at most 1000000"
    ]),
  BrokenPlan(
    "a weekday that is none", .plan, "[mon, tue, wed, thu, fri]", "[mon, tues]",
    [
      "plan.yaml:34: duty banks: days: found \"tues\" at position 2; expected a weekday (mon to sun) or a date such as 2026-11-23"
    ]),
  BrokenPlan(
    "a date that is none", .plan, "[2026-11-23, 2026-11-24]", "[2026-02-30]",
    [
      "plan.yaml:52: duty park: days: found \"2026-02-30\" at position 1; expected a weekday (mon to sun) or a date such as 2026-11-23"
    ]),
  BrokenPlan(
    "weekdays mixed with dates", .plan, "[2026-11-23, 2026-11-24]", "[2026-11-23, mon]",
    [
      "plan.yaml:52: duty park: days: found weekdays and dates; expected a list of one sort (two duties for both)"
    ]),
  BrokenPlan(
    "no days at all", .plan, "[mon, tue, wed, thu, fri]", "[]",
    [
      "plan.yaml:34: duty banks: days: found an empty list; expected daily, a list of weekdays (mon to sun) or a list of dates"
    ]),
  BrokenPlan(
    "days by another word", .plan, "days: daily", "days: always",
    [
      "plan.yaml:43: duty street: days: found \"always\"; expected daily, a list of weekdays (mon to sun) or a list of dates"
    ]),
  BrokenPlan(
    "more at once than there are", .plan, "stay: 45s", "stay: 45s\n    at_once: 0",
    ["plan.yaml:57: duty park: at_once: found \"0\"; expected a whole number from 1 to 1000"]),
  BrokenPlan(
    "a veto of an unknown duty", .plan, "veto: {banks: 0.90}", "veto: {bank: 0.90}",
    [
      "plan.yaml:60: assessment: veto: found \"bank\", which is not among the duties; did you mean \"banks\"?"
    ]),
  BrokenPlan(
    "a mark above 1", .plan, "veto: {banks: 0.90}", "veto: {banks: 90}",
    ["plan.yaml:60: assessment: veto: banks: found \"90\"; expected a number from 0 to 1"]),
  BrokenPlan(
    "marks in the wrong order", .plan, "advanced_mark: 0.95", "advanced_mark: 0.5",
    [
      "plan.yaml:59: assessment: advanced_mark: found 0.5, below the pass_mark of 0.85; expected at least that"
    ]),
  BrokenPlan(
    "two bands from one score", .plan, "{from: 0.95, name: A", "{from: 0.0, name: A",
    [
      "plan.yaml:61: assessment: band 2: from: found 0 again (first on line 61); expected each band to begin elsewhere"
    ]),
  BrokenPlan(
    "a number of residents with a comma", .plan, "residents: 81000", "residents: \"81,000\"",
    [
      "plan.yaml:11: squadron harbour: residents: found \"81,000\"; expected a whole number from 0 to 1000000000"
    ]),
  BrokenPlan(
    "a rig that is maybe one", .plan, "timezone:", "rig: maybe\ntimezone:",
    ["plan.yaml:2: rig: found \"maybe\"; expected true or false"]),
  BrokenPlan(
    "a places file that is not there", .plan, "places: places.geojson", "places: place.geojson",
    ["plan.yaml:4: places: found no file \"place.geojson\" beside the plan"]),
  BrokenPlan(
    "a roster file that is not there", .plan, "roster: roster.csv", "roster: rooster.csv",
    ["plan.yaml:5: roster: found no file \"rooster.csv\" beside the plan"]),
  BrokenPlan(
    "an empty plan", .plan, nil, "",
    ["plan.yaml: found an empty file; expected keys and values"]),
  BrokenPlan(
    "a plan of comments", .plan, nil, "# nothing\n",
    ["plan.yaml: found an empty file; expected keys and values"]),
  BrokenPlan(
    "a plan that is a list", .plan, nil, "- a\n- b\n",
    ["plan.yaml:1: found a list; expected a mapping of keys to values"]),
  BrokenPlan(
    "two documents", .plan, nil, "a: b\n---\na: c\n",
    ["plan.yaml:2: not YAML: found a second document; expected one"]),
  BrokenPlan(
    "a control character", .plan, "leader: Li", "leader: L\u{7}i",
    ["plan.yaml:9: not YAML: control characters are not allowed"]),
  BrokenPlan(
    "a nest of lists", .plan, "leader: Li", "leader: \(BrokenPlan.nest)",
    ["plan.yaml:9: nested deeper than 40 levels"]),
  BrokenPlan(
    "a deep nest of lists", .plan, "leader: Li", "leader: \(BrokenPlan.nested(900))",
    ["plan.yaml:9: nested deeper than 40 levels"]),
  BrokenPlan(
    "a nest without a bottom", .plan, "leader: Li", "leader: \(BrokenPlan.nested(100_000))",
    ["plan.yaml:9: not YAML: Maximum nesting level reached, set with yaml_set_max_nest_level())"]),
  BrokenPlan(
    "aliases that multiply", .plan, nil, BrokenPlan.bomb,
    ["plan.yaml:1: more than 200000 values, aliases resolved"]),
  BrokenPlan(
    "aliases in keys", .plan, "leader: Li", "leader: &a Li\n    ? [*a, *a]\n    : 3",
    ["plan.yaml:10: found an alias or a collection as a key; expected plain keys"]),
  BrokenPlan(
    "a collection as a key", .plan, "leader: Li", "[leader]: Li",
    ["plan.yaml:9: found a collection as a key; expected plain keys"]),
  BrokenPlan(
    "an empty places file", .places, nil, "",
    ["places.geojson: found an empty file; expected a GeoJSON FeatureCollection"]),
  BrokenPlan(
    "a places file that is cut off", .places, "\"coordinates\": [115.9, 28.68]}},",
    "\"coordinates\": [115.9, 28.68",
    ["places.geojson:7: not JSON: found \"{\"; expected \",\" or \"]\""]),
  BrokenPlan(
    "a trailing comma", .places, "[[115.9, 28.681], [115.91, 28.681]]",
    "[[115.9, 28.681], [115.91, 28.681],]",
    ["places.geojson:20: not JSON: found \"]\"; expected a value"]),
  BrokenPlan(
    "a places file that is no collection", .places, "\"FeatureCollection\"", "\"Feature\"",
    ["places.geojson:1: type: found \"Feature\"; expected \"FeatureCollection\""]),
  BrokenPlan(
    "another CRS", .places, "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::3857",
    [
      "places.geojson:2: crs: found \"urn:ogc:def:crs:EPSG::3857\"; expected urn:ogc:def:crs:OGC:1.3:CRS84, or no crs (export in WGS 84)"
    ]),
  BrokenPlan(
    "a feature without an id", .places, "\"id\": \"side-street\", ", "",
    [
      "places.geojson:18: feature 5: id: missing in the properties; expected an id of 1 to 100 characters without line breaks or outer spaces"
    ]),
  BrokenPlan(
    "a feature without a kind", .places, "\"kind\": \"street\"", "\"sort\": \"street\"",
    [
      "places.geojson:18: feature 5 (side-street): kind: missing in the properties; expected point, line, area or street"
    ]),
  BrokenPlan(
    "an unknown kind", .places, "\"kind\": \"street\"", "\"kind\": \"streat\"",
    [
      "places.geojson:19: feature 5 (side-street): kind: found \"streat\"; expected point, line, area or street; did you mean \"street\"?"
    ]),
  BrokenPlan(
    "a place twice", .places, "\"id\": \"side-street\"", "\"id\": \"park\"",
    ["places.geojson:18: feature 5 (park): id: is listed twice; ids must be unique"]),
  BrokenPlan(
    "a radius of nothing", .places, "\"radius_m\": 40", "\"radius_m\": 0",
    [
      "places.geojson:5: feature 1 (bank-a): radius_m: found 0; expected a number above 0 and at most 5000"
    ]),
  BrokenPlan(
    "a radius in a text", .places, "\"radius_m\": 40", "\"radius_m\": \"40\"",
    [
      "places.geojson:5: feature 1 (bank-a): radius_m: found \"40\"; expected a number above 0 and at most 5000"
    ]),
  BrokenPlan(
    "a corridor below nothing", .places, "\"corridor_m\": 20", "\"corridor_m\": -20",
    [
      "places.geojson:11: feature 3 (main-street): corridor_m: found -20; expected a number above 0 and at most 500"
    ]),
  BrokenPlan(
    "cells too small", .places, "\"cell_m\": 50", "\"cell_m\": 2",
    [
      "places.geojson:14: feature 4 (park): cell_m: 2 gives about 271395 cells; expected at most 20000: a larger cell_m or a smaller area"
    ]),
  BrokenPlan(
    "a point that is drawn as a line", .places,
    "{\"type\": \"Point\", \"coordinates\": [115.9, 28.68]}",
    "{\"type\": \"LineString\", \"coordinates\": [[115.9, 28.68], [115.91, 28.68]]}",
    [
      "places.geojson:6: feature 1 (bank-a): geometry: found \"LineString\"; expected a Point for a point"
    ]),
  BrokenPlan(
    "an area that is drawn as a line", .places, "{\"type\": \"Polygon\", \"coordinates\": [",
    "{\"type\": \"MultiLineString\", \"coordinates\": [",
    [
      "places.geojson:15: feature 4 (park): geometry: found \"MultiLineString\"; expected a Polygon or MultiPolygon for an area"
    ]),
  BrokenPlan(
    "a point of two parts", .places, "[[115.905, 28.68, 12.5]]",
    "[[115.905, 28.68], [115.906, 28.68]]",
    [
      "places.geojson:9: feature 2 (bank-b): found a MultiPoint of 2 parts; expected one (a feature for each)"
    ]),
  BrokenPlan(
    "no geometry", .places,
    "{\"type\": \"LineString\", \"coordinates\": [[115.9, 28.681], [115.91, 28.681]]}", "null",
    [
      "places.geojson:18: feature 5 (side-street): geometry: missing; expected a LineString for a street"
    ]),
  BrokenPlan(
    "swapped coordinates", .places, "[115.9, 28.68]", "[28.68, 115.9]",
    [
      "places.geojson:6: feature 1 (bank-a): coordinates: found longitude 28.68, latitude 115.9; expected them within ±180 and ±90; are they swapped? Longitude comes first"
    ]),
  BrokenPlan(
    "a longitude outside the world", .places, "[115.9, 28.68]", "[215.9, 28.68]",
    [
      "places.geojson:6: feature 1 (bank-a): coordinates: found longitude 215.9, latitude 28.68; expected them within ±180 and ±90"
    ]),
  BrokenPlan(
    "a number too large", .places, "[115.9, 28.68]", "[1e999, 28.68]",
    ["places.geojson:6: not JSON: found \"1e999\"; expected a finite number"]),
  BrokenPlan(
    "a position of one number", .places, "[115.9, 28.68]", "[115.9]",
    [
      "places.geojson:6: feature 1 (bank-a): coordinates: found a list of 1; expected a position: [longitude, latitude]"
    ]),
  BrokenPlan(
    "a position that is NaN", .places, "[115.9, 28.68]", "[NaN, 28.68]",
    ["places.geojson:6: not JSON: found \"N\"; expected a value"]),
  BrokenPlan(
    "a line shorter than its corridor", .places,
    "[[[115.9, 28.68], [115.91, 28.68], [115.91, 28.69]]]", "[[[115.9, 28.68], [115.9001, 28.68]]]",
    [
      "places.geojson:12: feature 3 (main-street): found a line of 9.8 m, shorter than its corridor of 20 m; expected a longer line, or a narrower corridor_m"
    ]),
  BrokenPlan(
    "a line of one point", .places, "[[115.9, 28.681], [115.91, 28.681]]",
    "[[115.9, 28.681], [115.9, 28.681]]",
    [
      "places.geojson:20: feature 5 (side-street): found a line with fewer than 2 different positions; expected at least 2"
    ]),
  BrokenPlan(
    "a line to the antimeridian's other name", .places, "[[115.9, 28.681], [115.91, 28.681]]",
    "[[180, 28.681], [-180, 28.681]]",
    [
      "places.geojson:20: feature 5 (side-street): found two positions that are the same point of the Earth; expected each once"
    ]),
  BrokenPlan(
    "a ring that is not closed", .places, "[115.90, 28.71], [115.90, 28.70]]",
    "[115.90, 28.71], [115.90, 28.701]]",
    [
      "places.geojson:16: feature 4 (park): the outer ring is not closed; expected its last position to equal its first"
    ]),
  BrokenPlan(
    "a ring of three positions", .places,
    "[[115.902, 28.702], [115.904, 28.702], [115.904, 28.704], [115.902, 28.702]]",
    "[[115.902, 28.702], [115.904, 28.702], [115.902, 28.702]]",
    [
      "places.geojson:17: feature 4 (park): hole 1 has 3 positions; expected at least 4, the last equal to the first"
    ]),
  BrokenPlan(
    "a ring that crosses itself", .places, "[115.91, 28.70], [115.91, 28.71], [115.90, 28.71]",
    "[115.91, 28.71], [115.91, 28.70], [115.90, 28.71]",
    [
      "places.geojson:16: feature 4 (park): the outer ring touches or crosses itself: the edge from position 1 meets the one from position 3; expected a ring that does not"
    ]),
  BrokenPlan(
    "a ring that runs back over itself", .places,
    "[[115.90, 28.70], [115.91, 28.70], [115.91, 28.71], [115.90, 28.71], [115.90, 28.70]]",
    "[[115.90, 28.70], [115.91, 28.70], [115.92, 28.70], [115.90, 28.70]]",
    [
      "places.geojson:16: feature 4 (park): the outer ring touches or crosses itself: the edge from position 1 meets the one from position 3; expected a ring that does not"
    ]),
  BrokenPlan(
    "a hole outside", .places,
    "[[115.902, 28.702], [115.904, 28.702], [115.904, 28.704], [115.902, 28.702]]",
    "[[115.802, 28.702], [115.804, 28.702], [115.804, 28.704], [115.802, 28.702]]",
    ["places.geojson:17: feature 4 (park): hole 1 lies outside the outer ring; expected it inside"]),
  BrokenPlan(
    "an area without a surface", .places,
    "[[115.90, 28.70], [115.91, 28.70], [115.91, 28.71], [115.90, 28.71], [115.90, 28.70]],\n    [[115.902, 28.702], [115.904, 28.702], [115.904, 28.704], [115.902, 28.702]]",
    "[[115.90, 28.70], [115.9000001, 28.70], [115.9000001, 28.7000001], [115.90, 28.70]]",
    ["places.geojson:15: feature 4 (park): found an area of less than 1 m²; expected a surface"]),
  BrokenPlan(
    "an empty roster", .roster, nil, "",
    ["roster.csv: found an empty file; expected a header: day,shift,group,member,handheld,from,to"]),
  BrokenPlan(
    "an unknown column", .roster, "member,", "membre,",
    [
      "roster.csv:1: header: unknown column \"membre\"; did you mean \"member\"?",
      "roster.csv:1: header: column member is missing; expected day, shift, group, member, handheld",
    ]),
  BrokenPlan(
    "a column twice", .roster, "from,to", "from,from",
    ["roster.csv:1: header: column from stands twice; expected it once"]),
  BrokenPlan(
    "a roster with semicolons", .roster, nil, "day;shift;group;member;handheld\n",
    ["roster.csv:1: header: found fields separated by \";\"; expected commas"]),
  BrokenPlan(
    "a row that is too short", .roster, "Wang,h-1,,", "Wang,h-1",
    ["roster.csv:2: found 5 fields; expected 7, as the header has"]),
  BrokenPlan(
    "a date that Excel spoiled", .roster, "2026-11-24,night", "24.11.2026,night",
    ["roster.csv:4: day: found \"24.11.2026\"; expected a date such as 2026-11-23"]),
  BrokenPlan(
    "an unknown shift", .roster, "2026-11-24,night", "2026-11-24,nights",
    ["roster.csv:4: shift: the plan has no shift nights; did you mean \"night\"?"]),
  BrokenPlan(
    "a roster with an unknown group", .roster, "harbour-2,Chen", "harbour-3,Chen",
    ["roster.csv:4: group: no squadron has a group harbour-3"]),
  BrokenPlan(
    "a roster with an unknown handheld", .roster, "Chen,h-3", "Chen,x-77",
    ["roster.csv:4: handheld: x-77 is not among the handhelds"]),
  BrokenPlan(
    "a time outside the shift", .roster, "18:00,00:30", "18:00,01:30",
    ["roster.csv:3: from: 18:00 to 01:30 lies outside shift evening (16:30 to 00:30)"]),
  BrokenPlan(
    "an empty member", .roster, "Wang,h-1", "  ,h-1",
    ["roster.csv:2: member: found nothing; expected a text"]),
  BrokenPlan(
    "a quotation that nothing closes", .roster, "\"Zhao, Wei\"", "\"Zhao, Wei",
    ["roster.csv:3: found a quotation mark that nothing closes; expected a second one"]),
  BrokenPlan(
    "a letter after a quotation", .roster, "\"Zhao, Wei\"", "\"Zhao, Wei\"x",
    ["roster.csv:3: found text after a closing quotation mark; expected a comma"]),
  BrokenPlan(
    "an unknown key in a model", .model, "interval_s: 30", "intervals: 30",
    ["devices/models/slow/model.yaml:2: unknown key \"intervals\"; did you mean \"interval_s\"?"]),
  BrokenPlan(
    "an interval of nothing", .model, "interval_s: 30", "interval_s: 0",
    [
      "devices/models/slow/model.yaml:2: interval_s: found \"0\"; expected a number from 0.05 to 3600 (seconds)"
    ]),
  BrokenPlan(
    "a roll-over of some weeks", .model, "interval_s: 30", "rollover_weeks: 512",
    ["devices/models/slow/model.yaml:2: rollover_weeks: found \"512\"; expected 0 or 1024"]),
  BrokenPlan(
    "a sentence that is none", .model, "[RMC, GGA]", "[RMC, gga]",
    [
      "devices/models/slow/model.yaml:4: sentences: found \"gga\" at position 2; expected three capital letters such as RMC"
    ]),
  BrokenPlan(
    "a model that is not YAML", .model, "interval_s: 30", "interval_s: [30",
    [
      "devices/models/slow/model.yaml:3: not YAML: did not find expected ',' or ']' (while parsing a flow sequence from line 2 on)"
    ]),
  BrokenPlan(
    "an accuracy below nothing", .model, "accuracy_m: 8", "accuracy_m: -8",
    [
      "devices/models/slow/model.yaml:3: accuracy_m: found \"-8\"; expected a number above 0 and at most 10000"
    ]),
]
