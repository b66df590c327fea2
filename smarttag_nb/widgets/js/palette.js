/** The colours of explorer.css for what is drawn on a canvas. */

export class Palette {
  /** @param {HTMLElement} root the explorer's own element */
  constructor(root) {
    this.style = getComputedStyle(root);
    /** @type {Map<string, string>} */
    this.known = new Map();
  }

  /**
   * A colour by the name of its variable.
   * @param {string} name
   */
  of(name) {
    let colour = this.known.get(name);
    if (colour === undefined) {
      colour = this.style.getPropertyValue(`--${name}`).trim();
      this.known.set(name, colour);
    }
    return colour;
  }

  /** @param {string | null} kind a label's */
  kind(kind) {
    return this.of(`kind-${kind}`) || this.of("kind-text");
  }

  /** @param {string | null} role a line's */
  role(role) {
    return this.of(`role-${role}`) || this.of("role-fixed");
  }

  /** The font of what is drawn. @param {number} size @param {number} weight */
  font(size, weight = 400) {
    let family = this.known.get("font");
    if (family === undefined) {
      family = this.style.fontFamily;
      this.known.set("font", family);
    }
    return `${weight} ${size}px ${family}`;
  }

  /** Read them anew: the theme is another. */
  forget() {
    this.known.clear();
  }
}

/**
 * Black or white, whichever is read better on a colour.
 * @param {string} colour as #rrggbb
 */
export function inkOn(colour) {
  const told = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!told) return "#ffffff";
  const [red, green, blue] = told.slice(1).map((part) => {
    const share = parseInt(part, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  // Equal contrast with both lies at a relative luminance of 0.179 (WCAG 2).
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#111418" : "#ffffff";
}

/**
 * Make a canvas as large as its element, in the screen's own pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width in CSS pixels
 * @param {number} height
 * @returns {CanvasRenderingContext2D} drawing in CSS pixels, emptied
 */
export function ready(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  const [wide, high] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  // Places are counted from the left, on a page that reads from the right too.
  context.textAlign = "left";
  return context;
}
