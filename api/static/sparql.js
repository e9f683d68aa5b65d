// Puts an editor with completion from our vocabulary in the place of the plain form, which stays where scripts do not run.
"use strict";
addEventListener("DOMContentLoaded", async () => {
  const place = document.getElementById("editor");
  const plain = document.getElementById("plain");
  const box = document.getElementById("query");
  const examples = document.getElementById("examples");
  const here = new URL("/sparql", location).href;  // a relative one would hide what the server says of an error
  const terms = await (await fetch(place.dataset.terms)).json();
  const named = (kind) => terms.terms.filter((one) => one.kind === kind);
  const matching = (list, begun) => list.filter((one) => (one.term + " " + one.iri + " " + one.label).toLowerCase()
    .includes(begun.toLowerCase())).map((one) => one.iri);
  const complete = (name, list) => Yasgui.Yasqe.forkAutocompleter(name, {
    name: "own-" + name, persistenceId: null, bulk: false,
    get: (yasqe, token) => Promise.resolve(matching(list, token ? token.autocompletionString || token.string || "" : "")),
  });
  complete("class", named("class"));
  complete("property", named("property"));
  Yasgui.Yasqe.defaults.autocompleters = ["variables", "own-class", "own-property"];
  Yasgui.Yasqe.defaults.addPrefix = undefined;
  const yasgui = new Yasgui(place, {
    requestConfig: { endpoint: here }, persistenceId: null, copyEndpointOnNewTab: true, endpointCatalogueOptions: { getData: () => [] },
    yasqe: { value: box.value, persistenceId: null, createShareableLink: null }, yasr: { prefixes: terms.prefixes, persistenceId: null },
  });
  const tab = () => yasgui.getTab();
  tab().setQuery(box.value);
  const keep = () => { document.getElementById("permalink").href = "/sparql?" + new URLSearchParams({ query: tab().getQuery() }); };
  tab().on("change", keep);
  place.addEventListener("keyup", keep);
  keep();
  // Its list of tabs says that it holds tabs alone, and holds a button too.
  const plainly = () => {
    for (const one of place.querySelectorAll("[role=tablist], [role=tab], [role=tabpanel]")) {
      for (const name of ["role", "aria-selected"]) one.removeAttribute(name);
    }
    for (const one of place.querySelectorAll(".CodeMirror-scroll")) {  // on a telephone a long line is scrolled to, by keyboard too
      one.tabIndex = 0;
      one.setAttribute("role", "group");
      one.setAttribute("aria-label", place.dataset.label);
    }
  };
  plainly();
  yasgui.on("tabAdd", () => setTimeout(plainly));
  for (const field of place.querySelectorAll(".CodeMirror textarea")) field.setAttribute("aria-label", place.dataset.label);
  const name_sizes = () => {  // how many rows the table of an answer shows, which is drawn anew with each answer
    for (const one of place.querySelectorAll("select.tableSizer:not([aria-label])")) one.setAttribute("aria-label", place.dataset.rows);
  };
  new MutationObserver(name_sizes).observe(place, { childList: true, subtree: true });
  name_sizes();
  examples.addEventListener("change", () => {
    const chosen = terms.examples.find((one) => one.name === examples.value);
    if (chosen) { tab().setQuery(chosen.query); keep(); }
  });
  document.getElementById("prefixes").addEventListener("click", () => {
    tab().getYasqe().addPrefixes(terms.prefixes);
    keep();
  });
  document.getElementById("with-script").hidden = false;
  plain.open = false;
});
