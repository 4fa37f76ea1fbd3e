// Comfort only: every page works without this file.
"use strict";

(() => {
  const isTyping = (target) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

  // "/" or Ctrl K goes to the search, Escape closes open menus.
  document.addEventListener("keydown", (event) => {
    const search = document.querySelector("[data-search]");
    const asksForSearch = (event.key === "/" && !event.ctrlKey && !event.metaKey && !isTyping(event.target)) || ((event.ctrlKey || event.metaKey) && event.key === "k");
    if (search && asksForSearch) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.open = false;
        if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      }
    }
  });

  // A click elsewhere closes open menus.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // The theme changes at once; the form is sent all the same, so that the choice is kept.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme === "system") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", theme);
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.submitter));
    const body = new FormData(form);
    body.set("theme", theme);
    fetch(form.action, { method: "POST", body, redirect: "manual" });
  });

  // A form field with this mark sends its form when it changes.
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches("[data-sends]")) event.target.form.requestSubmit();
  });

  // Files may be dropped on the zone around a file field; their names are listed before they are sent.
  const zoneOf = (event) => (event.target instanceof Element ? event.target.closest(".drop-zone") : null);
  const list = (zone, files) => {
    const names = zone.querySelector("[data-names]");
    if (!names) return;
    names.replaceChildren(...[...files].map((file) => {
      const item = document.createElement("li");
      item.textContent = file.name;
      return item;
    }));
  };
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      const zone = zoneOf(event);
      if (!zone) return;
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    const zone = zoneOf(event);
    if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    const zone = zoneOf(event);
    const field = zone && zone.querySelector("input[type=file]");
    if (!field || !event.dataTransfer) return;
    event.preventDefault();
    zone.classList.remove("is-over");
    field.files = event.dataTransfer.files;
    list(zone, field.files);
  });
  document.addEventListener("change", (event) => {
    const zone = zoneOf(event);
    if (zone && event.target.files) list(zone, event.target.files);
  });
})();
