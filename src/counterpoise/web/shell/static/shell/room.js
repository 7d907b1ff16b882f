// Shortcuts and small comforts. Every page does its work without them.
"use strict";
(() => {
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
      const box = document.querySelector("[data-search]");
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    }
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      if (event.target.matches("[data-search]")) event.target.blur();
    }
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const copying = event.target.closest("[data-copy]");
    if (copying && navigator.clipboard) {
      const from = document.getElementById(copying.dataset.copy);
      navigator.clipboard.writeText(from.value ?? from.textContent.trim()).then(() => {
        copying.dataset.label ??= copying.textContent;
        copying.textContent = "Copied";
        setTimeout(() => { copying.textContent = copying.dataset.label; }, 2000);
      });
    }
  });

  // A list of choices that sends its form as soon as one is taken.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  // The second click on a button of an act that is on its way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // On a narrow screen the tab of this page may stand beyond the edge of its row.
  for (const here of document.querySelectorAll(".tabs [aria-current]")) {
    const row = here.closest(".tabs");
    const [place, all] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += place.left - all.left - (all.width - place.width) / 2;
  }

  const say = (words) => {
    const notice = document.createElement("div");
    notice.className = "notice notice-bad";
    notice.textContent = words;
    document.getElementById("messages")?.replaceChildren(notice);
  };
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    say(status === 403 ? "This is not open to you, or you were signed out. Load the page anew."
      : status === 429 ? "Too much at once. Wait a moment and try again."
      : "This failed on our side. Nothing was changed; try again.");
  });
  document.addEventListener("htmx:sendError", () => say("The room cannot be reached. Try again."));
})();
