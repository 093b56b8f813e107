// Two helps on top of pages that work without them: the report comes in by itself, and a copy button.

const longest = 25; // seconds that one question may hang; the server allows 30

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (answer.status === 401 || answer.status === 403 || answer.status === 404) location.reload();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}

async function swap(place) {
  const answer = await ask(place.dataset.fragment);
  place.innerHTML = await answer.text();
  const fresh = place.firstElementChild;
  place.dataset.status = fresh.dataset.status;
  document.getElementById("announcement").textContent = fresh.dataset.summary;
}

// Short questions at first, so that the place in the queue moves; then longer and longer ones.
async function follow(place) {
  let wait = 1;
  let seen = place.firstElementChild.dataset.state;
  while (place.dataset.status === "queued" || place.dataset.status === "running") {
    try {
      const told = await (await ask(`${place.dataset.live}?wait=${wait}`)).json();
      const state = `${told.status} ${told.queue_position ?? ""}`.trim();
      if (state !== seen) await swap(place);
      seen = state;
      wait = Math.min(longest, wait * 2);
    } catch {
      document.getElementById("announcement").textContent = "No connection. Trying again.";
      await pause(Math.min(longest, wait));
      wait = Math.min(longest, wait * 2);
      seen = "";
    }
  }
  document.dispatchEvent(new CustomEvent("chainrule:ended"));
}

function offerCopy(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    text.select();
    await navigator.clipboard.writeText(text.value);
    button.textContent = "Copied";
  });
}

for (const place of document.querySelectorAll("[data-live]")) follow(place);
for (const button of document.querySelectorAll("[data-copy]")) offerCopy(button);
