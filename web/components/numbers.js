// Gradio runs this once with: element (the tiles), props (their value), trigger (its events) and watch.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

function tiles() {
  return [...element.querySelectorAll(".tile")];
}

function tell() {
  const detail = props.value || null;
  element.dispatchEvent(new CustomEvent("show-number", { bubbles: true, detail }));
}

function choose(index) {
  tiles()[index].scrollIntoView({ block: "nearest" });
  props.value = { ...props.value, chosen: index };
  trigger("select");
  tell();
}

// The tile above or below is the one that stands at the same place of its line.
function beside(index, step) {
  const { lines } = props.value;
  const line = lines.findIndex((digits) => digits.at(-1).index >= index);
  const next = lines[line + step];
  return next ? next[Math.min(index - lines[line][0].index, next.length - 1)].index : index;
}

element.addEventListener("click", ({ target }) => {
  const index = tiles().findIndex((tile) => tile.contains(target));
  if (index >= 0) choose(index);
});

element.addEventListener("keydown", (event) => {
  const all = tiles();
  const index = all.indexOf(event.target);
  if (index < 0) return;
  let next = index + (STEPS[event.key] ?? 0);
  if (event.key === "ArrowUp") next = beside(index, -1);
  if (event.key === "ArrowDown") next = beside(index, 1);
  if (next === index) return;
  event.preventDefault();
  next = Math.min(Math.max(next, 0), all.length - 1);
  all[next].focus();
  choose(next);
});

watch("value", tell);
