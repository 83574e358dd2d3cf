"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("x-data").textContent);
  const states = { real: "real", kept: "kept", surplus: "good, not needed", rejected: "rejected", held_out: "judged" };
  const rows = data.rows.map((row, id) => ({ ...row, id, m: row.m || [], f: row.f || [], v: row.v || 0, low: row.t.toLowerCase() }));
  const HEIGHT = 56;
  let shown = rows;
  let at = 0;

  // Every text goes into the page as text.
  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const option = (select, value, text) => {
    const element = make("option", "", text);
    element.value = value;
    select.append(element);
  };
  const described = ([outcome, check, reason]) => `${outcome}: ${check}, ${reason}`;

  // Of a held-out row whose answer the new rows change.
  const isGained = (row) => row.p[1] === row.l;
  const effects = {
    changed: ["changed by the new rows", (row) => row.p],
    gained: ["right only with the new rows", (row) => row.p && isGained(row)],
    lost: ["wrong only with the new rows", (row) => row.p && !isGained(row)],
    harmful: ["harmful new rows", (row) => 0 > row.v],
    helpful: ["helpful new rows", (row) => row.v > 0],
  };
  const controls = ["search", "label", "state", "effect", "finding", "order"];

  const words = (text) => text.match(/\s+|[^\s]+/g) || [];
  // The longest common sequence of words, as [text, is_new].
  const difference = (source, text) => {
    const a = words(source).filter((w) => w.trim()).slice(0, 400);
    const b = words(text).slice(0, 800);
    const own = b.map((w, i) => [w, i]).filter(([w]) => w.trim());
    const n = a.length, m = own.length;
    const table = Array.from({ length: n + 1 }, () => new Uint16Array(m + 1));
    for (let i = n - 1; i >= 0; i--) {
      for (let j = m - 1; j >= 0; j--) {
        table[i][j] = a[i] === own[j][0] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
      }
    }
    const common = new Set();
    for (let i = 0, j = 0; n > i && m > j;) {
      if (a[i] === own[j][0]) { common.add(own[j][1]); i++; j++; }
      else if (table[i + 1][j] >= table[i][j + 1]) i++;
      else j++;
    }
    return b.map((w, i) => [w, Boolean(w.trim()) && !common.has(i)]);
  };
  // Share of words that are not in the source; of a row without one it is not known.
  const changed = (row) => {
    if (row.c === undefined) {
      const source = new Set(row.m.join(" ").toLowerCase().split(/\s+/));
      const own = row.low.split(/\s+/).filter(Boolean);
      row.c = row.m.length && own.length ? own.filter((w) => !source.has(w)).length / own.length : -1;
    }
    return row.c;
  };

  const show = (row) => {
    const one = $("x-row");
    one.replaceChildren();
    if (!row) return;
    const head = make("p", "what");
    const tag = make("span", "tag", data.labels[row.l]);
    const link = make("a", "", "link to this row");
    link.href = `#row-${row.id + 1}`;
    head.append(tag, ` ${states[row.s]} · row ${row.id + 1} · `, link);
    const text = make("p", "text");
    if (row.m.length) {
      for (const [word, isNew] of difference(row.m.join(" "), row.t)) text.append(isNew ? make("mark", "", word) : word);
    } else {
      text.textContent = row.t;
    }
    one.append(head, text);
    row.m.forEach((source, i) => one.append(make("p", "source", `${i ? "and from" : "made from"} “${source}”`)));
    if (row.p) one.append(make("p", isGained(row) ? "source" : "finding bad", `Only real rows call it “${data.labels[row.p[0]]}”, with the new rows it is called “${data.labels[row.p[1]]}”: ${isGained(row) ? "now right" : "now wrong"}.`));
    if (row.v) one.append(make("p", 0 > row.v ? "finding bad" : "source", `It pulls real rows near it towards ${0 > row.v ? "a wrong" : "their right"} label.`));
    row.f.forEach((f) => one.append(make("p", data.findings[f][0] === "rejected" ? "finding bad" : "finding", described(data.findings[f]))));
    if (row.m.length) one.append(make("p", "what", "Marked words are not in the text that it was made from."));
  };

  const list = $("x-list"), space = $("x-space");
  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / HEIGHT) - 4);
    const last = Math.min(shown.length, first + Math.ceil(list.clientHeight / HEIGHT) + 8);
    space.style.height = `${shown.length * HEIGHT}px`;
    space.replaceChildren();
    for (let i = first; last > i; i++) {
      const row = shown[i];
      const item = make("div", `item ${row.s}`);
      item.id = `x-item-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(i === at));
      item.style.top = `${i * HEIGHT}px`;
      const tag = make("span", "tag", data.labels[row.l]);
      const state = make("span", "what", states[row.s] + (row.f.length ? ` · ${data.findings[row.f[0]][1]}` : ""));
      item.append(tag, state, make("span", "line", row.t));
      item.addEventListener("click", () => choose(i));
      space.append(item);
    }
    list.setAttribute("aria-activedescendant", `x-item-${at}`);
  };
  const choose = (i) => {
    if (!shown.length) { show(null); draw(); return; }
    at = Math.min(Math.max(i, 0), shown.length - 1);
    if (list.scrollTop > at * HEIGHT) list.scrollTop = at * HEIGHT;
    if ((at + 1) * HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = (at + 1) * HEIGHT - list.clientHeight;
    show(shown[at]);
    draw();
  };

  const orders = {
    label: (a, b) => a.l - b.l || a.id - b.id,
    longest: (a, b) => b.t.length - a.t.length || a.id - b.id,
    shortest: (a, b) => a.t.length - b.t.length || a.id - b.id,
    changed: (a, b) => changed(b) - changed(a) || a.id - b.id,
    harmful: (a, b) => a.v - b.v || a.id - b.id,
    helpful: (a, b) => b.v - a.v || a.id - b.id,
    near: (a, b) => (0 > changed(a)) - (0 > changed(b)) || changed(a) - changed(b) || a.id - b.id,
  };
  const apply = () => {
    const [search, label, state, effect, finding, order] = controls.map((id) => $(`x-${id}`).value);
    const wanted = search.toLowerCase().trim();
    shown = rows.filter((row) =>
      (!wanted || row.low.includes(wanted)) && (label === "" || row.l === Number(label)) && (!state || row.s === state) &&
      (!effect || effects[effect][1](row)) &&
      (!finding || (finding === "none" ? !row.f.length : finding === "any" ? row.f.length : finding === "warning"
        ? row.f.some((f) => data.findings[f][0] === "warning") : row.f.includes(Number(finding)))));
    if (order) shown = shown.slice().sort(orders[order]);
    $("x-count").textContent = `${shown.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} rows`;
    list.scrollTop = 0;
    choose(0);
  };

  data.labels.forEach((label, i) => option($("x-label"), i, label));
  Object.entries(states).forEach(([state, text]) => option($("x-state"), state, text));
  option($("x-finding"), "any", "some finding");
  option($("x-finding"), "none", "none");
  option($("x-finding"), "warning", "some warning");
  data.findings.forEach((finding, i) => option($("x-finding"), i, described(finding)));
  // An effect that no row has is not offered.
  Object.entries(effects).filter(([, [, has]]) => rows.some(has)).forEach(([effect, [text]]) => option($("x-effect"), effect, text));
  controls.forEach((id) => $(`x-${id}`).addEventListener("input", apply));
  list.addEventListener("scroll", () => requestAnimationFrame(draw));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    choose(at + step);
  });
  const follow = () => {
    const id = Number((/^#row-(\d+)$/.exec(location.hash) || [])[1]) - 1;
    if (!(id >= 0 && rows.length > id)) return;
    controls.forEach((name) => { $(`x-${name}`).value = ""; });
    apply();
    choose(shown.findIndex((row) => row.id === id));
    document.querySelector(".explorer").scrollIntoView();
  };
  document.querySelector(".explorer").hidden = false;
  document.querySelectorAll(".without").forEach((element) => { element.hidden = true; });
  apply();
  addEventListener("hashchange", follow);
  follow();
})();
