"""A plan of a fake fleet whose handhelds do come by where they are owed, so that gaps open, shrink and are disproved."""

import json
import os
import re
import socket


def walks(fake):
    """A position of every device, (longitude, latitude), by endpoint and device."""
    places = {}
    for endpoint, port in enumerate(fake.ports):
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(b'?WATCH={"enable":true,"json":true};\n')
            for line in connection.makefile("r", encoding="utf-8"):
                report = json.loads(line)
                if report["class"] == "TPV":
                    number = int(re.search(r"\d+$", report["device"]).group())
                    places.setdefault((endpoint, number), (report["lon"], report["lat"]))
                    if sum(key[0] == endpoint for key in places) == 4:
                        break
    return places


def write(fake, folder, places, opens, closes, every, interval_s):
    """Handhelds are called after their place in the fleet, not their port: `h-0-3`. Each has a post on its own way."""
    handhelds, posts = [], []
    for (endpoint, number), (east, north) in places.items():
        name = f"{endpoint}-{number}"
        handhelds.append((f"h-{name}", f"127.0.0.1:{fake.ports[endpoint]}:/dev/ttyUSB{number}"))
        posts.append((f"p-{name}", east, north))
    groups = [f"{{id: g-{i}, name: G{i}, handhelds: [{name}]}}" for i, (name, _) in enumerate(handhelds)]
    duties = [
        f'  - {{id: d-{i}, group: g-{i}, places: [{post}], days: daily, from: "{opens}", to: "{closes}", every: {every}, stay: 20s}}'
        for i, (post, _, _) in enumerate(posts)
    ]
    lines = ["brigade: {id: faults, name: Faults}", "timezone: Asia/Shanghai", 'day_starts: "06:00"']
    lines += ["places: places.geojson", "rig: true", "squadrons:", "  - id: all", "    name: All", "    groups:"]
    lines += [f"      - {group}" for group in groups]
    lines += ["shifts:", '  - {id: day, from: "06:00", to: "18:00"}', '  - {id: night, from: "18:00", to: "06:00"}']
    lines += ["duties:", *duties, "handhelds:"]
    lines += [
        f'  - {{id: {name}, source: "{source}", model: generic, travel: foot, interval_s: {interval_s}}}'
        for name, source in handhelds
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"id": post, "kind": "point", "name": post},
            "geometry": {"type": "Point", "coordinates": [east, north]},
        }
        for post, east, north in posts
    ]
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/plan.yaml", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    with open(f"{folder}/places.geojson", "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)
