// Behaviour of the office pages. Every page works without it; events are delegated, so
// that whatever htmx swaps in works too.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (type, act) => document.addEventListener(type, act);

  // --- ticked rows and the bulk bar ---

  const ticks = () => all('tbody input[name="selected"]');
  let lastTick = null;

  function showSelection() {
    const boxes = ticks();
    const chosen = boxes.filter((box) => box.checked).length;
    const head = one("[data-select-all]");
    if (head) {
      head.checked = chosen > 0 && chosen === boxes.length;
      head.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    const bar = one(".bulk");
    if (!bar) return;
    bar.toggleAttribute("data-selected", chosen > 0);
    const matching = bar.elements.all_matching;
    if (chosen < boxes.length) matching.value = "";
    const count = matching.value ? Number(bar.dataset.count) : chosen;
    const noun = count === 1 ? bar.dataset.noun : bar.dataset.nouns;
    one("[data-bulk-text]", bar).textContent = `${count} ${noun} selected`;
    one("[data-select-matching]", bar).hidden =
      Boolean(matching.value) || chosen < boxes.length || chosen >= Number(bar.dataset.count);
  }

  function tickAll(checked) {
    ticks().forEach((box) => (box.checked = checked));
    showSelection();
  }

  function tickRange(box, extend) {
    const boxes = ticks();
    const here = boxes.indexOf(box);
    if (extend && lastTick !== null) {
      const [from, to] = [Math.min(here, lastTick), Math.max(here, lastTick)];
      boxes.slice(from, to + 1).forEach((other) => (other.checked = box.checked));
    }
    lastTick = here;
    showSelection();
  }

  // --- toasts ---

  const TOAST_MS = 8000;

  function letLeave(toast) {
    let timer;
    const wait = () => (timer = setTimeout(() => toast.remove(), TOAST_MS));
    const stay = () => clearTimeout(timer);
    toast.addEventListener("pointerenter", stay);
    toast.addEventListener("focusin", stay);
    toast.addEventListener("pointerleave", wait);
    toast.addEventListener("focusout", wait);
    wait();
  }

  function showToast(text) {
    if (all("#toasts .toast p").some((shown) => shown.textContent === text)) return;
    const toast = one("#toast").content.firstElementChild.cloneNode(true);
    one("p", toast).textContent = text;
    one("#toasts").append(toast);
    letLeave(toast);
  }

  // --- forms that must not lose what was typed ---

  const dirty = () => one("form[data-watch][data-dirty]");

  on("input", (event) => {
    const form = event.target.closest?.("form[data-watch]");
    if (form) form.setAttribute("data-dirty", "");
  });

  function carryToken(token) {
    all('input[name="csrfmiddlewaretoken"]').forEach((field) => (field.value = token));
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  }

  async function isSignedIn() {
    const answer = await fetch(document.body.dataset.signedIn);
    const { token } = await answer.json();
    if (token) carryToken(token);
    return Boolean(token);
  }

  // Asked before anything is sent: what was typed would be lost on the way to the sign-in.
  async function sendIfSignedIn(form, button) {
    const isOn = await isSignedIn().catch(() => true);
    const banner = one("#signed-out");
    banner.hidden = isOn;
    form.dataset.asked = isOn ? "yes" : "";
    if (isOn) form.requestSubmit(button);
    else banner.scrollIntoView({ block: "nearest" });
  }

  on("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-watch]") || form.dataset.asked === "yes") return;
    event.preventDefault();
    if (form.dataset.asked === "now") return;
    form.dataset.asked = "now";
    sendIfSignedIn(form, event.submitter);
  });
  on("submit", (event) => {
    if (!event.defaultPrevented) event.target.removeAttribute("data-dirty");
  });
  addEventListener("beforeunload", (event) => {
    if (dirty()) event.preventDefault();
  });

  // --- forms that are sent once, however often the button is pressed ---

  const SENT_MS = 5000;

  on("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post]")) return;
    if (Date.now() - Number(form.dataset.sentAt || 0) < SENT_MS) event.preventDefault();
    else form.dataset.sentAt = Date.now();
  });
  // Gone back to, a page can be sent again.
  addEventListener("pageshow", () => {
    all("form[data-sent-at]").forEach((form) => form.removeAttribute("data-sent-at"));
    all("form[data-asked]").forEach((form) => form.removeAttribute("data-asked"));
  });

  // --- clicks ---

  const openDialog = (id) => document.getElementById(id)?.showModal();

  const CLICKS = {
    "[data-select-none]": () => tickAll(false),
    "[data-select-matching]": () => {
      one(".bulk").elements.all_matching.value = "1";
      showSelection();
    },
    "[data-close-toast]": (button) => button.closest(".toast").remove(),
    "[data-discard]": (link) => link.closest("form")?.removeAttribute("data-dirty"),
    "[data-dialog]": (button) => openDialog(button.dataset.dialog),
    "[data-preference] button": choosePreference,
  };

  // The look changes at once; the form beside it tells the server.
  function choosePreference(button) {
    const form = button.form;
    document.documentElement.dataset[form.dataset.preference] = button.value;
    all("button", form).forEach((other) => {
      other.setAttribute("aria-pressed", String(other === button));
    });
  }

  on("click", (event) => {
    if (event.target.name === "selected") tickRange(event.target, event.shiftKey);
    if (event.target.matches("[data-select-all]")) tickAll(event.target.checked);
    for (const [selector, act] of Object.entries(CLICKS)) {
      const found = event.target.closest(selector);
      if (found) act(found);
    }
  });

  // A click beside a dialog closes it.
  on("click", (event) => {
    if (event.target.tagName === "DIALOG") event.target.close();
  });

  // --- htmx: what a swap must not lose ---

  // Leaving the search box is no new search: it would swap the row just ticked.
  document.addEventListener(
    "change",
    (event) => {
      if (event.target.matches("[data-filter] [type=search]")) event.stopPropagation();
    },
    true,
  );

  // What renews itself disturbs nobody: no toast when it fails, nothing of the page lost
  // or asked for again, and no calls from a tab that nobody looks at.
  const isQuiet = (event) => Boolean(event.detail.elt?.closest?.("[data-quiet]"));

  on("htmx:beforeRequest", (event) => {
    if (document.hidden && isQuiet(event)) event.preventDefault();
  });
  on("visibilitychange", () => {
    if (document.hidden) return;
    all("[data-quiet]").forEach((part) => part.dispatchEvent(new Event("refresh")));
  });

  let kept = null;

  on("htmx:beforeSwap", (event) => {
    if (isQuiet(event)) return;
    const box = document.activeElement;
    kept = {
      open: one(".popover:popover-open")?.id,
      focused: box?.id,
      search: box && box === searchBox()
        ? { text: box.value, caret: box.selectionStart }
        : null,
    };
  });

  const searchBox = () => one("[data-filter] [type=search]");

  // The box was swapped while somebody was typing in it: their text wins, and at once,
  // since the next letter may come before the page has settled.
  on("htmx:afterSwap", () => {
    const [typed, box] = [kept?.search, searchBox()];
    if (!typed || !box || box.value === typed.text) return;
    box.value = typed.text;
    box.setSelectionRange(typed.caret, typed.caret);
  });

  // What the list on screen does not answer yet is asked for again.
  function searchAgain() {
    const box = searchBox();
    if (!box || box.value.trim() === box.defaultValue.trim()) return;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // htmx cannot give the focus back to what lies in a closed popover.
  function reopen(id, focused) {
    const popover = id && document.getElementById(id);
    if (!popover || popover.matches(":popover-open")) return;
    popover.showPopover({ source: one(`[popovertarget="${id}"]`) });
    if (focused) one(`#${CSS.escape(focused)}`, popover)?.focus();
  }

  on("htmx:afterSettle", (event) => {
    if (isQuiet(event)) return;
    lastTick = null;
    showSelection();
    if (kept?.search) searchAgain();
    if (kept) reopen(kept.open, kept.focused);
    kept = null;
  });

  // What grows at the foot of a form does not cover the field that somebody is in.
  on("htmx:afterSettle", (event) => {
    if (!event.target.matches?.("[data-foot]")) return;
    document.activeElement?.scrollIntoView({ block: "nearest" });
  });

  // A page that would be loaded anew waits for who has typed something: what wanted that
  // looks again by itself.
  const hasTyped = () =>
    all("main input, main textarea").some(
      (box) => !/^(hidden|checkbox|radio|search|file)$/.test(box.type) && box.value !== box.defaultValue,
    );
  let isToldToWait = false;

  on("htmx:beforeOnLoad", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (!xhr.getResponseHeader("HX-Refresh") || requestConfig.verb !== "get" || !hasTyped()) return;
    event.preventDefault();
    if (!isToldToWait) showToast("The sync has ended. This page shows it once what you typed is saved.");
    isToldToWait = true;
  });

  const complain = (text) => (event) => isQuiet(event) || showToast(text);
  const SIGNED_OUT = "You have been signed out. Copy what you typed, then load this page again.";
  on("htmx:responseError", (event) => {
    const signedOut = event.detail.xhr.status === 401;
    complain(signedOut ? SIGNED_OUT : "That did not work. Please try again.")(event);
  });
  on("htmx:sendError", complain("No connection. Please try again."));
  // A view may answer with the header HX-Trigger: {"toast": "Saved"}.
  on("toast", (event) => showToast(event.detail.value));

  // --- connection ---

  const showConnection = () => {
    const banner = one("#offline");
    if (banner) banner.hidden = navigator.onLine;
  };
  addEventListener("online", showConnection);
  addEventListener("offline", showConnection);

  // --- start ---

  all(".toast").forEach(letLeave);
  showSelection();
  showConnection();
})();
