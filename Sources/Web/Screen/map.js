// The map: moved and zoomed here by Leaflet, tiles with it; drawn on top by the thread that keeps watch.
import * as L from '/leaflet/leaflet.esm.min.js';

/** The thread that keeps watch, and what it answers. */
export class Watch {
  constructor() {
    this.worker = new Worker('/screen/watch.js', { type: 'module' });
    this.waiting = new Map(); this.number = 0;
    /** Called after each frame that is drawn, with how much it shows. */
    this.frame = () => {};
    this.worker.onerror = e => console.error(`${e.filename}:${e.lineno}: ${e.message}`);
    this.worker.onmessage = ({ data }) => {
      if (data.frame) { this.frame(data.frame); return; }
      const [done, failed] = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if ('answer' in data) done(data.answer); else failed(Object.assign(new Error(data.error), { status: data.status }));
    };
  }

  tell(call, ...args) { this.worker.postMessage({ call, args }); }

  ask(call, ...args) {
    const id = this.number++;
    this.worker.postMessage({ id, call, args });
    return new Promise((...both) => this.waiting.set(id, both));
  }
}

export class PatrolMap {
  constructor(element, watch, pick) {
    this.watch = watch;
    this.map = L.map(element, { zoomAnimation: false, fadeAnimation: false, attributionControl: false, keyboard: false, zoomSnap: 0.25, minZoom: 2, maxZoom: 22 });
    this.map.setView([0, 0], 2);
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'marks';
    element.append(this.canvas);
    const canvas = this.canvas.transferControlToOffscreen();
    watch.worker.postMessage({ call: 'canvas', args: [canvas] }, [canvas]);
    this.middles = new Map(); this.bounds = null; this.selected = null;
    this.map.on('move zoom resize viewreset', () => this.see());
    this.map.on('click', async e => pick(await watch.ask('nearest', { x: e.containerPoint.x, y: e.containerPoint.y })));
    L.control.scale({ imperial: false }).addTo(this.map);
    this.see();
  }

  /** Tiles under the marks, as /api/basemap tells of them. */
  setBasemap({ tiles, zoom_min, zoom_max, bbox }) {
    if (!tiles) return;
    const options = { minZoom: zoom_min ?? 0, maxNativeZoom: zoom_max ?? 18, maxZoom: 22 };
    if (bbox) options.bounds = [[bbox[1], bbox[0]], [bbox[3], bbox[2]]];
    L.tileLayer(tiles, options).addTo(this.map);
  }

  /** @param box of all places in world coordinates, nothing where there are none */
  setPlaces({ box, middles }) {
    const corner = (x, y) => this.map.unproject([x, y], 0);
    this.middles = new Map(middles);
    this.bounds = box && L.latLngBounds(corner(box[0], box[1]), corner(box[2], box[3]));
    this.fit();
  }

  fit() { if (this.bounds) this.map.fitBounds(this.bounds, { padding: [36, 36] }); }

  look(lat, lon) { this.map.setView([lat, lon], Math.max(this.map.getZoom(), 16)); }

  lookAt(place) {
    const middle = this.middles.get(place);
    if (!middle) return;
    const { lat, lng } = this.map.unproject(middle, 0);
    this.look(lat, lng);
  }

  /** Tells what is seen of the world now. */
  see() {
    const { x, y } = this.map.getSize(), zoom = this.map.getZoom(), origin = this.map.project(this.map.containerPointToLatLng([0, 0]), zoom);
    [this.canvas.style.width, this.canvas.style.height] = [`${x}px`, `${y}px`];
    this.watch.tell('view', { size: { x, y }, ratio: devicePixelRatio || 1, scale: 2 ** zoom, left: origin.x, top: origin.y });
  }
}
