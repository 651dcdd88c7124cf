/* The reading room: cards and sentences light each other, keys settle cards, words are chosen for a new fact; files are dropped.
   Everything here is a convenience: each page works without it. */
"use strict";

(() => {
  const cards = document.querySelector("[data-cards]");
  let litFact = null;
  let lastSettled = null;

  function ofFact(id) {
    return document.querySelectorAll(`[data-fact="${CSS.escape(id)}"]`);
  }

  /* Only what changes is touched: a document may have thousands of marks. */
  function lightFact(id) {
    if (id === litFact) return;
    if (litFact) for (const element of ofFact(litFact)) element.classList.remove("lit");
    if (id) for (const element of ofFact(id)) element.classList.add("lit");
    litFact = id;
  }

  function light(event) {
    const here = event.target.closest ? event.target.closest("[data-fact]") : null;
    if (here) lightFact(here.dataset.fact);
  }

  function view(name) {
    const choice = document.getElementById(`view-${name}`);
    if (choice) choice.checked = true;
  }

  function toCard(card) {
    view("facts");
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
    const words = document.querySelector(`.text [data-fact="${CSS.escape(card.dataset.fact)}"]`);
    if (words && words.offsetParent) words.scrollIntoView({ block: "center" });
  }

  function toSentence(card) {
    const link = card.querySelector("[data-sentence]");
    if (!link) return;
    link.click();
    setTimeout(() => card.focus({ preventScroll: true })); /* going to an anchor drops the focus */
  }

  /* Where one is: the card with the focus, else the last one lit. */
  function currentCard() {
    const focused = document.activeElement.closest(".fact");
    return focused || (litFact && document.getElementById(`fact-${litFact}`));
  }

  function stepCard(by) {
    const list = [...cards.querySelectorAll(".fact")];
    const at = list.indexOf(document.activeElement.closest(".fact"));
    const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
    if (next) toCard(next);
  }

  function press(card, key) {
    const button = card && card.querySelector(`.actions [data-key="${key}"]`);
    if (button) {
      button.click();
      return true;
    }
    const choices = key === "a" && card && card.querySelector(".choices button");
    if (choices) choices.focus();
    return Boolean(choices);
  }

  if (cards) {
    document.addEventListener("pointerover", light);
    document.addEventListener("focusin", light);

    document.addEventListener("keydown", (event) => {
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
      const inCards = cards.contains(document.activeElement);
      if (key === "j" || (inCards && key === "ArrowDown")) stepCard(1);
      else if (key === "k" || (inCards && key === "ArrowUp")) stepCard(-1);
      else if (key === "s") {
        const card = currentCard();
        if (card) toSentence(card);
      } else if (key === "u") {
        if (!press(document.activeElement.closest(".fact"), "u")) press(lastSettled && document.getElementById(`fact-${lastSettled}`), "u");
      } else if (["a", "c", "r"].includes(key)) press(document.activeElement.closest(".fact"), key);
      else {
        const button = document.querySelector(`[data-page-key="${CSS.escape(key)}"]`);
        if (!button) return;
        button.click();
      }
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);

    document.addEventListener("click", (event) => {
      const words = event.target.closest(".text a.span");
      const place = event.target.closest("[data-sentence]");
      if (words) {
        const card = document.getElementById(`fact-${words.dataset.fact}`);
        if (!card) return;
        event.preventDefault();
        view("facts");
        lightFact(words.dataset.fact);
        card.focus({ preventScroll: true });
        card.scrollIntoView({ block: "center" });
      } else if (place) {
        view("text");
      }
    });

    /* A card came back: on to the next that waits, or to the one that says why not. */
    document.body.addEventListener("settled", (event) => {
      const { fact, next, url, failed, waits } = event.detail;
      const says = document.getElementById("room-says");
      if (says) says.textContent = failed ? says.dataset.waits : says.dataset.done;
      const card = document.getElementById(`fact-${fact}`);
      if (!failed && !waits) lastSettled = fact;
      const following = next && document.getElementById(`fact-${next}`);
      if (failed || !next) {
        if (card) toCard(card);
      } else if (following) toCard(following);
      else location.assign(url);
    });

    const chosenPart = document.querySelector("[data-goes]");
    if (chosenPart) chosenPart.addEventListener("change", () => chosenPart.form.requestSubmit());

    /* Words chosen in the text become a fact by hand. */
    const text = document.querySelector("[data-selects]");
    const adds = document.getElementById("add-selected");
    if (text && adds) {
      document.addEventListener("selectionchange", () => {
        const selection = getSelection();
        const words = selection.toString().trim();
        adds.hidden = !(words && words.length < 2000 && selection.anchorNode && text.contains(selection.anchorNode) && text.contains(selection.focusNode));
      });
      adds.addEventListener("mousedown", (event) => event.preventDefault()); /* pressing it must not drop the selection */
      adds.addEventListener("click", () => {
        const range = getSelection().getRangeAt(0);
        const sentence = (range.startContainer.parentElement || text).closest(".sentence");
        const query = new URLSearchParams({ words: getSelection().toString().trim(), at: sentence ? sentence.dataset.at : "0", kind: "" });
        location.assign(`${text.dataset.selects}?${query}`);
      });
    }

    const place = location.hash.startsWith("#fact-") && document.getElementById(location.hash.slice(1));
    if (place) toCard(place);
    else if (location.hash) view("text");
  }

  /* Words of the sentence go into the field that had the focus last. */
  const sentence = document.querySelector("[data-fills]");
  const fill = document.getElementById("fill-selected");
  if (sentence && fill) {
    let field = null;
    let words = "";
    document.addEventListener("focusin", (event) => {
      if (event.target.matches(".form input.control, .form textarea.control")) field = event.target;
    });
    document.addEventListener("selectionchange", () => {
      const selection = getSelection();
      if (selection.anchorNode && sentence.contains(selection.anchorNode)) words = selection.toString().trim();
      fill.disabled = !(words && field);
    });
    fill.addEventListener("mousedown", (event) => event.preventDefault());
    fill.addEventListener("click", () => {
      field.value = words;
      field.focus();
    });
  }

  /* Files dropped on the form stand in its own field, so that they are sent like chosen ones. */
  const drop = document.querySelector("[data-drop]");
  if (drop) {
    const input = drop.querySelector("input[type=file]");
    const list = drop.querySelector("[data-chosen]");
    const show = () => {
      list.replaceChildren(...[...input.files].map((file) => {
        const item = document.createElement("li");
        item.textContent = file.name;
        return item;
      }));
      list.hidden = !input.files.length;
    };
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.add("over");
      });
    }
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      const all = new DataTransfer();
      for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
      input.files = all.files;
      show();
    });
    input.addEventListener("change", show);
  }
})();
