// What is wrong with the page for somebody who reads it by keyboard, by ear, or in poor light.
() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const visible = (node) => node.checkVisibility({ visibilityProperty: true });

  if (!document.title.trim()) faults.push("no title");
  const headings = all("h1").length;
  if (headings !== 1) faults.push(`${headings} h1`);
  for (const landmark of ["header", "main", "footer"])
    if (all(landmark).filter((node) => !node.closest("section")).length !== 1) faults.push(`not one ${landmark}`);

  const ids = all("[id]").map((node) => node.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`id ${id} is there twice`);
  for (const name of ["aria-describedby", "aria-labelledby"])
    for (const node of all(`[${name}]`))
      for (const id of node.getAttribute(name).split(" "))
        if (!ids.includes(id)) faults.push(`${name} names ${id}, which is not there`);

  const named = (node) => node.labels?.length || node.ariaLabel || node.getAttribute("aria-labelledby");
  for (const node of all("input:not([type=hidden]), textarea, progress"))
    if (!named(node)) faults.push(`${node.localName} without a label`);
  for (const node of all("button, a[href], summary"))
    if (!node.textContent.trim() && !node.ariaLabel) faults.push(`${node.localName} without a name`);
  for (const node of all("img")) if (!node.hasAttribute("alt")) faults.push("img without alt");
  for (const node of all("table")) if (!node.caption) faults.push("table without a caption");
  for (const node of all("th")) if (!node.scope) faults.push(`th without scope: ${node.textContent}`);

  const width = document.documentElement.scrollWidth;
  if (width > window.innerWidth) faults.push(`${width} wide, wider than the window`);

  // Contrast: WCAG 2 relative luminance of text against the nearest painted background.
  const parse = (colour) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const seen = new Map();
  const colourOf = (text) => seen.get(text) ?? seen.set(text, parse(text)).get(text);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = colourOf(getComputedStyle(at).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255, 255];
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    const text = walk.currentNode.textContent.trim();
    if (!text || !visible(node) || node.closest(".visually-hidden, script, noscript")) continue;
    const [a, b] = [luminance(colourOf(getComputedStyle(node).color)), luminance(ground(node))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)} of "${text.slice(0, 30)}"`);
  }
  return faults;
}
