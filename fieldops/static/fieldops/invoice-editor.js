// The invoice editor: more lines, fewer lines, keys. Without it the form still works.
(() => {
  "use strict";
  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const body = form.querySelector("[data-lines]");
  const blank = document.getElementById("blank-line");
  const total = form.querySelector('[name="lines-TOTAL_FORMS"]');
  const rows = () => [...body.querySelectorAll("[data-line]")];
  const typed = (row) =>
    [...row.querySelectorAll("input:not([type=hidden]), textarea")].some((box) => box.value);

  function addLine() {
    const markup = blank.innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    body.insertAdjacentHTML("beforeend", markup);
    const row = body.lastElementChild;
    htmx.process(row);
    row.querySelector("input").focus();
  }

  // The server counts what is blank as no line, so a removed row just leaves a gap.
  function removeLine(row) {
    const beside = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    if (beside) beside.querySelector("input").focus();
    else addLine();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Enter goes down a line, and from the last one to a new one; it never sends the form.
  function goDown(box) {
    const row = box.closest("[data-line]");
    const next = row.nextElementSibling;
    if (!next) {
      addLine();
      return;
    }
    const column = [...row.children].indexOf(box.closest("td"));
    next.children[column].querySelector("input, select, textarea").focus();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-add-line]")) addLine();
    const remove = event.target.closest("[data-remove-line]");
    if (remove) removeLine(remove.closest("[data-line]"));
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      (form.querySelector("[data-approve]") || form.querySelector("[data-save]")).click();
      event.preventDefault();
      return;
    }
    const box = event.target;
    if (event.shiftKey || !box.matches("input, select, textarea")) return;
    if (box.closest("[data-line]")) {
      goDown(box);
      event.preventDefault();
    } else if (box.matches("input")) {
      event.preventDefault();
    }
  });

  // What somebody types while a line is being filled stays theirs.
  const values = (row) => [...row.querySelectorAll("[name]")].map((box) => [box.name, box.value]);
  const asked = new WeakMap();
  let typedMeanwhile = [];

  body.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (target.matches("[data-line]")) asked.set(target, new Map(values(target)));
  });
  body.addEventListener("htmx:beforeSwap", ({ target }) => {
    const before = asked.get(target);
    if (before)
      typedMeanwhile = values(target).filter(([name, value]) => before.get(name) !== value);
  });
  body.addEventListener("htmx:afterSwap", () => {
    typedMeanwhile.forEach(([name, value]) => (form.elements[name].value = value));
    typedMeanwhile = [];
  });

  // One blank line is enough where more can be added.
  rows()
    .filter((row) => !typed(row))
    .slice(rows().some(typed) ? 0 : 1)
    .forEach((row) => row.remove());
  if (!form.hasAttribute("data-dirty")) {
    const customer = form.querySelector("#id_customer");
    (customer.value ? body.querySelector("input") : customer)?.focus();
  }
})();
