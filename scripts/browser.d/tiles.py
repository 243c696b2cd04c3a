"""A made-up map as tiles: on it the places of a plan, drawn where the map's datum has them, so that marks either fall on them
or do not."""
import json
import math
import sqlite3
import struct
import zlib

SIZE = 256
# Red, green, blue: of the ground, of a tile's edge, of what is drawn on it.
GROUND, EDGE, INK = (206, 214, 200), (150, 160, 150), (200, 30, 120)


def gcj02(lat, lon):
    """The formula in common use, apart from the page's own."""
    x, y = lon - 105, lat - 35
    s = lambda v: math.sin(v * math.pi)
    both = 20 * s(6 * x) + 20 * s(2 * x)
    dlat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    dlat += 2 / 3 * (both + 20 * s(y) + 40 * s(y / 3) + 160 * s(y / 12) + 320 * s(y / 30))
    dlon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    dlon += 2 / 3 * (both + 20 * s(x) + 40 * s(x / 3) + 150 * s(x / 12) + 300 * s(x / 30))
    e2, a, sine = 0.00669342162296594323, 6378245.0, math.sin(math.radians(lat))
    w = math.sqrt(1 - e2 * sine * sine)
    return lat + math.degrees(dlat / (a * (1 - e2) / w ** 3)), lon + math.degrees(dlon / (a / w * math.cos(math.radians(lat))))


def pixel(lat, lon, zoom):
    """Of the whole world's map (Web Mercator)."""
    world = SIZE * 2 ** zoom
    return (lon + 180) / 360 * world, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * world


def png(rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + bytes(r) for r in rows))) + chunk(b"IEND", b"")


def lines(places, datum):
    for feature in json.load(open(places))["features"]:
        kind, at = feature["geometry"]["type"], feature["geometry"]["coordinates"]
        for line in [[at]] if kind == "Point" else [at] if kind == "LineString" else at if kind == "Polygon" else sum(at, []):
            yield [(lat, lon) if datum == "wgs84" else gcj02(lat, lon) for lon, lat, *_ in line]


def drawn(places, datum, zooms):
    """Images by zoom, column and row."""
    images = {}
    for zoom in zooms:
        marked = set()
        for line in lines(places, datum):
            points = [pixel(*p, zoom) for p in line]
            for (x0, y0), (x1, y1) in zip(points, points[1:] or points):
                steps = int(math.hypot(x1 - x0, y1 - y0)) + 1
                marked |= {(round(x0 + (x1 - x0) * n / steps), round(y0 + (y1 - y0) * n / steps)) for n in range(steps + 1)}
        tiles = {(x // SIZE, y // SIZE) for x, y in marked}
        columns, rows = [x for x, _ in tiles], [y for _, y in tiles]
        for column in range(min(columns) - 1, max(columns) + 2):
            for row in range(min(rows) - 1, max(rows) + 2):
                images[zoom, column, row] = [bytearray(EDGE * SIZE)] + [bytearray(EDGE + GROUND * (SIZE - 1)) for _ in range(SIZE - 1)]
        for x, y in marked:
            for i in range(x - 3, x + 4):
                for j in range(y - 3, y + 4):
                    image = images.get((zoom, i // SIZE, j // SIZE))
                    if image:
                        image[j % SIZE][i % SIZE * 3:i % SIZE * 3 + 3] = bytes(INK)
    return {at: png(rows) for at, rows in images.items()}


def mbtiles(path, images, credit):
    db = sqlite3.connect(path)
    db.executescript("""
        CREATE TABLE metadata (name TEXT, value TEXT);
        CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);
        CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);""")
    db.executemany("INSERT INTO metadata VALUES (?, ?)", [("name", "made up"), ("format", "png"), ("attribution", credit)])
    db.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", [(z, x, 2 ** z - 1 - y, data) for (z, x, y), data in images.items()])
    db.commit()
    db.close()
