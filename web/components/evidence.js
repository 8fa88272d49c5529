// Gradio runs this once. A press on a row of the label beside shows that digit's evidence.
const model = element.closest(".model");

function choose(row) {
  for (const other of model.querySelectorAll(".confidence-set")) {
    const pressed = String(other === row);
    if (other.getAttribute("aria-pressed") !== pressed) other.setAttribute("aria-pressed", pressed);
  }
}

model.addEventListener("click", (event) => {
  const row = event.target.closest(".confidence-set");
  if (!row || !props.value) return;
  const label = parseInt(row.dataset.testid);
  const score = props.value.scores[label];
  element.querySelector(".maps").style.left = `-${label}00%`;
  element.querySelector(".map").setAttribute("aria-label", score);
  element.querySelector(".score").textContent = score;
  choose(row);
});
watch("value", () => choose(null));
