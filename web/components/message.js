// Gradio runs this once with: element (the message), props (its value) and watch.
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

// What no answer says.
element.addEventListener("say", ({ detail }) => {
  const sentence = document.createElement("p");
  sentence.setAttribute("role", "alert");
  sentence.textContent = detail;
  props.value = sentence.outerHTML;
});
