// WGS 84 to GCJ-02, as Chinese maps are drawn. The formula is not published; this is the one commonly used in its place,
// on Krasovsky's ellipsoid of 1940. Positions are stored in WGS 84 and moved for display alone, each by its own offset: to
// shift all of the map by that of its middle is wrong by 28 m at 10 km from there in Nanchang, by 45 m in Chengdu.
const AXIS = 6378245, ECCENTRICITY2 = 0.00669342162296594323;
const { PI, sin, cos, sqrt, abs } = Math;

/** Where maps are drawn so: a rectangle around the country. Elsewhere nothing is moved. */
const holds = (lat, lon) => lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;

const waves = (x, ...all) => all.reduce((sum, [height, length]) => sum + height * sin(PI * x / length), 0) * 2 / 3;

/** Degrees to degrees: [latitude, longitude]. */
export function gcj02(lat, lon) {
  if (!holds(lat, lon)) return [lat, lon];
  const x = lon - 105, y = lat - 35, ripple = waves(x, [20, 1 / 6], [20, 1 / 2]);
  const north = -100 + 2 * x + 3 * y + .2 * y * y + .1 * x * y + .2 * sqrt(abs(x)) + ripple + waves(y, [20, 1], [40, 3], [160, 12], [320, 30]);
  const east = 300 + x + 2 * y + .1 * x * x + .1 * x * y + .1 * sqrt(abs(x)) + ripple + waves(x, [20, 1], [40, 3], [150, 12], [300, 30]);
  const phi = lat * PI / 180, w2 = 1 - ECCENTRICITY2 * sin(phi) ** 2, meridian = AXIS * (1 - ECCENTRICITY2) / (w2 * sqrt(w2));
  return [lat + north / meridian * 180 / PI, lon + east / (AXIS / sqrt(w2) * cos(phi)) * 180 / PI];
}
