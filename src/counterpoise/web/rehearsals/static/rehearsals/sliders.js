// Sliders beside the rates of a trial. Without this script the number fields do their work.
"use strict";
(() => {
  const numberOf = (slider) => document.getElementById(slider.dataset.slides);

  const mark = (number) => {
    const dial = number.closest("[data-dial]");
    const moved = number.value !== "" && Number(number.value) !== Number(number.dataset.agreed);
    dial?.classList.toggle("dial-moved", moved);
  };

  const begin = (within) => {
    for (const slider of within.querySelectorAll("[data-slides]")) {
      slider.hidden = false;
      slider.value = numberOf(slider).value;
    }
  };

  document.addEventListener("input", (event) => {
    const slider = event.target.closest("[data-slides]");
    if (slider) {
      const number = numberOf(slider);
      number.value = slider.value;
      mark(number);
      return;
    }
    const number = event.target.closest("[data-dial] input[type=number]");
    if (number) {
      const beside = number.closest("[data-dial]").querySelector("[data-slides]");
      if (Number(number.value) > Number(beside.max)) beside.max = Math.min(100, Math.ceil(number.value / 10) * 10);
      beside.value = number.value;
      mark(number);
    }
  });

  document.addEventListener("DOMContentLoaded", () => begin(document));
  if (document.readyState !== "loading") begin(document);
})();
