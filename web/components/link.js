// A drawing as text, short enough for a link: thousandths of the pad's width, written in digits of
// base 32 that say whether another one follows. Of a point stands only how far it lies from where
// the two before it lead, which of a steady pen is mostly one digit each across and down.
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const UNITS = 1000; // in the pad's width
const FARTHEST = 10 * UNITS; // a captured pointer draws beyond the pad, but not beyond the screen
const LONGEST = 8000; // characters: browsers take more, but not every letter or chat does
const CLOSEST = 1 / 160; // between two points of a link, in widths of the pad
const LOOSEST = 1 / 20; // and the same where the drawing would be too long

function asText(strokes) {
  return strokes.map(strokeAsText).join(".");
}

function strokeAsText(stroke) {
  let text = "";
  const places = [];
  for (const point of stroke) {
    const place = point.map((length) => Math.round(length * UNITS));
    place.forEach((value, axis) => (text += asDigits(value - expected(places, axis))));
    places.push(place);
  }
  return text;
}

function expected(places, axis) {
  if (places.length < 2) return places.at(-1)?.[axis] ?? 0;
  return 2 * places.at(-1)[axis] - places.at(-2)[axis];
}

function asDigits(number) {
  let rest = number < 0 ? -2 * number - 1 : 2 * number;
  let digits = "";
  for (; rest >= 32; rest = Math.floor(rest / 32)) digits += ALPHABET[32 + (rest % 32)];
  return digits + ALPHABET[rest];
}

// Returns null where the text is no drawing.
function asStrokes(text) {
  const strokes = text.split(".").map(asStroke);
  return strokes.every(Boolean) ? strokes : null;
}

function asStroke(text) {
  const numbers = asNumbers(text);
  if (!numbers?.length || numbers.length % 2) return null;
  const places = [];
  for (let index = 0; index < numbers.length; index += 2) {
    places.push([0, 1].map((axis) => numbers[index + axis] + expected(places, axis)));
  }
  if (places.flat().some((value) => Math.abs(value) > FARTHEST)) return null;
  return places.map((place) => place.map((value) => value / UNITS));
}

function asNumbers(text) {
  const numbers = [];
  let [number, weight] = [0, 1];
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0 || weight > 32 ** 3) return null;
    number += (digit % 32) * weight;
    weight *= 32;
    if (digit >= 32) continue;
    numbers.push(number % 2 ? -(number + 1) / 2 : number / 2);
    [number, weight] = [0, 1];
  }
  return weight === 1 ? numbers : null;
}

// The fragment of a link, which browsers send to no server; null where the drawing is too long.
function asFragment(strokes) {
  for (let apart = CLOSEST; apart <= LOOSEST; apart *= 2) {
    const text = asText(strokes.map((stroke) => thin(stroke, apart)));
    if (text.length <= LONGEST) return `#d=${text}`;
  }
  return null;
}

function thin(stroke, apart) {
  const kept = [stroke[0]];
  for (const point of stroke) {
    const [x, y] = kept.at(-1);
    if (Math.hypot(point[0] - x, point[1] - y) >= apart) kept.push(point);
  }
  if (kept.at(-1) !== stroke.at(-1)) kept.push(stroke.at(-1));
  return kept;
}

// Returns undefined where a fragment is no link's, and null where the link is damaged.
function fromFragment(fragment) {
  if (!fragment.startsWith("#d=")) return undefined;
  return fragment.length > LONGEST + 3 ? null : asStrokes(fragment.slice(3));
}
