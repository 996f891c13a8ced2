// Rows of a form that can grow and shrink: the people at a contact. Without it there are
// two blank rows, and a row that is cleared counts for nothing.
(() => {
  "use strict";
  for (const list of document.querySelectorAll("[data-row-list]")) {
    const rows = list.querySelector("[data-rows]");
    const blank = list.querySelector("[data-blank-row]");
    const total = list.querySelector(`[name="${list.dataset.rowList}-TOTAL_FORMS"]`);
    const boxes = (row) => [...row.querySelectorAll("input")];
    const typed = (row) =>
      boxes(row).some((box) => (box.type === "checkbox" ? box.checked : box.value));
    const changed = () => list.dispatchEvent(new Event("input", { bubbles: true }));

    const add = () => {
      rows.insertAdjacentHTML(
        "beforeend",
        blank.innerHTML.replaceAll("__prefix__", total.value),
      );
      total.value = Number(total.value) + 1;
      boxes(rows.lastElementChild)[0].focus();
    };
    const remove = (row) => {
      const beside = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      (beside ? boxes(beside)[0] : list.querySelector("[data-add-row]")).focus();
      changed();
    };

    list.addEventListener("click", (event) => {
      if (event.target.closest("[data-add-row]")) add();
      const button = event.target.closest("[data-remove-row]");
      if (button) remove(button.closest("[data-row]"));
    });
    // Enter goes on to the next person, and never sends the form.
    list.addEventListener("keydown", (event) => {
      const row = event.target.closest("[data-row]");
      if (event.key !== "Enter" || !row || !event.target.matches("input")) return;
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (row.nextElementSibling) boxes(row.nextElementSibling)[0].focus();
      else add();
    });
    for (const row of [...rows.children]) if (!typed(row)) row.remove();
  }
})();
