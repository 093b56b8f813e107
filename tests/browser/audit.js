// What axe doesn't check and every page promises.
() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];

  const headings = all("h1").length;
  if (headings !== 1) faults.push(`${headings} h1`);
  const ids = all("[id]").map((node) => node.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`id ${id} is there twice`);
  for (const name of ["aria-describedby", "aria-labelledby"])
    for (const node of all(`[${name}]`))
      for (const id of node.getAttribute(name).split(" "))
        if (!ids.includes(id)) faults.push(`${name} names ${id}, which is not there`);
  for (const node of all("table")) if (!node.caption) faults.push("table without a caption");
  for (const node of all("th")) if (!node.scope) faults.push(`th without scope: ${node.textContent}`);

  const width = document.documentElement.scrollWidth;
  if (width > window.innerWidth) faults.push(`${width} wide, wider than the window`);
  return faults;
}
