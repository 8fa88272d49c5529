// Gradio runs this once with: element (the page's heading). It names the page, tells components what
// they cannot know of each other, and mends what Gradio's own ones leave out.
document.documentElement.lang = navigator.language.startsWith("pt") ? "pt-BR" : "en";
document.title = element.querySelector("h1").textContent;

function on(event, listener) {
  document.addEventListener(event, listener);
}

function answers() {
  return document.querySelector("#answers");
}

// What stands is of an older drawing until the answer to the new one has come.
on("drawing", () => answers().classList.add("waiting"));
on("answered", () => answers().classList.remove("waiting"));

// Screen readers hear what has settled, and no move of the pen.
on("settled", ({ detail }) => {
  const announced = document.querySelector("#announced p");
  if (announced.textContent !== detail) announced.textContent = detail;
});

// Both maps of evidence lie over the ink of the digit, and what each layer makes of it can be seen.
on("show-digit", ({ detail }) => {
  answers().style.setProperty("--digit", detail ? `url(${detail})` : "none");
  document.querySelector("#layers details").parentElement.dispatchEvent(
    new CustomEvent("look-at", { detail }));
});

// Over an upload lie the boxes of its digits, of which one is chosen. The browser shows a picture
// upright and tells its size so, as the boxes are meant; it may be as large as it is sent or smaller.
let number = null;
on("show-number", ({ detail }) => {
  number = detail;
  drawBoxes();
});

function drawBoxes() {
  document.querySelector("#picture .boxes")?.remove();
  const shown = document.querySelector("#picture .image-frame img");
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
  document.addEventListener(event, show, true); // neither event bubbles
}

// The examples and the empty labels would have no names.
new MutationObserver(() => {
  const label = document.querySelector("#examples .label")?.textContent.trim();
  document.querySelectorAll("#examples button:not([aria-label])").forEach((button, index) =>
    button.setAttribute("aria-label", `${label}: ${index + 1}`));
  for (const empty of document.querySelectorAll(".answer .empty:not([role])")) {
    empty.setAttribute("role", "img");
    empty.setAttribute("aria-label", "?");
  }
}).observe(document.body, { childList: true, subtree: true });
