// Enhancements of pages that also work without them: load a report when it is ready, unfold the
// target of a link, copy a receipt, and reject a file that is too large before it is sent.

const longest = 25; // seconds that one request may wait; the server allows 30
const rest = 4; // seconds, at most, between requests that a busy server answers at once

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

function announce(text, shown) {
  const element = document.getElementById("announcement");
  element.textContent = text;
  element.className = shown ? "quiet" : "visually-hidden";
}

async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "manual" });
  if ([401, 403, 404].includes(answer.status)) location.reload(); // the page says why
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}

async function swap(element) {
  const answer = await ask(element.dataset.fragment);
  element.innerHTML = await answer.text();
  element.dataset.status = element.firstElementChild.dataset.status;
  enhance(element);
  announce(element.firstElementChild.dataset.summary, false);
  const again = document.getElementById("submit-again"); // outside of the report
  if (again) again.hidden = !("maySubmit" in element.firstElementChild.dataset);
  const source = document.getElementById("source"); // open until there is a report to read
  const needed = source?.querySelector(".remark, :target") || !("foldsSource" in element.firstElementChild.dataset);
  if (source && !needed) source.open = false;
}

// A part of a page that is loaded again until it is finished. Then the whole page has more to show.
async function refresh(element) {
  while (element.querySelector("[data-unfinished]")) {
    await pause(2);
    try {
      element.innerHTML = await (await ask(element.dataset.refresh)).text();
      enhance(element);
    } catch {
      await pause(rest);
    }
  }
  location.reload();
}

const unfinished = (element) => ["queued", "running"].includes(element.dataset.status);

// Short waits at first, so that the position in the queue moves. Then longer ones.
async function follow(element) {
  let wait = 1;
  let seen = element.firstElementChild.dataset.state;
  while (unfinished(element)) {
    const asked = performance.now();
    try {
      const answer = await (await ask(`${element.dataset.live}?report=0&wait=${wait}`)).json();
      const state = `${answer.status} ${answer.queue_position ?? ""}`.trim();
      if (state !== seen) await swap(element);
      seen = state;
      const held = performance.now() - asked > wait * 500;
      if (unfinished(element) && !held) await pause(Math.min(wait, rest));
    } catch {
      announce("The connection was lost. Trying again.", true);
      seen = "";
      await pause(wait);
    }
    wait = Math.min(longest, wait * 2);
  }
}

// A button that copies a text. A screen reader says that it was copied.
function copies(button, read, status) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(read());
    button.textContent = status.textContent = "Copied";
    await pause(3);
    button.textContent = label;
    status.textContent = "";
  });
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  button.after(status);
}

function offerCopy(button) {
  button.hidden = false;
  const text = document.getElementById(button.dataset.copy);
  copies(button, () => (text.select(), text.value), document.createElement("span"));
}

// A button under a program that copies it, after the lines that load the student's file.
function offerProgram(program) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain copy";
  button.textContent = "Copy the program";
  program.after(button);
  copies(button, () => `${program.dataset.copyable}${program.textContent}\n`, document.createElement("span"));
}

function rejectLarge(input) {
  input.addEventListener("change", () => {
    const file = input.files[0];
    const notebook = file?.name.toLowerCase().endsWith(".ipynb");
    const limit = Number(notebook ? input.dataset.notebookLimit : input.dataset.limit);
    const message = notebook
      ? "This notebook is over 1 MB. Clear its outputs and save it again."
      : "This file is over 256 KB. Choose only the file with your engine.";
    input.setCustomValidity((file?.size ?? 0) <= limit ? "" : message);
    input.reportValidity();
  });
}

function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  let fold = target?.closest("details");
  if (!fold) return;
  for (; fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target.scrollIntoView();
}

// Pages show times in the course's time zone. The title has UTC, and the visitor's own time.
function addOwnTime(time) {
  const own = new Date(time.dateTime).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  time.title += ` – ${own} in your time zone`;
}

// At load, and for each part of the page that is loaded later.
function enhance(root) {
  for (const time of root.querySelectorAll("time[title]")) addOwnTime(time);
  if (!navigator.clipboard) return; // browsers have it only over HTTPS and on localhost
  for (const button of root.querySelectorAll("[data-copy]")) offerCopy(button);
  for (const program of root.querySelectorAll("pre[data-copyable]")) offerProgram(program);
}

for (const input of document.querySelectorAll("[data-own-zone]")) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (document.querySelector(`#${input.getAttribute("list")} [value="${own}"]`)) input.value = own;
}
enhance(document);
addEventListener("hashchange", unfold);
unfold();
for (const element of document.querySelectorAll("[data-live]")) follow(element);
for (const element of document.querySelectorAll("[data-refresh]")) refresh(element);
for (const input of document.querySelectorAll("[data-limit]")) rejectLarge(input);

// A line's number fills the form of a comment. Without this, it is a link that does the same.
function fillLine(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const form = document.getElementById("comment");
    form.elements.line.value = new URL(link.href).searchParams.get("line");
    form.elements.text.focus();
  });
}
for (const link of document.querySelectorAll(".listing a[href$='#comment']")) fillLine(link);

// The arrow keys go through the steps of an example, or through students.
document.addEventListener("keydown", (event) => {
  const relation = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
  const elsewhere = event.target.closest("input, textarea, select, pre, .scroll, .listing");
  if (!relation || !plain || elsewhere) return;
  document.querySelector(`[data-steps] a[rel=${relation}]`)?.click();
});
