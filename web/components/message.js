// Gradio runs this once with: element (the message) and watch.
let settling = null;

function tell(event, detail) {
  element.dispatchEvent(new CustomEvent(event, { bubbles: true, detail }));
}

watch("value", () => {
  tell("answered");
  clearTimeout(settling);
  settling = setTimeout(() => {
    const sentences = [...element.querySelectorAll("p:not([role])")];
    tell("settled", sentences.map((sentence) => sentence.textContent).join(" "));
  }, 1000);
});
