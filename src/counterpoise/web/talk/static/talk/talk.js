// Names complete as somebody types them after an @. Typed whole, they are found without this.
// An address that names words by its last part alone leads to the page on which they stand.
"use strict";
(() => {
  const PART = /(?:^|[^\p{L}\p{N}_@])@([\p{L}\p{N}_]?[^@\n]{0,40})$/u;
  let asked = 0;

  const boxOf = (area) => {
    if (area.parentElement.classList.contains("talk-box")) return area.parentElement;
    const box = document.createElement("div");
    box.className = "talk-box";
    area.replaceWith(box);
    box.append(area);
    return box;
  };
  const offerOf = (area) => area.parentElement.querySelector(".talk-offer");
  const close = (area) => offerOf(area)?.remove();
  const typed = (area) => PART.exec(area.value.slice(0, area.selectionStart))?.[1];

  const take = (area, name) => {
    const start = area.selectionStart - typed(area).length;
    area.setRangeText(`${name} `, start, area.selectionStart, "end");
    close(area);
    area.focus();
  };

  const offer = async (area) => {
    const part = typed(area);
    const turn = ++asked;
    if (part === undefined) return close(area);
    const where = area.closest("[data-names]").dataset.names;
    const answer = await fetch(`${where}?q=${encodeURIComponent(part)}`).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const names = [...found.querySelectorAll("[data-name]")].map((each) => each.dataset.name);
    close(area);
    if (!names.length) return;
    const caret = area.selectionStart;
    const list = document.createElement("ul");
    list.className = "talk-offer";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "People who may open this");
    names.forEach((name, at) => {
      const line = document.createElement("li");
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(at === 0));
      line.dataset.name = name;
      line.textContent = name;
      line.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(area, name);
      });
      list.append(line);
    });
    boxOf(area).append(list);
    area.focus();
    area.setSelectionRange(caret, caret);
  };

  const isOurs = (target) => target.matches?.("[data-names] textarea");
  document.addEventListener("input", (event) => {
    if (isOurs(event.target)) offer(event.target);
  });
  document.addEventListener("focusout", (event) => {
    if (isOurs(event.target)) setTimeout(() => {
      if (document.activeElement !== event.target) close(event.target);
    }, 150);
  });
  document.addEventListener("keydown", (event) => {
    if (!isOurs(event.target)) return;
    const area = event.target;
    const lines = [...(offerOf(area)?.children ?? [])];
    if (!lines.length) return;
    const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      lines[at].setAttribute("aria-selected", "false");
      lines[(at + step + lines.length) % lines.length].setAttribute("aria-selected", "true");
    } else if (event.key === "Enter" || event.key === "Tab") {
      take(area, lines[at].dataset.name);
    } else if (event.key === "Escape") {
      close(area);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const words = /^#words-(\d+)$/.exec(location.hash)?.[1];
  const isLookedFor = new URLSearchParams(location.search).has("words");
  if (words && !isLookedFor && location.pathname.startsWith("/talk/on/")) {
    if (!document.getElementById(`words-${words}`)) {
      location.replace(`${location.pathname}?words=${words}#words-${words}`);
    }
  }
})();
