// Gradio runs this once with: element (the part that opens) and props, after `network.js` and `picture.js`. What a digit
// makes of each layer is drawn anew for every digit; what the parts are is built once, from the networks.
const { files, colors, few, mostTold } = props;
const language = navigator.language.slice(0, 2) in props.words ? navigator.language.slice(0, 2) : "en";
const said = props.words[language];
const details = element.querySelector("details");
const inside = element.querySelector(".inside");

const MODELS = ["cnn", "linear"];
const RESTING = 500; // milliseconds without a new digit, after which maps are put in order again

// All that changes.
let address = null; // of the digit's picture
let page = ""; // the page's own address
let read = props.read ?? fetchAndRead; // from an address to {model: {network, values}}
let models = null; // what was read of the digit, once it is
let content = null; // all that is shown of a digit, once built
const rows = []; // the rows of maps in it
let chosen = null; // the number that is explained: { row, map, y, x }
let resting = null; // the timer that puts the maps in order
let opened = null; // the networks, once fetched

// Words and numbers.

function say(key, gaps = {}) {
  return said[key].replace(/{(\w+)}/g, (_, gap) => gaps[gap]);
}

const formats = [1, 2].map((digits) => new Intl.NumberFormat(language, {
  minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" }));
const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });

function write(number, digits = 2) {
  return formats[digits - 1].format(number).replace("-", "\u2212");
}

function share(probability) {
  return percent.format(probability);
}

// Lays out the page only where there is something else to read.
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// From a picture to all values.

async function fetchAndRead(picture) {
  opened ??= Promise.all(MODELS.map(fetchNetwork));
  const [{ levels }, networks] = await Promise.all([readPicture(picture), opened]);
  const ink = Float64Array.from(levels, (level) => level / 255);
  return Object.fromEntries(MODELS.map((name, i) =>
    [name, { network: networks[i], values: compute(networks[i], ink) }]));
}

async function fetchNetwork(name) {
  const answer = await fetch(`${page}/gradio_api/file=${files[name]}`);
  if (!answer.ok) throw Error(`${files[name]} cannot be fetched: ${answer.status}`);
  return openNetwork(await answer.arrayBuffer());
}

async function update() {
  if (!details.open) return;
  const asked = address;
  try {
    const answer = asked && (await read(asked));
    if (asked !== address) return; // a newer digit is on its way
    models = answer;
  } catch {
    opened = null; // so that the next digit tries again
    showAlone(make("p", { role: "alert" }, say("layers_failed")));
    return;
  }
  if (!models) return showAlone(make("p", {}, say("layers_empty")));
  content ??= build();
  if (!content[0].isConnected) inside.replaceChildren(...content);
  draw();
}

// The rest comes back as it was with the next digit.
function showAlone(sentence) {
  models = null;
  inside.replaceChildren(sentence);
}

const onScreen = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    const row = rows.find(({ maps }) => maps === target);
    if (!row) continue;
    row.isSeen = isIntersecting;
    if (models) drawRow(row);
  }
}, { rootMargin: "200px" });

// What there is to see. A row shows maps of one value, each in a button; `order` says which ones.

function build() {
  const sections = MODELS.map((name) => make("section", { class: name },
    make("h3", {}, say(name)), make("ol", {}, ...stepsOf(name).map(buildStep))));
  return [make("p", {}, say("layers_intro")), make("div", { class: "models" }, ...sections)];
}

// The steps of a model that are shown: its ink, every convolution, and what the scores come of.
function stepsOf(model) {
  const { network } = models[model];
  const { logits } = network.outputs;
  const scoring = find(network, logits);
  const ink = { model, kind: "ink", value: "ink", title: say("ink_step"), says: say("ink_says") };
  if (scoring.does === "dense") {
    return [ink, { model, kind: "products", value: "ink", scoring, title: say("products_step"),
                   says: say("products_says") }];
  }
  const layers = network.steps.filter((step) => step.does === "convolution");
  return [ink, ...layers.map((step, index) => {
    const isLast = step.gives === scoring.of[0];
    const source = find(network, step.of[0]);
    const key = !source ? "first_layer_says" : source.does === "pool" ? "pooled_layer_says" : "layer_says";
    const gaps = { index: index + 1, count: step.shape[2], size: step.size, before: source?.size };
    return isLast
      ? { model, kind: "classes", value: step.gives, step, scoring, title: say("classes_step"),
          says: say("classes_says") }
      : { model, kind: "layer", value: step.gives, step, index, title: say("layer_step", gaps),
          says: say(key, gaps) };
  })];
}

function find(network, value) {
  return network.steps.find((step) => step.gives === value);
}

function buildStep(row) {
  const { network } = models[row.model];
  const isScored = row.kind === "classes" || row.kind === "products";
  row.count = isScored ? 10 : network.shapes.get(row.value)[2];
  row.shown = isScored ? 10 : Math.min(few, row.count);
  row.maps = make("div", { class: `maps ${row.kind}`, role: "group",
                           "aria-label": say("maps_of_step", { step: row.title }) });
  row.all = make("button", { type: "button", class: "all" });
  row.all.hidden = row.count === row.shown;
  row.all.addEventListener("click", () => {
    row.shown = row.shown === row.count ? few : row.count;
    fill(row);
    draw();
  });
  row.note = make("p", { class: "note" });
  row.place = make("div");
  rows.push(row);
  fill(row);
  onScreen.observe(row.maps);
  row.maps.addEventListener("click", (event) => press(row, event));
  row.maps.addEventListener("keydown", (event) => move(row, event));
  return make("li", {}, make("h4", {}, row.title), make("p", {}, row.says), row.maps, row.all,
              row.note, row.place);
}

function fill(row) {
  const [height, width] = models[row.model].network.shapes.get(row.value);
  row.cells = Array.from({ length: row.shown }, () => {
    const cell = { canvas: make("canvas", { width, height }), told: ["b", "span", "span"].map((tag) => make(tag)) };
    cell.button = make("button", { type: "button", tabindex: -1 }, cell.canvas,
      ...(row.scoring ? [make("span", { class: "told" }, ...cell.told)] : []));
    return cell;
  });
  row.cells[0].button.tabIndex = 0;
  row.maps.classList.toggle("whole", row.shown > Math.max(few, 10));
  row.maps.replaceChildren(...row.cells.map((cell) => cell.button));
  row.all.textContent = row.shown === row.count
    ? say("show_few", { count: few }) : say("show_all", { count: row.count });
  row.order = null;
}

// A press chooses a map and the number under the pointer; without a pointer, the map's strongest one.
function press(row, event) {
  const index = row.cells.findIndex(({ button }) => button.contains(event.target));
  if (index < 0) return;
  const map = row.order[index];
  const canvas = row.cells[index].canvas;
  const pressed = event.detail && event.target === canvas;
  const [y, x] = pressed ? cellUnder(event, canvas) : strongest(row, map);
  chosen = { row, map, y, x };
  focusOn(row, index);
  explain();
}

function cellUnder(event, canvas) {
  const box = canvas.getBoundingClientRect();
  const cell = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
  return [cell((event.clientY - box.top) / box.height, canvas.height),
          cell((event.clientX - box.left) / box.width, canvas.width)];
}

function strongest(row, map) {
  const numbers = numbersOf(row, map);
  const [, width] = models[row.model].network.shapes.get(row.value);
  const place = numbers.reduce((best, number, i) =>
    (Math.abs(number) > Math.abs(numbers[best]) ? i : best), 0);
  return [Math.floor(place / width), place % width];
}

function move(row, { key }) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  const index = row.cells.findIndex(({ button }) => button === element.getRootNode().activeElement);
  if (step && row.cells[index + step]) focusOn(row, index + step);
}

function focusOn(row, index) {
  row.cells.forEach(({ button }, i) => (button.tabIndex = i === index ? 0 : -1));
  row.cells[index].button.focus();
}

// What a digit makes of it.

function draw() {
  for (const row of rows) {
    row.order ??= orderOf(row);
    drawRow(row);
  }
  if (chosen) explain();
  clearTimeout(resting);
  resting = setTimeout(reorder, RESTING);
}

// While the pen moves, maps keep their places; once it rests, the most active come first.
function reorder() {
  if (!models) return;
  for (const row of rows) {
    row.order = orderOf(row);
    drawRow(row);
  }
}

function orderOf(row) {
  const maps = Array.from({ length: row.count }, (_, map) => map);
  if (row.kind !== "layer") return maps;
  const activity = new Float64Array(row.count);
  models[row.model].values.get(row.value).forEach((number, i) => (activity[i % row.count] += number));
  return maps.sort((a, b) => activity[b] - activity[a]);
}

// Says what a row's maps are, and draws them if they are on the screen; others are drawn once they are.
function drawRow(row) {
  const { network, values } = models[row.model];
  row.cells.forEach((cell, i) => {
    const map = row.order[i];
    if (row.isSeen) drawMap(cell.canvas, numbersOf(row, map), strengthOf(row), row.kind);
    let name = nameOf(row, map);
    if (row.scoring) {
      const score = write(values.get(network.outputs.logits)[map], 1);
      const probability = share(values.get(network.outputs.probabilities)[map]);
      [String(map), score, probability].forEach((text, line) => put(cell.told[line], text));
      name += `, ${say("score_row")} ${score}, ${say("share_row")} ${probability}`;
    }
    cell.button.setAttribute("aria-label", name);
    cell.button.setAttribute("aria-pressed", String(chosen?.row === row && chosen.map === map));
  });
  if (row.kind === "classes") {
    put(row.note, say("doubt_says", { doubt: share(values.get(network.outputs.doubt)[0]) }));
  }
}

function nameOf(row, map) {
  if (row.kind === "ink") return say("ink_step");
  if (row.kind === "layer") return say("map_of_layer", { layer: row.index + 1, map: map + 1 });
  return say(row.kind === "classes" ? "map_of_digit" : "products_of_digit", { label: map });
}

// The numbers of one map; of the linear model, each pixel's ink times its weight.
function numbersOf(row, map) {
  const value = models[row.model].values.get(row.value);
  if (row.kind === "products") {
    return value.map((ink, i) => ink * row.scoring.weights[map * value.length + i]);
  }
  const numbers = new Float64Array(value.length / row.count);
  for (let i = 0; i < numbers.length; i++) numbers[i] = value[i * row.count + map];
  return numbers;
}

// The strongest number of all maps of a row, so that they can be compared.
function strengthOf(row) {
  if (row.kind === "ink") return 1;
  const value = models[row.model].values.get(row.value);
  const numbers = row.kind === "products" ? row.scoring.weights : value;
  if (row.strengthOf !== numbers) {
    row.strengthOf = numbers;
    let strength = 1e-9;
    for (let i = 0; i < numbers.length; i++) strength = Math.max(strength, Math.abs(numbers[i]));
    row.strength = strength;
  }
  return row.strength;
}

// Color tells for from against; the stronger a number, the more opaque, by the square root, so that weak
// ones show. Numbers that are never negative have the color of text around them.
function drawMap(canvas, numbers, strength, kind) {
  const isSigned = kind === "classes" || kind === "products";
  canvas.classList.toggle("signed", isSigned);
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const plain = isSigned ? null : colorOf(kind);
  numbers.forEach((number, i) => {
    const [red, green, blue] = plain ?? (number > 0 ? colors.for : colors.against);
    image.data[4 * i] = red;
    image.data[4 * i + 1] = green;
    image.data[4 * i + 2] = blue;
    const part = Math.min(Math.abs(number) / strength, 1);
    image.data[4 * i + 3] = 255 * (kind === "ink" ? part : Math.sqrt(part));
  });
  context.putImageData(image, 0, 0);
}

const known = {}; // colors, by kind

function colorOf(kind) {
  return (known[kind] ??= getComputedStyle(inside.querySelector(`.maps.${kind}`)).color
    .match(/[\d.]+/g).slice(0, 3).map(Number));
}

// How a number came about.

const CELLS = { ink: "cell_of_ink", layer: "cell_of_layer", classes: "cell_of_digit", products: "cell_of_digit" };

function explain() {
  const { row, map, y, x } = chosen;
  const panel = chosen.panel ?? buildPanel();
  chosen.panel = panel;
  const numbers = numbersOf(row, map);
  const [height, width] = models[row.model].network.shapes.get(row.value);
  drawMap(panel.canvas, numbers, strengthOf(row), row.kind);
  place(panel.cursor, [y, y, height], [x, x, width]);
  panel.row.value = y;
  panel.column.value = x;
  const gaps = { layer: (row.index ?? 0) + 1, map: map + 1, label: map, row: y + 1, column: x + 1 };
  put(panel.title, say(CELLS[row.kind], gaps));
  panel.told.replaceChildren(...TOLD[row.kind](row, map, y, x, numbers));
  if (row.step) {
    const ink = models[row.model].values.get("ink");
    drawMap(panel.ink, ink, 1, "ink");
    const reach = (at) => fieldOf(models[row.model].network, row.step, at, at);
    place(panel.field, [...reach(y), panel.ink.height], [...reach(x), panel.ink.width]);
  }
  for (const each of rows) {
    each.cells.forEach(({ button }, i) => button.setAttribute(
      "aria-pressed", String(each === row && each.order[i] === map)));
  }
}

function place(frame, [top, bottom, height], [left, right, width]) {
  const percent = (share) => `${100 * share}%`;
  Object.assign(frame.style, {
    top: percent(top / height), height: percent((bottom - top + 1) / height),
    left: percent(left / width), width: percent((right - left + 1) / width) });
}

// The pixels of ink, from first to last, that numbers of a step go back to.
function fieldOf(network, step, first, last) {
  for (; step; step = find(network, step.of[0])) {
    if (!step.size) continue; // it has no window
    first = first * step.stride - step.pad;
    last = last * step.stride - step.pad + step.size - 1;
  }
  return [Math.max(first, 0), Math.min(last, 27)];
}

function buildPanel() {
  const { row } = chosen;
  const [height, width] = models[row.model].network.shapes.get(row.value);
  const panel = {
    title: make("p", { class: "title", role: "status" }),
    canvas: make("canvas", { width, height }),
    cursor: make("div", { class: "frame" }),
    row: make("input", { type: "range", min: 0, max: height - 1 }),
    column: make("input", { type: "range", min: 0, max: width - 1 }),
    told: make("div", { class: "explained" }),
    ink: make("canvas", { width: 28, height: 28 }),
    field: make("div", { class: "frame" }),
  };
  const choose = (y, x) => {
    Object.assign(chosen, { y, x });
    explain();
  };
  const follow = (event) => choose(...cellUnder(event, panel.canvas));
  panel.canvas.addEventListener("pointerdown", (event) => {
    panel.canvas.setPointerCapture(event.pointerId);
    follow(event);
  });
  panel.canvas.addEventListener("pointermove", (event) => event.buttons && follow(event));
  for (const slider of [panel.row, panel.column]) {
    slider.addEventListener("input", () => choose(+panel.row.value, +panel.column.value));
  }
  const pictures = make("div", { class: "pictures" }, make("div", { class: `map ${row.kind}` },
    panel.canvas, panel.cursor));
  if (row.step) {
    pictures.append(make("div", { class: "map ink" }, panel.ink, panel.field),
                    make("p", {}, say("cell_field")));
  }
  for (const other of rows) other.place.replaceChildren();
  row.place.replaceChildren(make("div", { class: "panel" }, panel.title,
    make("div", { class: "chosen" }, pictures,
      make("label", {}, say("cell_row"), panel.row),
      make("label", {}, say("cell_column"), panel.column)), panel.told));
  return panel;
}

function tell(key, gaps) {
  return make("p", {}, say(key, gaps));
}

// By the kind of its row, how a number came about, in sentences and tables.
const TOLD = {
  ink: (row, map, y, x, numbers) => [tell("pixel_ink", { ink: write(numbers[y * 28 + x]) })],

  layer: (row, map, y, x) => tellSum(row, map, y, x),

  classes: (row, map, y, x, numbers) => {
    const { network, values } = models[row.model];
    const gaps = {
      label: map, count: numbers.length, score: write(values.get(network.outputs.logits)[map]),
      share: share(values.get(network.outputs.probabilities)[map]) };
    return [...tellSum(row, map, y, x), tell("class_average", gaps), tell("class_share", gaps)];
  },

  products: (row, map, y, x, numbers) => {
    const { network, values } = models[row.model];
    const pixel = y * 28 + x;
    const gaps = {
      label: map, count: numbers.length, ink: write(values.get("ink")[pixel]),
      weight: write(row.scoring.weights[map * numbers.length + pixel]),
      product: write(numbers[pixel]),
      products: write(numbers.reduce((total, number) => total + number, 0)),
      bias: write(row.scoring.biases[map]), score: write(values.get(network.outputs.logits)[map]),
      share: share(values.get(network.outputs.probabilities)[map]) };
    return [tell("pixel_product", gaps), tell("pixel_sum", gaps), tell("class_share", gaps)];
  },
};

// How a filter's number came about: what it lay on, times its weights, added up.
function tellSum(row, filter, y, x) {
  const { step } = row;
  const { network, values } = models[row.model];
  const shape = network.shapes.get(step.of[0]);
  const parts = partsOf(step, values.get(step.of[0]), shape, filter, y, x);
  const told = parts.slice(0, mostTold);
  const rest = parts.slice(mostTold).reduce((total, part) => total + part.sum, 0);
  const bias = step.biases[filter];
  const sum = parts.reduce((total, part) => total + part.sum, bias);
  const layer = row.index ?? network.steps.filter(({ does }) => does === "convolution").indexOf(step);
  const gaps = { size: step.size, count: shape[2], layer, shown: told.length };
  const isFirst = step.of[0] === "ink";
  const sentences = [
    tell(isFirst ? "cell_on_ink" : "cell_on_maps", gaps),
    ...told.map((part) => showPart(part, step.size, isFirst ? say("ink_step")
      : say("map_of_layer", { layer, map: part.map + 1 }))),
  ];
  if (!isFirst) sentences.splice(1, 0, tell("cell_of_many", gaps));
  if (parts.length > told.length) {
    sentences.push(tell("cell_rest", { count: parts.length - told.length, sum: write(rest) }));
  }
  sentences.push(tell("cell_bias", { bias: write(bias) }), tell("cell_sum", { sum: write(sum) }));
  if (step.relu) sentences.push(tell(sum > 0 ? "cell_kept" : "cell_cut", { number: write(Math.max(sum, 0)) }));
  return sentences;
}

// Of each map that a filter lay on: the numbers there, the filter's, and what their products add up to.
// Those that add or take most come first.
function partsOf({ size, stride, pad, weights }, value, [rows, columns, maps], filter, y, x) {
  return Array.from({ length: maps }, (_, map) => {
    const part = { map, numbers: [], filter: [], sum: 0 };
    for (let place = 0; place < size * size; place++) {
      const row = y * stride - pad + Math.floor(place / size);
      const column = x * stride - pad + (place % size);
      const isIn = row >= 0 && row < rows && column >= 0 && column < columns;
      const number = isIn ? value[(row * columns + column) * maps + map] : 0;
      const weight = weights[(filter * size * size + place) * maps + map];
      part.numbers.push(number);
      part.filter.push(weight);
      part.sum += number * weight;
    }
    return part;
  }).sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
}

function showPart(part, size, name) {
  const products = part.numbers.map((number, i) => number * part.filter[i]);
  return make("figure", {}, make("figcaption", {}, say("cell_part", { name, sum: write(part.sum) })),
    showTable(part.numbers, size, say("cell_numbers")), make("span", { "aria-hidden": true }, "×"),
    showTable(part.filter, size, say("cell_filter")), make("span", { "aria-hidden": true }, "="),
    showTable(products, size, say("cell_products")));
}

function showTable(numbers, size, caption) {
  const rows = Array.from({ length: size }, (_, row) => make("tr", {}, ...numbers
    .slice(row * size, (row + 1) * size)
    .map((number) => make("td", { class: number < 0 ? "against" : number > 0 ? "for" : "none" },
                          write(number)))));
  return make("table", {}, make("caption", {}, caption), make("tbody", {}, ...rows));
}

// When.

element.addEventListener("look-at", ({ detail }) => {
  ({ picture: address, page } = detail);
  update();
});
details.addEventListener("toggle", update);
const themes = new MutationObserver(() => { // light, dark
  for (const kind of Object.keys(known)) delete known[kind];
  if (models) draw();
});
for (let around = element; around; around = around.parentElement) {
  themes.observe(around, { attributeFilter: ["class"] });
}
