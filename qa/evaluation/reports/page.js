// Filters and sorts the table of questions. The state stands in the address (#q=truce&outcome=wrong&sort=-f1), so that it
// can be sent to somebody; #item-ID opens one question.
"use strict";
(() => {
  const form = document.getElementById("filter");
  const table = document.getElementById("questions");
  const rows = [...table.tBodies];
  const heads = [...table.tHead.rows[0].cells];
  // Read once: lower case, and with the evidence that is folded away.
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  let sort = "";

  const matches = (row, wanted) =>
    wanted.q.every((word) => texts.get(row).includes(word)) &&
    (!wanted.outcome || row.dataset.outcome === wanted.outcome) &&
    (!wanted.tag || row.dataset.tag.split("\n").includes(wanted.tag)) &&
    (!wanted.change || row.dataset.change === wanted.change);

  const value = (name) => form.elements[name]?.value ?? "";

  const show = () => {
    const wanted = {
      q: value("q").toLowerCase().split(/\s+/).filter(Boolean),
      outcome: value("outcome"), tag: value("tag"), change: value("change"),
    };
    let shown = 0;
    for (const row of rows) {
      row.hidden = !matches(row, wanted);
      shown += row.hidden ? 0 : 1;
    }
    form.elements.count.value = `${shown} of ${rows.length}`;
    document.getElementById("none").hidden = shown > 0;
    arrange();
  };

  const arrange = () => {
    const key = sort.replace(/^-/, "");
    const direction = sort.startsWith("-") ? -1 : 1;
    const numeric = key === "f1" || key === "time";
    const compare = (a, b) => {
      const [x, y] = [a.dataset[key], b.dataset[key]];
      // A question that the measure does not apply to stands last either way.
      if (x === "" || y === "") return (x === "") - (y === "");
      return direction * (numeric ? x - y : x.localeCompare(y));
    };
    table.append(...(key ? [...rows].sort(compare) : rows));
    for (const head of heads) {
      if (head.dataset.key === key) head.setAttribute("aria-sort", direction < 0 ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  };

  const keep = () => {
    const state = new URLSearchParams();
    for (const name of ["q", "outcome", "tag", "change"]) if (value(name)) state.set(name, value(name));
    if (sort) state.set("sort", sort);
    // A page opened from a file may be refused a new address; the filter works all the same.
    try { history.replaceState(null, "", state.size ? `#${state}` : location.pathname); } catch { }
  };

  const restore = () => {
    const hash = location.hash.slice(1);
    if (hash.startsWith("item-")) {
      const item = document.getElementById(decodeURIComponent(hash));
      if (item) {
        item.querySelector("details").open = true;
        item.scrollIntoView();
      }
      return;
    }
    const state = new URLSearchParams(hash);
    for (const name of ["q", "outcome", "tag", "change"]) {
      if (form.elements[name]) form.elements[name].value = state.get(name) ?? "";
    }
    const asked = state.get("sort") ?? "";
    sort = heads.some((head) => head.dataset.key === asked.replace(/^-/, "")) ? asked : "";
  };

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const key = head.dataset.key;
      sort = sort === key ? `-${key}` : sort === `-${key}` ? "" : key;
      show();
      keep();
    });
    head.append(button);
  }
  form.addEventListener("input", () => { show(); keep(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => { restore(); show(); });
  form.hidden = false;
  restore();
  show();
  document.documentElement.dataset.script = "ran";
})();
