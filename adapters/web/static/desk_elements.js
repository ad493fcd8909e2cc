// Building what the desk's pages are made of. Texts only ever become text.

// h("button.primary", { type: "button", onclick: save, "aria-label": "…" }, "Save", icon("gear"))
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function" || key === "value" || key === "checked") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/desk.svg#${name}`);
  svg.append(use);
  return svg;
}

// A dialog over the page; Escape and a click beside it close it, and the focus goes back by itself.
export function dialog(title, desk, ...children) {
  const close = h("button.icon", { type: "button", "aria-label": desk.t("close"), onclick: () => element.close() }, "✕");
  const heading = h("h2", { id: `dialog-${crypto.randomUUID()}` }, title);
  const element = h("dialog", { "aria-labelledby": heading.id }, h("div.dialog-top", {}, heading, close), ...children);
  element.onclick = (event) => { if (event.target === element) element.close(); };
  element.onclose = () => element.remove();
  document.querySelector(".desk").append(element);
  element.showModal();
  return element;
}
