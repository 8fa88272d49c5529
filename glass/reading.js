// Reads what is drawn, in the browser: from the pad's picture to a digit, both models' values, and what
// the page's components show of them.
const MODELS = ["cnn", "linear"];

const networks = Object.fromEntries(MODELS.map((name) => {
  const packed = document.getElementById(`${name}-file`).textContent;
  return [name, openNetwork(Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)).buffer)];
}));

const said = page.words[navigator.language.slice(0, 2)] ?? page.words.en;

let read = null; // {model: {network, values}} of the digit that is shown

const signed = new Intl.NumberFormat(navigator.language.startsWith("pt") ? "pt" : "en", {
  minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "always" });

function say(key, gaps = {}) {
  return said[key].replace(/{(\w+)}/g, (_, gap) => gaps[gap]);
}

function readDrawing() {
  const drawing = components.pad.props.value;
  show(drawing && digitOf(levelsOf(drawing)));
}

// The pad's picture is black on white.
function digitOf({ width, height, levels }) {
  return mnistForm({ width, height, ink: levels.map((level) => (255 - level) / 255) });
}

function show(digit) {
  const ink = digit && Float64Array.from(digit, (level) => level / 255);
  read = digit && Object.fromEntries(MODELS.map((name) =>
    [name, { network: networks[name], values: compute(networks[name], ink) }]));
  for (const name of MODELS) {
    const answer = read && answerOf(read[name]);
    components[`${name}-label`].set(answer);
    components[`${name}-evidence`].set(answer && evidenceOf(read[name], answer));
  }
  components.digit.set(digit && pictureOf(28, 28, (data) =>
    digit.forEach((level, i) => data.set([level, level, level, 255], 4 * i))));
  components.message.set(read ? sumUp() : `<p>${say("waiting")}</p>`);
}

function valueOf({ network, values }, output) {
  return values.get(network.outputs[output]);
}

function answerOf(model) {
  const shares = [...valueOf(model, "probabilities")];
  return { shares, label: shares.indexOf(Math.max(...shares)) };
}

function isDoubtful(name) {
  return valueOf(read[name], "doubt")[0] > page.doubtful;
}

// As `web/answers.py` has it.
function sumUp() {
  const [cnn, linear] = MODELS.map((name) => answerOf(read[name]).label);
  const [doubted, unsure] = MODELS.map(isDoubtful);
  const headline = doubted ? "unknown" : cnn === linear ? "agree" : "differ";
  const remark = unsure ? "unsure" : doubted ? "linear_reads" : null;
  return `<p>${say(headline, { cnn, linear })}</p>`
    + (remark ? `<p id="remark">${say(remark, { linear })}</p>` : "");
}

// As `web/components/evidence.py` has it: the maps of all digits beside each other.
function evidenceOf(model, { label }) {
  const evidence = valueOf(model, "evidence");
  const [rows, columns, labels] = model.network.shapes.get(model.network.outputs.evidence);
  let strongest = 1e-9;
  for (const share of evidence) strongest = Math.max(strongest, Math.abs(share));
  const maps = pictureOf(labels * columns, rows, (data) => evidence.forEach((share, i) => {
    const place = Math.floor(i / labels);
    const [row, column] = [Math.floor(place / columns), place % columns];
    const at = 4 * ((row * labels + (i % labels)) * columns + column);
    data.set(share > 0 ? page.colors.for : page.colors.against, at);
    data[at + 3] = 255 * Math.sqrt(Math.abs(share) / strongest);
  }));
  const scores = Array.from(valueOf(model, "logits"), (score, digit) =>
    say("score", { label: digit, score: signed.format(score) }));
  return { maps, label, scores };
}

function pictureOf(width, height, paint) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  paint(image.data);
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

const darkness = matchMedia("(prefers-color-scheme: dark)");

function followScheme() {
  document.body.classList.toggle("dark", darkness.matches);
}

darkness.addEventListener("change", followScheme);
followScheme();
