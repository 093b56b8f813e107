// Helps on top of pages that work without them: a report comes in by itself, what a link leads to
// is unfolded, a receipt can be copied, and a file that is too large is refused before it is sent.

const longest = 25; // seconds that one question may hang; the server allows 30
const rest = 4; // seconds, at most, between questions that a busy server answers at once

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

function announce(text, shown) {
  const place = document.getElementById("announcement");
  place.textContent = text;
  place.className = shown ? "quiet" : "visually-hidden";
}

async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "manual" });
  if ([401, 403, 404].includes(answer.status)) location.reload(); // the page says why
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}

async function swap(place) {
  const answer = await ask(place.dataset.fragment);
  place.innerHTML = await answer.text();
  place.dataset.status = place.firstElementChild.dataset.status;
  announce(place.firstElementChild.dataset.summary, false);
}

const unfinished = (place) => ["queued", "running"].includes(place.dataset.status);

// Short questions at first, so that the place in the queue moves; then longer and longer ones.
async function follow(place) {
  let wait = 1;
  let seen = place.firstElementChild.dataset.state;
  while (unfinished(place)) {
    const asked = performance.now();
    try {
      const told = await (await ask(`${place.dataset.live}?report=0&wait=${wait}`)).json();
      const state = `${told.status} ${told.queue_position ?? ""}`.trim();
      if (state !== seen) await swap(place);
      seen = state;
      const held = performance.now() - asked > wait * 500;
      if (unfinished(place) && !held) await pause(Math.min(wait, rest));
    } catch {
      announce("The connection is gone. Trying again.", true);
      seen = "";
      await pause(wait);
    }
    wait = Math.min(longest, wait * 2);
  }
}

function offerCopy(button) {
  if (!navigator.clipboard) return; // browsers have it over HTTPS, and on this machine, alone
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    text.select();
    await navigator.clipboard.writeText(text.value);
    button.textContent = "Copied";
  });
}

function refuseLarge(input) {
  input.addEventListener("change", () => {
    const file = input.files[0];
    const notebook = file?.name.toLowerCase().endsWith(".ipynb");
    const limit = Number(notebook ? input.dataset.notebookLimit : input.dataset.limit);
    const told = notebook
      ? "This notebook is over 1 MB. Clear its outputs and save it again."
      : "This file is over 256 KB. Choose the engine alone.";
    input.setCustomValidity((file?.size ?? 0) <= limit ? "" : told);
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

addEventListener("hashchange", unfold);
unfold();
for (const place of document.querySelectorAll("[data-live]")) follow(place);
for (const button of document.querySelectorAll("[data-copy]")) offerCopy(button);
for (const input of document.querySelectorAll("[data-limit]")) refuseLarge(input);
