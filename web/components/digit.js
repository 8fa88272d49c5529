// Gradio runs this once with: element (the digit), props (its value) and watch.
watch("value", () => {
  const detail = props.value || null;
  element.dispatchEvent(new CustomEvent("show-digit", { bubbles: true, detail }));
});
