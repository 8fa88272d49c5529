// Gradio runs this once with: element (the pad), props (its value) and trigger (its events).
// A stroke is a list of points [x, y]; lengths are in widths of the pad, so that no screen matters.
const { pen, inkPen, pictureSide, largestSide, pause } = props;
const sheet = element.querySelector(".sheet");
const canvas = element.querySelector("canvas");
const undo = element.querySelector(".undo");
const clear = element.querySelector(".clear");

// All that changes.
let strokes = []; // the drawing; the last one grows while a pointer draws
let pointer = null; // the pointer that draws, by its id
let sentAt = 0; // when the drawing was sent last, in milliseconds
let sending = null; // the timer that will send it next
let side = 0; // of the canvas, in pixels of the screen; 0 while the pad's tab is hidden
let color = ""; // of the pen on the screen

// What the drawing looks like.

function trace(context, stroke) {
  const [first, ...rest] = stroke;
  context.beginPath();
  context.moveTo(...first);
  let [x, y] = first;
  for (const [nextX, nextY] of rest) {
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    [x, y] = [nextX, nextY];
  }
  context.lineTo(x, y);
  context.stroke();
}

function ink(context, width, color) {
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = width;
  context.strokeStyle = color;
  strokes.forEach((stroke) => trace(context, stroke));
}

function redraw() {
  if (!side) return;
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  context.scale(side, side);
  ink(context, Math.min(pen, (heightOfSeveral() ?? Infinity) * inkPen), color);
  sheet.classList.toggle("drawn", strokes.length > 0);
  undo.disabled = clear.disabled = strokes.length === 0;
}

// Size and color are asked for only when they change: the browser would lay out the page to answer.
function refresh() {
  side = Math.round(canvas.clientWidth * devicePixelRatio);
  color = getComputedStyle(canvas).color;
  redraw();
}

// The picture that is sent: black on white, the drawing filling it whatever its size on the pad.
// The pen's width follows the digits' size, so that a small digit is no blob and a large one no
// hairline once it has been fitted to the 20x20 pixels of MNIST. Where there are several, the picture
// is as much wider or higher as they need.
function picture() {
  if (!strokes.length) return null;
  const points = strokes.flat();
  const [left, right] = range(points, 0);
  const [top, bottom] = range(points, 1);
  const width = right - left;
  const height = bottom - top;
  const size = Math.max(heightOfSeveral() ?? Math.max(width, height), pen);
  const margin = pictureSide / 3;
  const scale = Math.min(
    (pictureSide * 2) / (3 * size), (largestSide - margin) / Math.max(width, height));
  const page = document.createElement("canvas");
  page.width = Math.max(pictureSide, Math.round(width * scale + margin));
  page.height = Math.max(pictureSide, Math.round(height * scale + margin));
  const context = page.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, page.width, page.height);
  context.translate(page.width / 2, page.height / 2);
  context.scale(scale, scale);
  context.translate(-(left + right) / 2, -(top + bottom) / 2);
  ink(context, size * inkPen, "black");
  return page.toDataURL("image/png");
}

// How tall the digits are where there are several, or null. There are when tall strokes lie apart, or
// strokes together are much wider than high; the tallest one is as tall as a digit. Bars and underlines
// are not tall: a digit in several strokes stays one.
function heightOfSeveral() {
  if (strokes.length < 2) return null;
  const boxes = strokes.map((stroke) => [range(stroke, 0), range(stroke, 1)]);
  const tallest = Math.max(...boxes.map(([, [top, bottom]]) => bottom - top));
  const tall = boxes.filter(([, [top, bottom]]) => bottom - top >= tallest / 3);
  const lieApart = [0, 1].some((axis) => widestGap(tall.map((box) => box[axis])) > tallest / 4);
  const [width, height] = [0, 1].map((axis) => {
    const [low, high] = range(strokes.flat(), axis);
    return high - low;
  });
  return lieApart || width > height * 1.5 ? tallest : null;
}

function widestGap(ranges) {
  let [widest, end] = [0, 1];
  for (const [low, high] of ranges.sort(([a], [b]) => a - b)) {
    widest = Math.max(widest, low - end);
    end = end === 1 ? high : Math.max(end, high);
  }
  return widest;
}

function range(points, axis) {
  return points.reduce(
    ([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])], [1, 0]);
}

// When it is sent.

function send() {
  clearTimeout(sending);
  sending = null;
  sentAt = performance.now();
  element.dispatchEvent(new CustomEvent("drawing", { bubbles: true }));
  props.value = picture();
  trigger("input");
}

function sendSoon() {
  sending ??= setTimeout(send, Math.max(0, pause - (performance.now() - sentAt)));
}

// How it changes.

function replace(newStrokes) {
  pointer = null; // a stroke that is still being drawn ends here
  strokes = newStrokes;
  redraw();
  send();
}

function point(event) {
  const { left, top, width } = canvas.getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / width];
}

canvas.addEventListener("pointerdown", (event) => {
  if (pointer !== null || event.button !== 0) return;
  event.preventDefault();
  pointer = event.pointerId;
  if (event.isTrusted) canvas.setPointerCapture(pointer); // a script's pointer cannot be captured
  strokes.push([point(event)]);
  redraw();
});

canvas.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  const moves = event.getCoalescedEvents?.() ?? [];
  strokes.at(-1).push(...(moves.length ? moves : [event]).map(point));
  redraw();
  sendSoon();
});

for (const end of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(end, (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    send();
  });
}

// Chromium takes a quick stroke for a swipe, and the next tap would only stop that.
canvas.addEventListener("touchstart", (event) => event.preventDefault());
canvas.addEventListener("contextmenu", (event) => event.preventDefault());

undo.addEventListener("click", () => replace(strokes.slice(0, -1)));
clear.addEventListener("click", () => replace([]));
element.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && strokes.length) {
    event.preventDefault();
    undo.click();
  }
});

new ResizeObserver(refresh).observe(canvas);
new MutationObserver(refresh).observe(document.body, { attributeFilter: ["class"] }); // light, dark
refresh();
