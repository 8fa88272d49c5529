// What Gradio does for a component of ours, as far as they need it: a template that follows its values,
// a style of its own, a script that runs once, and events.
const components = {};

// `html` and `css` make text of the component's values; `script` is its own.
function mount(id, { values, html, css, script }) {
  let element = document.getElementById(id);
  while (element.firstElementChild) element = element.firstElementChild; // inside Gradio's frames
  element.id ||= `${id}-html`;
  const style = document.head.appendChild(document.createElement("style"));
  style.textContent = `#${element.id} { ${css(values)} }`;
  let shown = null;
  const show = () => {
    const text = html(values);
    if (text === shown) return;
    shown = text;
    const fresh = element.cloneNode(false);
    fresh.innerHTML = text;
    follow(element, fresh);
  };
  const props = new Proxy(values, {
    set(_, name, value) {
      values[name] = value;
      show();
      return true;
    },
  });
  const watchers = [];
  const listeners = {};
  show();
  components[id] = {
    props,
    set(value) {
      props.value = value;
      watchers.forEach((watcher) => watcher());
    },
    on: (event, listener) => (listeners[event] = listener),
  };
  script(element, props, (event) => listeners[event]?.(), (_, watcher) => watchers.push(watcher));
}

// Makes an element's content that of a fresh one, and leaves in place what is the same: what has the
// focus keeps it.
function follow(element, fresh) {
  const [old, wanted] = [[...element.childNodes], [...fresh.childNodes]];
  wanted.forEach((node, i) => {
    if (!old[i]) element.append(node);
    else if (old[i].nodeName !== node.nodeName) old[i].replaceWith(node);
    else if (node.nodeType !== Node.ELEMENT_NODE) old[i].nodeValue = node.nodeValue;
    else {
      for (const name of old[i].getAttributeNames()) {
        if (!node.hasAttribute(name)) old[i].removeAttribute(name);
      }
      for (const name of node.getAttributeNames()) old[i].setAttribute(name, node.getAttribute(name));
      follow(old[i], node);
    }
  });
  old.slice(wanted.length).forEach((node) => node.remove());
}
