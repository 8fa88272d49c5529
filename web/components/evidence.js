// Gradio runs this once with: element (map and score), props (its value, the chosen label) and watch.
element.addEventListener("choose-label", ({ detail }) => (props.chosen = detail));
watch("value", () => {
  props.chosen = null;
  element.dispatchEvent(new CustomEvent("new-evidence", { bubbles: true }));
});
