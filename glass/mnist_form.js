// From the ink of a drawing to a digit like MNIST's, as `mnist_models/preparation/mnist_form.py` makes
// it; steps and constants have their names and reasons there. OpenCV's functions stand below as far as
// they are used. A square or picture is { width, height, ink }, its ink 0..1, row by row.

const { SIDE, BOX, CENTER, FAINTEST, FINE, SMOOTH, THINNEST, THICKEST, THIN, THICK } = page.constants;

// Returns the digit's 784 grey levels, 0..255, or null where there is no ink.
function mnistForm(picture) {
  if (boundingBox(picture, FAINTEST).width <= 0) return null;
  let square = squareBox(picture);
  const changed = changePen(square);
  if (changed) square = squareBox(changed);
  const small = resize(square, BOX).map((share) => Math.max(share, 0));
  const most = Math.max(...small);
  const levels = small.map((share) => (share * 255) / most);
  const down = shift(levels, (i) => Math.floor(i / BOX));
  const right = shift(levels, (i) => i % BOX);
  const digit = new Uint8ClampedArray(SIDE * SIDE);
  levels.forEach((level, i) => {
    const [row, column] = [Math.floor(i / BOX) + down, (i % BOX) + right];
    if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) digit[row * SIDE + column] = level;
  });
  return digit;
}

function resize({ width: length, height, ink }, side) {
  const square = { width: length, height, ink };
  if (length < side) return sample(square, side, CUBIC);
  let steepest = 0;
  for (let i = 0; i < ink.length; i++) {
    if ((i + 1) % length) steepest = Math.max(steepest, Math.abs(ink[i + 1] - ink[i]));
    if (i + length < ink.length) steepest = Math.max(steepest, Math.abs(ink[i + length] - ink[i]));
  }
  return sample(square, side, (steepest * length) / side < SMOOTH ? LINEAR : AREA);
}

function squareBox(picture) {
  const whole = cut(picture, boundingBox(picture, FAINTEST));
  const reach = Math.floor((0.4 * Math.max(whole.width, whole.height)) / BOX);
  const marked = solid(whole, reach);
  const { left, top, width, height } = boundingBox({ ...whole, ink: marked }, 0);
  const longest = Math.max(width, height);
  return cut(whole, { left, top, width: longest, height: longest });
}

function solid(picture, reach) {
  const around = dilate(picture, reach);
  return picture.ink.map((share, i) => (share >= 0.5 * around[i] && share > FAINTEST ? 1 : 0));
}

function changePen(square) {
  const edge = 2 * FINE;
  const length = BOX * FINE;
  const place = { left: -edge, top: -edge, width: length + 2 * edge, height: length + 2 * edge };
  const fine = cut({ width: length, height: length, ink: resize(square, length) }, place);
  const stroke = solid({ ...fine, ink: sample(fine, fine.width, gaussian(0.3 * FINE)) }, FINE);
  const inside = distances(fine, stroke);
  const deep = inside.filter((distance) => distance > 0);
  if (!deep.length) return null; // specks so far apart that none is left on the fine grid
  const mean = deep.reduce((total, distance) => total + distance, 0) / deep.length;
  const width = (4 * mean - 2) / FINE;
  if (width >= THINNEST && width <= THICKEST) return null;
  const grow = (((width < THINNEST ? THIN : THICK) - width) / 2) * FINE;
  const outside = distances(fine, stroke.map((marked) => 1 - marked));
  const grown = inside.map((distance, i) => distance - outside[i] + grow + 0.5);
  return { ...fine, ink: grown.map((share) => Math.min(Math.max(share, 0), 1)) };
}

function shift(levels, line) {
  const sum = levels.reduce((total, level) => total + level, 0);
  const center = levels.reduce((total, level, i) => total + level * (line(i) + 0.5), 0) / sum;
  return Math.floor(CENTER - center) + 1;
}

// Pictures.

// Cuts a box out; what lies outside the picture is ground.
function cut(picture, { left, top, width, height }) {
  const ink = new Float32Array(width * height);
  for (let row = Math.max(0, -top); row < Math.min(height, picture.height - top); row++) {
    for (let column = Math.max(0, -left); column < Math.min(width, picture.width - left); column++) {
      ink[row * width + column] = picture.ink[(row + top) * picture.width + column + left];
    }
  }
  return { width, height, ink };
}

function boundingBox({ width, height, ink }, faintest) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!(ink[row * width + column] > faintest)) continue;
      if (column < left) left = column;
      if (column > right) right = column;
      if (row < top) top = row;
      bottom = row;
    }
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

// Each number becomes the largest of a square around it.
function dilate({ width, height, ink }, reach) {
  const wide = new Float32Array(ink.length);
  const both = new Float32Array(ink.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const last = Math.min(column + reach, width - 1);
      let most = 0;
      for (let place = Math.max(column - reach, 0); place <= last; place++) {
        most = Math.max(most, ink[row * width + place]);
      }
      wide[row * width + column] = most;
    }
  }
  for (let row = 0; row < height; row++) {
    const last = Math.min(row + reach, height - 1);
    for (let place = Math.max(row - reach, 0); place <= last; place++) {
      for (let column = 0; column < width; column++) {
        const i = row * width + column;
        both[i] = Math.max(both[i], wide[place * width + column]);
      }
    }
  }
  return both;
}

// Brings a square to another size, or blurs it: along rows and then along columns, each new number is a
// sum of old ones. `kind` gives their places and weights for a new place.
function sample({ width: length, ink }, side, kind) {
  const pairs = Array.from({ length: side }, (_, i) => kind(i, length / side, length));
  const wide = new Float32Array(length * side);
  const both = new Float32Array(side * side);
  for (let i = 0; i < side; i++) {
    for (const [place, weight] of pairs[i]) {
      for (let row = 0; row < length; row++) {
        wide[row * side + i] += weight * ink[row * length + place];
      }
    }
  }
  for (let i = 0; i < side; i++) {
    for (const [place, weight] of pairs[i]) {
      for (let column = 0; column < side; column++) {
        both[i * side + column] += weight * wide[place * side + column];
      }
    }
  }
  return both;
}

function AREA(i, scale, length) {
  const [start, end] = [i * scale, Math.min((i + 1) * scale, length)];
  const first = Math.floor(start + 1e-9);
  return Array.from({ length: Math.ceil(end - 1e-9) - first }, (_, k) => {
    const place = first + k;
    return [place, (Math.min(place + 1, end) - Math.max(place, start)) / (end - start)];
  });
}

function LINEAR(i, scale, length) {
  const center = Math.min(Math.max((i + 0.5) * scale - 0.5, 0), length - 1);
  const place = Math.min(Math.floor(center), Math.max(length - 2, 0));
  return [[place, 1 - center + place], [Math.min(place + 1, length - 1), center - place]];
}

function CUBIC(i, scale, length) {
  const center = (i + 0.5) * scale - 0.5;
  const place = Math.floor(center);
  return [-1, 0, 1, 2].map((k) => {
    const far = Math.abs(center - place - k);
    const weight = far <= 1
      ? (1.25 * far - 2.25) * far * far + 1
      : ((-0.75 * far + 3.75) * far - 6) * far + 3;
    return [Math.min(Math.max(place + k, 0), length - 1), weight];
  });
}

// A Gaussian's reach is four deviations; what lies outside mirrors what lies inside.
function gaussian(deviation) {
  const reach = Math.round(deviation * 8 + 1) >> 1;
  const offsets = Array.from({ length: 2 * reach + 1 }, (_, k) => k - reach);
  const weights = offsets.map((offset) => Math.exp(-(offset ** 2) / (2 * deviation ** 2)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return (i, _, length) => offsets.map((offset, k) =>
    [length - 1 - Math.abs(length - 1 - Math.abs(i + offset)), weights[k] / sum]);
}

// How far each marked pixel is from the nearest one that is not, in steps aside and aslant whose lengths
// come closest to true ones (Borgefors 1986).
function distances({ width, height }, marked) {
  const [aside, aslant] = [0.955, 1.3693];
  const wide = width + 2; // with a rim, from which nothing is near
  const far = new Float32Array(wide * (height + 2)).fill(1e6);
  const lines = Array.from({ length: height }, (_, row) => (row + 1) * wide + 1);
  lines.forEach((start, row) => {
    for (let column = 0; column < width; column++) {
      if (!marked[row * width + column]) far[start + column] = 0;
    }
  });
  const approach = (i, before) => {
    const near = Math.min(far[i + before], far[i + before * wide]) + aside;
    const slant = Math.min(far[i + before * wide - 1], far[i + before * wide + 1]) + aslant;
    far[i] = Math.min(far[i], near, slant);
  };
  for (const start of lines) for (let i = start; i < start + width; i++) approach(i, -1);
  for (const start of lines.reverse()) {
    for (let i = start + width - 1; i >= start; i--) approach(i, 1);
  }
  return Float32Array.from(marked, (_, i) => far[(Math.floor(i / width) + 1) * wide + 1 + (i % width)]);
}
