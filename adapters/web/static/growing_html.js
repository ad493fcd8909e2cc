// v-growing-html: shows cleaned HTML that may get longer, touching only what changed,
// so that a selection survives and nothing flickers while an answer streams.

function blocksOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children];
}

function withCopyButton(block, texts) {
  if (block.tagName !== "PRE") return block;
  const frame = document.createElement("div");
  frame.className = "code";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = texts.copy;
  button.addEventListener("click", async () => {
    await copyText(block.innerText);
    button.textContent = texts.copied;
    setTimeout(() => (button.textContent = texts.copy), 1500);
  });
  block.tabIndex = 0; // so that the keyboard can scroll long lines
  frame.append(button, block);
  return frame;
}

function withScrollFrame(block) {
  if (block.tagName !== "TABLE") return block;
  const frame = document.createElement("div");
  frame.className = "table";
  frame.tabIndex = 0;
  frame.append(block);
  return frame;
}

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea"); // a page without https
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function show(element, { html, texts }) {
  if (element.shownHtml === html) return;
  element.shownHtml = html;
  const blocks = blocksOf(html);
  const sources = blocks.map((block) => block.outerHTML);
  const shown = element.shownBlocks ?? [];
  let same = 0;
  while (same < shown.length && shown[same] === sources[same]) same += 1;
  while (element.children.length > same) element.lastElementChild.remove();
  for (const block of blocks.slice(same)) {
    element.append(withScrollFrame(withCopyButton(block, texts)));
  }
  element.shownBlocks = sources;
}

export const growingHtml = {
  mounted: (element, binding) => show(element, binding.value),
  updated: (element, binding) => show(element, binding.value),
};
