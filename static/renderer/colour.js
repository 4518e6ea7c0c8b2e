// An author picks one accent; these keep whatever is written on it, or in it, readable (WCAG AA, 4.5 to 1).
const ENOUGH = 4.5;
const WHITE = [255, 255, 255];
const INK = [20, 24, 31];

export function parse(text) {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})([0-9a-f]{2})?$/i.exec(String(text).trim());
  if (!hex) return null;
  const digits = hex[1].length === 3 ? hex[1].replace(/./g, "$&$&") : hex[1];
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

const write = (rgb) => `rgb(${rgb.map(Math.round).join(" ")})`;

const mix = (from, to, share) => from.map((part, at) => part + (to[at] - part) * share);

function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** A colour, moved towards white or ink until it stands out enough from `ground`. */
function standOut(colour, ground, enough) {
  const towards = luminance(ground) > 0.4 ? INK : WHITE;
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mix(colour, towards, share);
    if (contrast(tried, ground) >= enough) return tried;
  }
  return towards;
}

/** CSS variables for an accent on a card of colour `ground`. */
export function palette(accentText, dark) {
  const ground = dark ? [28, 31, 38] : WHITE;
  const accent = parse(accentText) || [32, 107, 196];
  const seen = dark ? standOut(accent, ground, 2) : accent;
  // White looks better on a saturated colour than ink does, so it is asked first.
  const on = contrast(seen, WHITE) >= ENOUGH || contrast(seen, WHITE) > contrast(seen, INK) ? WHITE : INK;
  const fill = standOut(seen, on, ENOUGH);
  const text = standOut(accent, ground, ENOUGH);
  return {
    "--ground": write(ground),
    "--accent": write(fill),
    "--accent-hover": write(mix(fill, on === WHITE ? INK : WHITE, 0.12)),
    "--on-accent": write(on),
    "--accent-text": write(text),
    "--accent-soft": write(mix(ground, accent, dark ? 0.22 : 0.1)),
  };
}
