// Draws the charts of a page. Their bundle is fetched only where there is one.
"use strict";
(() => {
  const bundle = document.querySelector('meta[name="charts"]')?.content;
  let loaded;
  const load = () => (loaded ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = bundle;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  }));

  // Specs name colours as the tokens do, so that light, dark and print need no other spec.
  const coloured = (part, tokens) => {
    if (typeof part === "string") {
      return part.replace(/var\((--[\w-]+)\)/g, (_, name) => tokens.getPropertyValue(name).trim());
    }
    if (Array.isArray(part)) return part.map((each) => coloured(each, tokens));
    if (part && typeof part === "object") {
      return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, coloured(each, tokens)]));
    }
    return part;
  };

  const draw = async (figure) => {
    const spec = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const tokens = getComputedStyle(document.documentElement);
    figure.dataset.drawn = "";
    await window.drawChart(figure.querySelector(".chart-drawn"), coloured(spec, tokens), {
      actions: false, ast: true, defaultStyle: false, renderer: "svg",
      tooltip: { disableDefaultStyle: true },
    });
  };
  const drawAll = async (within) => {
    const figures = [...within.querySelectorAll("figure[data-chart]")];
    if (!figures.length || !bundle) return;
    await load();
    for (const figure of figures) await draw(figure);
  };

  drawAll(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) drawAll(event.target);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
})();
