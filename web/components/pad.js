// Gradio runs this once with: element (the pad), props (its value) and trigger (its events), below
// ink.js, link.js and session.js. Whatever else shows a pad gives it the same three.
const said = props.words[navigator.language.slice(0, 2)] ?? props.words.en;
const sheet = element.querySelector(".sheet");
const canvas = element.querySelector("canvas");
const notice = element.querySelector(".notice");
const [undo, redo, clear, save, link] = element.querySelectorAll(".tools button");
const paper = document.createElement("canvas"); // the empty sheet, as large as the canvas
const LINES = 28; // of the grid, as many as the digit has pixels
const SAVED_SIDE = 1000; // of the picture to keep, in pixels
const NOTICE_TIME = 8000; // milliseconds
// A page that computes for itself takes the canvas as it is.
const asValue = props.asValue ?? ((picture) => picture.toDataURL("image/png"));

// All that changes.
let strokes = []; // the drawing; the last one grows while a pointer draws
let past = []; // the drawings before it, which undo brings back
let future = []; // and those that were undone
let pointer = null; // the one that draws, as it came down
let sentAt = 0; // when the drawing was sent last, in milliseconds
let sending = null; // the timer that will send it next
let hiding = null; // the timer that will take the notice away
let side = 0; // of the canvas, in pixels of the screen; 0 while the pad's tab is hidden
let color = ""; // of the pen on the screen

// What the pad looks like.

// Paper and ink are one picture: whatever darkens the page, or prints it, keeps them apart.
function redraw() {
  if (side) {
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(paper, 0, 0);
    context.scale(side, side);
    ink(context, strokes, penWidth(strokes, props), color);
  }
  sheet.classList.toggle("drawn", strokes.length > 0);
  undo.disabled = past.length === 0;
  redo.disabled = future.length === 0;
  clear.disabled = save.disabled = link.disabled = strokes.length === 0;
}

// Size and colors are asked for only when they change: the browser would lay out the page to answer.
function refresh() {
  side = Math.round(canvas.clientWidth * devicePixelRatio);
  canvas.width = canvas.height = paper.width = paper.height = side;
  const style = getComputedStyle(canvas);
  color = style.color;
  const context = paper.getContext("2d");
  context.scale(side, side);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, 1, 1);
  context.lineWidth = devicePixelRatio / side;
  context.strokeStyle = style.getPropertyValue("--grid");
  for (let line = 1; line < LINES; line++) {
    context.moveTo(line / LINES, 0);
    context.lineTo(line / LINES, 1);
    context.moveTo(0, line / LINES);
    context.lineTo(1, line / LINES);
  }
  context.stroke();
  redraw();
}

// When it is sent.

function send() {
  clearTimeout(sending);
  sending = null;
  sentAt = performance.now();
  keep(strokes);
  element.dispatchEvent(new CustomEvent("drawing", { bubbles: true }));
  props.value = strokes.length ? asValue(asCanvas(strokes, props)) : null;
  trigger("input");
}

function sendSoon() {
  sending ??= setTimeout(send, Math.max(0, props.pause - (performance.now() - sentAt)));
}

// How it changes.

function show(other) {
  pointer = null; // a stroke that is still being drawn ends here
  strokes = other;
  redraw();
  send();
}

function change(other) {
  past.push(strokes);
  future = [];
  show(other);
}

// A drawing that comes whole, from a link or from before a reload, is undone stroke by stroke.
function put(whole) {
  if (strokes.length) past.push(strokes);
  past.push(...whole.map((_, index) => whole.slice(0, index)));
  show(whole);
}

function point(event) {
  const { left, top, width } = canvas.getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / width];
}

// One pointer draws. A pen or a mouse takes over from whatever drew; a finger only from a finger
// that has left unnoticed, for it is the first one on the screen again.
function takesOver({ pointerType, isPrimary }) {
  return pointerType !== "touch" || (isPrimary && pointer.pointerType === "touch");
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || (pointer && !takesOver(event))) return;
  event.preventDefault();
  canvas.focus({ preventScroll: true }); // the keys of who draws are the pad's
  const isPalm = pointer?.pointerType === "touch" && event.pointerType === "pen";
  if (isPalm) strokes = past.pop();
  pointer = event;
  past.push(strokes);
  future = [];
  strokes = [...strokes, [point(event)]];
  if (event.isTrusted) canvas.setPointerCapture(event.pointerId); // a script's cannot be captured
  redraw();
});

canvas.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer?.pointerId) return;
  if (pointer.buttons && !event.buttons) return finish(event); // its release never arrived
  const moves = event.getCoalescedEvents?.() ?? [];
  strokes.at(-1).push(...(moves.length ? moves : [event]).map(point));
  redraw();
  sendSoon();
});

function finish({ pointerId }) {
  if (pointerId !== pointer?.pointerId) return;
  pointer = null;
  send();
}

for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
  canvas.addEventListener(end, finish);
}

// Chromium takes a quick stroke for a swipe, and the next tap would only stop that. While one finger
// draws, another one moves no page, wherever it lies.
canvas.addEventListener("touchstart", (event) => event.preventDefault());
document.addEventListener("touchstart", (event) => pointer && event.preventDefault(), {
  passive: false });
canvas.addEventListener("contextmenu", (event) => event.preventDefault());

function takeBack(from, to) {
  if (!from.length) return;
  to.push(strokes);
  show(from.pop());
}

undo.addEventListener("click", () => takeBack(past, future));
redo.addEventListener("click", () => takeBack(future, past));
clear.addEventListener("click", () => change([]));
element.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !canvas.clientWidth) return;
  const key = event.key.toLowerCase(); // Caps Lock makes a capital of it
  if (key === "z" && !event.shiftKey) takeBack(past, future);
  else if (key === "z" || (key === "y" && event.ctrlKey)) takeBack(future, past);
  else return;
  event.preventDefault();
});

// How it is kept.

function say(...content) {
  notice.replaceChildren(...content);
  clearTimeout(hiding);
  hiding = setTimeout(() => notice.replaceChildren(), NOTICE_TIME);
}

element.addEventListener("say", ({ detail }) => say(detail));

save.addEventListener("click", () => {
  const file = document.createElement("a");
  file.download = said.file;
  file.href = asSheet(strokes, props, SAVED_SIDE);
  file.click();
});

link.addEventListener("click", async () => {
  const fragment = asFragment(strokes);
  if (!fragment) return say(said.link_too_long);
  const address = place.address + fragment;
  try {
    await navigator.clipboard.writeText(address);
    say(said.link_copied);
  } catch { // no clipboard here, or none for this page
    const anchor = document.createElement("a");
    anchor.href = address;
    anchor.textContent = said.link_here;
    say(anchor);
  }
});

// Where the pad is, which whoever holds it may change: a guest's address is not the document's.
const place = { address: location.href.replace(/#.*/, ""), fragment: () => location.hash };

function open() {
  const linked = fromFragment(place.fragment());
  if (linked === undefined) return;
  history.replaceState(history.state, "", place.address); // or a reload would bring it back
  if (linked) put(linked);
  else say(said.link_broken);
}

new ResizeObserver(refresh).observe(canvas);
const themes = new MutationObserver(refresh); // light, dark
for (let around = element; around; around = around.parentElement) {
  themes.observe(around, { attributeFilter: ["class"] });
}
refresh();
setTimeout(() => {
  element.dispatchEvent(new CustomEvent("pad-opens", { bubbles: true, detail: place }));
  const before = kept();
  if (before) put(before);
  open();
  addEventListener("hashchange", open);
});
