/* Calling people by @name: while one is typed, those who may see the record are offered. Without this the user name is typed out. */
"use strict";

function setUpPeople(area) {
  const place = area.closest(".field");
  const list = document.createElement("div");
  list.className = "people";
  list.id = `${area.id}-people`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", area.dataset.peopleLabel);
  place.append(list);
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-autocomplete", "list");
  let asked = 0;

  /* The words between an @ and the caret; null where no name is being typed. */
  function typedName() {
    const found = /(?:^|[^\p{L}\p{N}_@./])@([\p{L}\p{N}_.+-]*(?: [\p{L}\p{N}]+){0,4})$/u.exec(area.value.slice(0, area.selectionStart));
    return found ? found[1] : null;
  }

  function close() {
    asked += 1;
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    const words = typedName();
    if (words === null) return close();
    const end = area.selectionStart;
    area.setRangeText(`@${option.dataset.username} `, end - words.length - 1, end, "end");
    close();
    area.focus();
  }

  function select(option) {
    for (const each of list.children) each.setAttribute("aria-selected", each === option ? "true" : "false");
    area.setAttribute("aria-activedescendant", option.id);
  }

  async function offer() {
    const words = typedName();
    if (words === null) return close();
    const turn = (asked += 1);
    const answer = await fetch(`${area.dataset.people}?${new URLSearchParams({ q: words })}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || turn !== asked) return;
    const { people } = await answer.json();
    if (turn !== asked) return;
    list.replaceChildren(
      ...people.map((person, place) => {
        const option = document.createElement("div");
        option.id = `${list.id}-${place}`;
        option.dataset.username = person.username;
        option.setAttribute("role", "option");
        const name = document.createElement("b");
        name.className = "strong";
        name.textContent = person.name;
        option.append(name, ` @${person.username}`);
        const body = document.createElement("span");
        body.className = "note";
        body.textContent = person.institution;
        option.append(body);
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault(); /* the text area keeps the caret */
          choose(option);
        });
        return option;
      }),
    );
    list.hidden = people.length === 0;
    if (people.length) select(list.firstElementChild);
  }

  area.addEventListener("input", offer);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const options = [...list.children];
    const now = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      select(options[(now + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length]);
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      choose(options[now]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
}

for (const area of document.querySelectorAll("textarea[data-people]")) setUpPeople(area);
