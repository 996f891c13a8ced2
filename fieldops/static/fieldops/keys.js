// The keys of the office pages: move, tick, search, go to a page, answer a question.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (type, act) => document.addEventListener(type, act);
  const openDialog = (id) => document.getElementById(id)?.showModal();

  let prefix = "";

  const rowLinks = () => all("tbody [data-row-link]");

  function moveRow(step) {
    const links = rowLinks();
    if (!links.length) return;
    const here = links.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    links[Math.max(0, Math.min(links.length - 1, next))].focus();
  }

  function tickRow() {
    const row = document.activeElement?.closest("tbody tr");
    one('input[name="selected"]', row || document.createElement("tr"))?.click();
  }

  function focusSearch() {
    const box = one("#q") || one("#find");
    box?.focus();
    box?.select();
  }

  const SINGLE_KEYS = {
    "/": focusSearch,
    "?": () => openDialog("keys"),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    x: tickRow,
    e: () => one("[data-edit]")?.click(),
  };
  const PREFIXES = { g: "go", c: "new" };

  function pressCtrl(event) {
    const key = event.key.toLowerCase();
    if (key === "k") {
      one("#find")?.focus();
      event.preventDefault();
    }
    const form = key === "s" && one("form[data-watch]");
    if (form) {
      form.requestSubmit();
      event.preventDefault();
    }
  }

  function pressSingle(event) {
    const wanted = PREFIXES[prefix];
    prefix = "";
    if (wanted) {
      const link = one(`[data-${wanted}="${CSS.escape(event.key)}"]`);
      if (link) location.assign(link.href);
      return;
    }
    if (event.key in PREFIXES) {
      prefix = event.key;
      return;
    }
    const pressed = one(`[data-press="${CSS.escape(event.key.toLowerCase())}"]`);
    const act = SINGLE_KEYS[event.key] || (pressed && (() => answer(pressed, event)));
    if (!act) return;
    event.preventDefault();
    act();
  }

  // A key answers for what somebody has seen: not for the page that has only just opened,
  // not twice for the one that is on its way out, and not for as long as it is held down.
  const SEEN_AFTER_MS = 300;
  let isLeaving = false;
  const isSeen = () => document.body.hasAttribute("data-seen");
  function showSeen() {
    isLeaving = false;
    setTimeout(() => document.body.setAttribute("data-seen", ""), SEEN_AFTER_MS);
  }

  function answer(pressed, event) {
    if (isLeaving || event.repeat) return;
    if (!isSeen()) {
      document.dispatchEvent(new Event("too-early"));
      return;
    }
    pressed.click();
    isLeaving = true;
    document.body.removeAttribute("data-seen");
  }

  const TOO_EARLY =
    "That came before the page could be read, so nothing was done. Press again if you meant it.";
  on("too-early", () =>
    document.dispatchEvent(new CustomEvent("toast", { detail: { value: TOO_EARLY } })),
  );

  const isTyping = (element) =>
    element.isContentEditable ||
    (/^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName) &&
      !/^(checkbox|radio)$/.test(element.type));

  on("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      pressCtrl(event);
      return;
    }
    const isSingle = !event.altKey && !event.metaKey && !event.ctrlKey;
    const isOff = document.body.dataset.keys === "off";
    if (isSingle && !isOff && !isTyping(event.target) && !one("dialog[open]")) {
      pressSingle(event);
    }
  });

  // Also of a page that the browser kept, and brings back as it was left.
  addEventListener("pageshow", showSeen);
})();
