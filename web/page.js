// Gradio runs this once with: element (the page's heading) and props (its words). It names the page,
// tells components what they cannot know of each other, and mends what Gradio's own ones leave out.
const said = props.spoken[navigator.language.slice(0, 2)] ?? props.spoken.en;
const app = element.closest("gradio-app");
const isGuest = app.getAttribute("embed") !== "false"; // of a host's page, which is left alone
const around = isGuest ? app : document;

(isGuest ? app : document.documentElement).lang =
  navigator.language.startsWith("pt") ? "pt-BR" : "en";
if (isGuest) restoreLanguage().catch(() => {}); // a host that cannot be asked stays as it is
else document.title = element.querySelector("h1").textContent;

// Gradio 6.31.0 gives a host's page the visitor's language too (`setAttribute("lang")` of its
// svelte-i18n), before any script of ours runs: what it was, only the host's HTML still tells. This
// can go when Gradio leaves it.
async function restoreLanguage() {
  const html = await (await fetch(location.href, { cache: "force-cache" })).text();
  document.documentElement.lang =
    new DOMParser().parseFromString(html, "text/html").documentElement.lang;
}

function on(event, listener) {
  around.addEventListener(event, listener);
}

function find(selector) {
  return app.querySelector(selector);
}

function answers() {
  return find("#answers");
}

function tell(selector, event, detail) {
  find(selector).dispatchEvent(new CustomEvent(event, { bubbles: true, detail }));
}

// The code to copy and the links to a drawing name the page's own address.
function ownAddress() {
  const space = app.getAttribute("space");
  let address = location.origin + location.pathname;
  if (isGuest) {
    address = space
      ? `https://${space.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.hf.space`
      : new URL(app.getAttribute("src"), location).href;
  }
  return address.replace(/\/$/, "");
}
element.dataset.address = ownAddress();

// A host's fragment is not ours to read. A server that started again knows nothing of before.
on("pad-opens", ({ detail: place }) => {
  if (isGuest) Object.assign(place, { address: `${ownAddress()}/`, fragment: () => "" });
  if (hasRestarted()) tell("#pad canvas", "say", said.restarted);
});

function hasRestarted() {
  const server = window.gradio_config?.app_id;
  if (!server) return false;
  try {
    const before = sessionStorage.getItem("two-readings-server");
    sessionStorage.setItem("two-readings-server", server);
    return before !== null && before !== String(server);
  } catch {
    return false; // a browser that keeps nothing
  }
}

// The pad's keys work wherever the focus is, but in a text field.
function isText({ target }) {
  return target.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false])");
}

on("keydown", (event) => {
  if (event.defaultPrevented || isText(event) || event.target.closest?.("#pad")) return;
  const copy = new KeyboardEvent("keydown", event);
  if (!find("#pad canvas").dispatchEvent(copy)) event.preventDefault();
});

// A picture that is pasted anywhere goes to the upload, as if it was dropped there.
on("paste", async (event) => {
  const picture = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
  if (!picture || isText(event) || !find("#tabs")) return; // the static page takes none
  event.preventDefault();
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(picture);
  open("#tabs", 0);
  open("#inputs", 1);
  while (!find("#picture .upload-container")) await new Promise(requestAnimationFrame);
  find("#picture .upload-container").dispatchEvent(new DragEvent("drop", { dataTransfer }));
});

function open(tabs, index) {
  const tab = app.querySelectorAll(`${tabs} [role=tab]`)[index];
  if (tab.getAttribute("aria-selected") !== "true") tab.click();
}

// What stands is of an older drawing until the answer to the new one has come.
on("drawing", () => answers().classList.add("waiting"));
on("answered", () => answers().classList.remove("waiting"));

// Screen readers hear what has settled, and no move of the pen.
on("settled", ({ detail }) => {
  const announced = find("#announced p");
  if (announced.textContent !== detail) announced.textContent = detail;
});

// Both maps of evidence lie over the ink of the digit, and what each layer makes of it can be seen.
on("show-digit", ({ detail }) => {
  answers().style.setProperty("--digit", detail ? `url(${detail})` : "none");
  tell("#layers details", "look-at", { picture: detail, page: ownAddress() });
});

// Over an upload lie the boxes of its digits, of which one is chosen. The browser shows a picture
// upright and tells its size so, as the boxes are meant; it may be as large as it is sent or smaller.
let number = null;
on("show-number", ({ detail }) => {
  number = detail;
  drawBoxes();
});

function drawBoxes() {
  find("#picture .boxes")?.remove();
  const shown = find("#picture .image-frame img");
  if (!shown?.naturalWidth || !number?.picture) return;
  if (!decodeURIComponent(shown.src).endsWith(number.picture)) return; // of the picture before
  const { naturalWidth: width, naturalHeight: height } = shown;
  const rectangles = number.lines.flat().map(({ box: [left, top, right, bottom], index }) =>
    `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"
      class="${index === number.chosen ? "chosen" : ""}" />`);
  shown.insertAdjacentHTML("afterend", `<svg class="boxes" viewBox="0 0 ${width} ${height}"
    style="max-width: ${width}px; max-height: ${height}px" aria-hidden="true">${rectangles.join("")}</svg>`);
}

// A press on a row of a label chooses that digit's map beside it, until the next one comes.
on("click", ({ target }) => {
  const row = target.closest(".answer .confidence-set");
  if (!row) return;
  const model = row.closest(".model");
  press(model, row);
  model.querySelector(".evidence .map").dispatchEvent(
    new CustomEvent("choose-label", { bubbles: true, detail: parseInt(row.dataset.testid) }),
  );
});
on("new-evidence", ({ target }) => press(target.closest(".model"), null));

function press(model, pressed) {
  for (const row of model.querySelectorAll(".confidence-set")) {
    row.setAttribute("aria-pressed", String(row === pressed));
  }
}

// An upload that the browser cannot show would be a white bar.
for (const event of ["load", "error"]) {
  const show = ({ target }) => {
    if (!target.matches?.("#picture img")) return;
    target.style.opacity = event === "load" ? 1 : 0;
    drawBoxes();
  };
  around.addEventListener(event, show, true); // neither event bubbles
}

// A page without https or not on this very machine gets neither camera nor clipboard, and a visitor
// may refuse them: Gradio's buttons would do nothing.
const CAMERA = "Capture from camera";
const PASTE = "Paste from clipboard";
const gradios = new Map(Object.entries(said.gradio));
if (!navigator.mediaDevices?.getUserMedia) gradios.set(CAMERA, said.no_camera);
if (!navigator.clipboard?.read) gradios.set(PASTE, said.no_clipboard);
let refused = null; // what to say if what was pressed last is refused

around.addEventListener("click", (event) => {
  const button = event.target.closest?.("#picture button");
  if (!button) return;
  refused = button.ariaLabel === gradios.get(PASTE) ? said.no_clipboard : said.no_camera;
  if (button.ariaLabel !== refused) return;
  event.stopPropagation();
  tell("#message p", "say", refused);
}, true);

addEventListener("unhandledrejection", (event) => {
  if (!refused || !/^Not(Allowed|Found|Readable)Error$/.test(event.reason?.name)) return;
  event.preventDefault();
  tell("#message p", "say", refused);
});

// What Gradio says in English alone is said in the visitor's language.
function translate(root) {
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = root; node; node = nodes.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      const ours = gradios.get(node.data.trim());
      if (ours) node.data = ours;
    }
    for (const name of ["aria-label", "title", "alt"]) {
      const ours = gradios.get(node.getAttribute?.(name));
      if (ours) node.setAttribute(name, ours);
    }
  }
}
translate(app);

// The examples and the empty labels would have no names.
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) addedNodes.forEach(translate);
  const label = find("#examples .label")?.textContent.trim();
  app.querySelectorAll("#examples button:not([aria-label])").forEach((button, index) =>
    button.setAttribute("aria-label", `${label}: ${index + 1}`));
  for (const empty of app.querySelectorAll(".answer .empty:not([role])")) {
    empty.setAttribute("role", "img");
    empty.setAttribute("aria-label", "?");
  }
}).observe(app, { childList: true, subtree: true });
