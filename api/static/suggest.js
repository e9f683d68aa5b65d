// Suggests, below the box of a search, things whose names begin as what is typed; without scripts the box is a plain one.
// Source of roles and keys: WAI-ARIA Authoring Practices, the combobox with a list that completes.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("input[data-suggestions]");
  if (!box) return;
  const list = document.createElement("ul");
  const status = document.createElement("p");
  const WAIT_MS = 150, SHORTEST = 2;
  let active = -1, timer = 0, asking = null;
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-labelledby", `${box.id}-label`);
  status.className = "hidden";
  status.setAttribute("role", "status");
  box.closest(".combo").append(list, status);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
    ["aria-controls", list.id]]) box.setAttribute(name, value);

  const expectNothing = () => {
    clearTimeout(timer);
    if (asking) asking.abort();
  };
  const close = () => {
    expectNothing();
    list.hidden = true;
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const mark = (number) => {
    const options = [...list.children];
    active = (number + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    box.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  };
  const open = () => {
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
  };
  const go = (option) => {
    const there = new URL(option.dataset.address, location);
    location.assign(there.pathname + there.search + there.hash);  // of this server, whatever name a proxy gives it
  };
  const show = ([typed, names, kinds, addresses]) => {
    list.dataset.of = typed;
    list.replaceChildren(...names.map((name, at) => {
      const option = document.createElement("li"), kind = document.createElement("span");
      option.id = `suggestion-${at}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.address = addresses[at];
      kind.className = "quiet";
      kind.textContent = kinds[at];
      option.append(`${name} `, kind);
      return option;
    }));
    const several = names.length === 1 ? box.dataset.one : box.dataset.several;
    status.textContent = names.length ? `${names.length} ${several}` : box.dataset.none;
    active = -1;
    box.removeAttribute("aria-activedescendant");
    if (names.length) open(); else close();
  };
  const ask = async () => {
    const typed = box.value.trim();
    if (asking) asking.abort();
    if (typed.length < SHORTEST) return close();
    asking = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.suggestions}&q=${encodeURIComponent(typed)}`, { signal: asking.signal });
      if (answer.ok && document.activeElement === box) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close();  // the box works without
    }
  };

  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const there = list.children.length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!there) return;
      event.preventDefault();
      expectNothing();  // what one walks through is not exchanged on the way
      if (list.hidden) open();
      mark(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      go(list.children[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());  // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
});
