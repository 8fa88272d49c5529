// A network computed in the browser, every step to be looked at. `mnist_models/models/layers.py` tells
// what its file holds. Nothing here knows a page: it runs in a page, in a worker, anywhere.
// A value is a Float64Array whose last axis is its maps: (rows, columns, maps), or a length alone.

// Reads a network's file, an ArrayBuffer. Weights are turned so that those of all filters for one
// number that is looked at lie beside each other.
function openNetwork(file) {
  const length = new DataView(file).getUint32(0, true);
  const { steps, outputs } = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 4, length)));
  const numbers = new DataView(file, 4 + length);
  const shapes = new Map([["ink", [28, 28, 1]]]);
  for (const step of steps) {
    for (const key of ["biases", "by"]) {
      if (step[key]) step[key] = readFloats(numbers, ...step[key]);
    }
    if (step.weights) {
      step.weights = readWeights(numbers, ...step.weights, step.shape.at(-1));
      step.turned = turn(step.weights, step.shape.at(-1));
      step.biases ??= new Float64Array(step.shape.at(-1)); // all 0
    }
    shapes.set(step.gives, step.shape);
  }
  return { steps, outputs, shapes };
}

function readFloats(view, start, count) {
  return Float64Array.from({ length: count }, (_, i) => view.getFloat32(start + 4 * i, true));
}

// Weights are counted in units of their filter's, which stand before them.
function readWeights(view, start, count, filters) {
  const units = readFloats(view, start, filters);
  return Float64Array.from({ length: count }, (_, i) =>
    view.getInt16(start + 4 * filters + 2 * i, true) * units[Math.floor((i * filters) / count)]);
}

// From (filters, places) to (places, filters).
function turn(weights, filters) {
  const places = weights.length / filters;
  const turned = new Float64Array(weights.length);
  for (let filter = 0; filter < filters; filter++) {
    for (let place = 0; place < places; place++) {
      turned[place * filters + filter] = weights[filter * places + place];
    }
  }
  return turned;
}

// Computes every value of a digit: 784 numbers, 0..1. Returns them by their names.
function compute(network, ink) {
  const values = new Map([["ink", ink]]);
  for (const step of network.steps) {
    const taken = step.of.map((name) => values.get(name));
    const value = STEPS[step.does](step, taken, network.shapes.get(step.of[0]));
    if (step.relu) for (let i = 0; i < value.length; i++) if (value[i] < 0) value[i] = 0;
    values.set(step.gives, value);
  }
  return values;
}

// By the step's name, what it makes of the values that it takes; `shape` is the first one's.
const STEPS = {
  convolution(step, [value], shape) {
    const [rows, columns, filters] = step.shape;
    const gives = new Float64Array(rows * columns * filters);
    const numbers = new Float64Array(step.size ** 2 * shape[2]);
    const places = new Int32Array(numbers.length);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const count = look(step, value, shape, row, column, numbers, places);
        const start = (row * columns + column) * filters;
        gives.set(step.biases, start);
        weigh(step.turned, numbers, places, count, gives, start, filters);
      }
    }
    return gives;
  },

  dense(step, [value]) {
    const gives = Float64Array.from(step.biases);
    const places = Int32Array.from(value, (_, place) => place * gives.length);
    weigh(step.turned, value, places, value.length, gives, 0, gives.length);
    return gives;
  },

  pool(step, [value], shape) {
    const [rows, columns, maps] = step.shape;
    const gives = new Float64Array(rows * columns * maps).fill(-Infinity);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const start = (row * columns + column) * maps;
        for (const place of windowAt(step, shape, row, column)) {
          for (let map = 0; map < maps; map++) {
            const number = value[place + map];
            if (number > gives[start + map]) gives[start + map] = number;
          }
        }
      }
    }
    return gives;
  },

  average(step, [value]) {
    const gives = new Float64Array(step.shape[0]);
    for (let i = 0; i < value.length; i++) gives[i % gives.length] += value[i];
    return gives.map((sum) => (sum * gives.length) / value.length);
  },

  highest(step, [value]) {
    const gives = new Float64Array(step.shape[0] ?? 1).fill(-Infinity);
    value.forEach((number, i) => (gives[i % gives.length] = Math.max(gives[i % gives.length], number)));
    return gives;
  },

  concatenation: (step, values) => Float64Array.from(values.flatMap((value) => [...value])),

  softmax(step, [value]) {
    const highest = Math.max(...value);
    const powers = value.map((score) => Math.exp(score - highest));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  },

  sigmoid: (step, [value]) => value.map((number) => 1 / (1 + Math.exp(-number))),

  product: (step, values) => combine(step, values, (a, b) => a * b),

  sum: (step, values) => combine(step, values, (a, b) => a + b),

  difference: (step, values) => combine(step, values, (a, b) => b - a),
};

// Gathers what a window sees that is not 0, and where the weights of each number begin. Paper and what
// ReLU has cut off add nothing, and are most of what there is.
function look(step, value, [rows, columns, maps], row, column, numbers, places) {
  const { size, stride, pad } = step;
  const filters = step.shape[2];
  let count = 0;
  for (let down = 0; down < size; down++) {
    const y = row * stride - pad + down;
    if (y < 0 || y >= rows) continue;
    for (let right = 0; right < size; right++) {
      const x = column * stride - pad + right;
      if (x < 0 || x >= columns) continue;
      const start = (y * columns + x) * maps;
      const place = (down * size + right) * maps;
      for (let map = 0; map < maps; map++) {
        const number = value[start + map];
        if (number !== 0) {
          numbers[count] = number;
          places[count++] = (place + map) * filters;
        }
      }
    }
  }
  return count;
}

// Adds numbers times their weights to what every filter gives; eight at once, which takes a fifth less
// time than four.
function weigh(weights, numbers, places, count, gives, start, filters) {
  let i = 0;
  for (; i + 7 < count; i += 8) {
    const a = numbers[i], b = numbers[i + 1], c = numbers[i + 2], d = numbers[i + 3];
    const e = numbers[i + 4], g = numbers[i + 5], h = numbers[i + 6], k = numbers[i + 7];
    const o = places[i], p = places[i + 1], q = places[i + 2], r = places[i + 3];
    const s = places[i + 4], t = places[i + 5], u = places[i + 6], v = places[i + 7];
    for (let f = 0; f < filters; f++) {
      gives[start + f] +=
        a * weights[o + f] + b * weights[p + f] + c * weights[q + f] + d * weights[r + f] +
        e * weights[s + f] + g * weights[t + f] + h * weights[u + f] + k * weights[v + f];
    }
  }
  for (; i < count; i++) {
    for (let f = 0; f < filters; f++) gives[start + f] += numbers[i] * weights[places[i] + f];
  }
}

// The places, in a value, that a window sees; each is that of its first map.
function windowAt({ size, stride, pad }, [rows, columns, maps], row, column) {
  const places = [];
  for (let down = 0; down < size; down++) {
    for (let right = 0; right < size; right++) {
      const [y, x] = [row * stride - pad + down, column * stride - pad + right];
      if (y >= 0 && y < rows && x >= 0 && x < columns) places.push((y * columns + x) * maps);
    }
  }
  return places;
}

// Combines numbers with those of a second value or with constants, which repeat over the maps: one for
// all, one a map, or one a number.
function combine(step, [value, other = step.by], combination) {
  const gives = new Float64Array(Math.max(value.length, other.length));
  const repeat = gives.length / value.length; // one map of ink stands for all
  for (let place = 0, i = 0; place < value.length; place++) {
    for (let copy = 0; copy < repeat; copy++, i++) {
      gives[i] = combination(value[place], other[i % other.length]);
    }
  }
  return gives;
}
