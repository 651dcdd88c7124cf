/* What a page does beyond plain HTML: the search palette, keys, dialogs, one submit only.
   Everything here is a convenience: each page works without it. */
"use strict";

const palette = document.getElementById("palette");

function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  palette.querySelector("input").select();
}

function isTyping(target) {
  return target.closest("input, select, textarea, [contenteditable]") !== null;
}

/* Move focus up or down a list of elements; from outside the list, to its first. */
function step(elements, by) {
  const list = [...elements];
  const at = list.indexOf(list.find((element) => element.contains(document.activeElement)));
  const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  if (next) next.focus();
}

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && key === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (palette && palette.open && key === "escape") {
    event.preventDefault(); /* a search field would only be emptied */
    palette.close();
    return;
  }
  if (palette && palette.open && (key === "arrowdown" || key === "arrowup")) {
    event.preventDefault();
    step(palette.querySelectorAll("input, .hit"), key === "arrowdown" ? 1 : -1);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || (palette && palette.open)) return;
  if (key === "/") {
    event.preventDefault();
    openPalette();
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog").close();
});

/* A second press of a button must not send a form twice; coming back to the page makes it usable again. */
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

/* A table copied from Word keeps its cells only as HTML: it is written out as cells parted by tabs, quoted where they hold lines. */
document.addEventListener("paste", (event) => {
  const area = event.target.closest("[data-paste] textarea");
  const html = area && event.clipboardData.getData("text/html");
  if (!html || !/<table/i.test(html)) return;
  const tables = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("table")];
  const table = tables.reduce((largest, each) => (each.rows.length > largest.rows.length ? each : largest));
  const written = (cell) => {
    for (const end of cell.querySelectorAll("br, p, div, li")) end.after("\n");
    const text = cell.textContent.split("\n").map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean).join("\n");
    return /[\t\n"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const rows = [...table.rows].map((row) =>
    [...row.cells].flatMap((cell) => [written(cell), ...Array(Math.min(cell.colSpan, 60) - 1).fill("")]).join("\t"),
  );
  event.preventDefault();
  area.setRangeText(rows.join("\n"), area.selectionStart, area.selectionEnd, "end");
});

/* What the numbers of a column add up to while one types; the page says the same once it is sent. */
for (const told of document.querySelectorAll("[data-sum-of]")) {
  const form = told.closest("form");
  const number = /[\d.,]+/;
  form.addEventListener("input", (event) => {
    if (!event.target.name || !event.target.name.endsWith(`-${told.dataset.sumOf}`)) return;
    const fields = form.querySelectorAll(`[name$="-${told.dataset.sumOf}"]`);
    const total = [...fields].reduce((sum, field) => sum + (Number.parseFloat(field.value.replace(",", ".")) || 0), 0);
    const shown = (Math.round(total * 10) / 10).toLocaleString(document.documentElement.lang, { useGrouping: false });
    told.textContent = told.textContent.replace(number, shown);
  });
}
