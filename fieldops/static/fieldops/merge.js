// Who keeps another record means its values: those that nobody has chosen go with it, and
// where it has none another's is taken. Without it every field is chosen by hand.
(() => {
  "use strict";
  const rows = [...document.querySelectorAll("[data-choice]")];

  const radios = (row) => [...row.querySelectorAll("input[type=radio]")];

  function preset(row, kept) {
    const filled = radios(row).filter((radio) => !radio.hasAttribute("data-blank"));
    const own = filled.find((radio) => radio.value === kept);
    (own || filled[0]).checked = true;
  }

  // Arrow keys click as well; who clicks what is chosen already means it.
  document.addEventListener("click", ({ target }) => {
    if (target.type === "radio")
      target.closest("[data-choice]")?.setAttribute("data-chosen", "");
  });
  function follow(kept) {
    rows
      .filter((row) => !row.hasAttribute("data-chosen"))
      .forEach((row) => preset(row, kept.value));
  }
  document.addEventListener("change", ({ target }) => {
    if (target.name === "kept") follow(target);
  });

  // What was chosen before this ran, or before somebody left the page and came back.
  rows
    .filter((row) => radios(row).some((radio) => radio.checked !== radio.defaultChecked))
    .forEach((row) => row.setAttribute("data-chosen", ""));
  const kept = document.querySelector("input[name=kept]:checked");
  if (kept && !kept.defaultChecked) follow(kept);
})();
