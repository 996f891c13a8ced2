// Two records side by side: left and right choose whose value stays, up and down go from
// field to field. Without it the radio buttons work as any others.
(() => {
  "use strict";

  // Pressed twice is said once; the second press of a double click is no answer to the
  // pair that has opened beneath it.
  let isSent = false;
  function sendOnce(event) {
    if (event.target.method !== "post") return;
    const isEarly = !document.body.hasAttribute("data-seen");
    if (isEarly && !isSent) document.dispatchEvent(new Event("too-early"));
    if (isEarly || isSent) event.preventDefault();
    else isSent = true;
  }
  // Before anybody else hears of it: what was too early counts as not sent.
  document.addEventListener("submit", sendOnce, true);
  addEventListener("pageshow", () => (isSent = false));

  const form = document.querySelector("[data-pair]");
  if (!form) return;
  const rows = [...form.querySelectorAll('[role="radiogroup"]')];
  const chosen = (row) => row?.querySelector("input:checked:not(:disabled)");

  function choose(row, side) {
    const radio = row.querySelector(`input[value="${side}"]`);
    radio.checked = true;
    radio.focus();
  }

  const KEYS = {
    ArrowLeft: (here) => choose(rows[here], "ours"),
    ArrowRight: (here) => choose(rows[here], "theirs"),
    ArrowUp: (here) => chosen(rows[here - 1])?.focus(),
    ArrowDown: (here) => chosen(rows[here + 1])?.focus(),
  };

  form.addEventListener("keydown", (event) => {
    const here = rows.indexOf(event.target.closest('[role="radiogroup"]'));
    const act = here >= 0 && !event.ctrlKey && !event.altKey && KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act(here);
  });

  // The keys work at once; whoever reads the page from its top is not carried off, and
  // whoever is somewhere already stays there.
  const isAnywhere = document.activeElement !== document.body;
  if (!isAnywhere) chosen(rows[0])?.focus({ preventScroll: true });
})();
