"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  // Columns, since 50,000 objects take longer to make than everything else here together.
  const data = JSON.parse($("x-data").textContent);
  const n = data.label.length;
  const label = Uint16Array.from(data.label);
  const letters = { r: "real", k: "kept", s: "surplus", x: "rejected", h: "held_out" };
  const states = { real: "real", kept: "kept", surplus: "good, not needed", rejected: "rejected", held_out: "judged" };
  const state = (id) => letters[data.state[id]];
  // What few rows have, by row.
  const sparse = (lists) => new Map(lists.map(([id, ...values]) => [id, values]));
  const [from, found, called] = [data.from, data.found, data.called].map(sparse);
  const value = new Map(data.value);
  const none = [];
  const sources = (id) => (from.get(id) || none).map((at) => data.texts[at]);
  const findings = (id) => found.get(id) || none;
  const HEIGHT = 56;
  let shown = [];
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
  const isGained = (id) => called.get(id)[1] === label[id];
  const effects = {
    changed: ["changed by the new rows", (id) => called.has(id)],
    gained: ["right only with the new rows", (id) => called.has(id) && isGained(id)],
    lost: ["wrong only with the new rows", (id) => called.has(id) && !isGained(id)],
    harmful: ["harmful new rows", (id) => 0 > value.get(id)],
    helpful: ["helpful new rows", (id) => value.get(id) > 0],
  };
  const controls = ["search", "label", "state", "effect", "finding", "order"];

  const words = (text) => text.match(/\s+|[^\s]+/g) || [];
  // The longest common sequence of words, as [text, is_new].
  const difference = (source, text) => {
    const a = words(source).filter((w) => w.trim()).slice(0, 400);
    const b = words(text).slice(0, 800);
    const own = b.map((w, i) => [w, i]).filter(([w]) => w.trim());
    const [rows, columns] = [a.length, own.length];
    const table = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
    for (let i = rows - 1; i >= 0; i--) {
      for (let j = columns - 1; j >= 0; j--) {
        table[i][j] = a[i] === own[j][0] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
      }
    }
    const common = new Set();
    for (let i = 0, j = 0; rows > i && columns > j;) {
      if (a[i] === own[j][0]) { common.add(own[j][1]); i++; j++; }
      else if (table[i + 1][j] >= table[i][j + 1]) i++;
      else j++;
    }
    return b.map((w, i) => [w, Boolean(w.trim()) && !common.has(i)]);
  };
  // Share of words that are not in the source, in millionths; of a row without one it is not known. Counted once, and a source once
  // however many rows were made from it.
  const shares = new Map();
  const vocabularies = new Map();
  const lowWords = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  const vocabulary = (id) => {
    const key = from.get(id).join(" ");
    if (!vocabularies.has(key)) vocabularies.set(key, new Set(sources(id).flatMap(lowWords)));
    return vocabularies.get(key);
  };
  const changed = (id) => {
    if (!from.has(id)) return undefined;
    if (!shares.has(id)) {
      const own = lowWords(data.texts[id]), source = vocabulary(id);
      shares.set(id, own.length ? Math.round((1e6 * own.filter((w) => !source.has(w)).length) / own.length) : undefined);
    }
    return shares.get(id);
  };

  const show = (id) => {
    const one = $("x-row");
    one.replaceChildren();
    if (id === undefined) return;
    const head = make("p", "what");
    const tag = make("span", "tag", data.labels[label[id]]);
    const link = make("a", "", "link to this row");
    link.href = `#row-${id + 1}`;
    head.append(tag, ` ${states[state(id)]} · row ${id + 1} · `, link);
    const text = make("p", "text");
    const made = sources(id);
    if (made.length) {
      for (const [word, isNew] of difference(made.join(" "), data.texts[id])) text.append(isNew ? make("mark", "", word) : word);
    } else {
      text.textContent = data.texts[id];
    }
    one.append(head, text);
    made.forEach((source, i) => one.append(make("p", "source", `${i ? "and from" : "made from"} “${source}”`)));
    if (called.has(id)) {
      const [without, by] = called.get(id).map((name) => data.labels[name]);
      one.append(make("p", isGained(id) ? "source" : "finding bad", `Only real rows call it “${without}”, with the new rows it is called “${by}”: ${isGained(id) ? "now right" : "now wrong"}.`));
    }
    if (value.has(id)) one.append(make("p", 0 > value.get(id) ? "finding bad" : "source", `It pulls real rows near it towards ${0 > value.get(id) ? "a wrong" : "their right"} label.`));
    findings(id).forEach((f) => one.append(make("p", data.findings[f][0] === "rejected" ? "finding bad" : "finding", described(data.findings[f]))));
    if (made.length) one.append(make("p", "what", "Marked words are not in the text that it was made from."));
  };

  const list = $("x-list"), space = $("x-space");
  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / HEIGHT) - 4);
    const last = Math.min(shown.length, first + Math.ceil(list.clientHeight / HEIGHT) + 8);
    const items = [];
    for (let i = first; last > i; i++) {
      const id = shown[i];
      const item = make("div", `item ${state(id)}`);
      item.id = `x-item-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(i === at));
      item.style.top = `${i * HEIGHT}px`;
      const tag = make("span", "tag", data.labels[label[id]]);
      const own = findings(id);
      const what = make("span", "what", states[state(id)] + (own.length ? ` · ${data.findings[own[0]][1]}` : ""));
      item.append(tag, what, make("span", "line", data.texts[id]));
      item.addEventListener("click", () => choose(i));
      items.push(item);
    }
    space.replaceChildren(...items);
    if (shown.length) list.setAttribute("aria-activedescendant", `x-item-${at}`);
    else list.removeAttribute("aria-activedescendant");
  };
  const choose = (i) => {
    at = Math.min(Math.max(i, 0), Math.max(shown.length - 1, 0));
    if (list.scrollTop > at * HEIGHT) list.scrollTop = at * HEIGHT;
    if ((at + 1) * HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = (at + 1) * HEIGHT - list.clientHeight;
    draw();
    show(shown[at]);
  };

  // What rows are ordered by, smallest first, as a whole number.
  const MOST = 2e6;
  const keys = {
    label: (id) => label[id],
    longest: (id) => -data.texts[id].length,
    shortest: (id) => data.texts[id].length,
    changed: (id) => -(changed(id) ?? -1),
    harmful: (id) => value.get(id) ?? 0,
    helpful: (id) => -(value.get(id) ?? 0),
    near: (id) => changed(id) ?? MOST,
  };
  // Numbers are sorted without a comparison that is called each time; the row stands in the last places.
  const ordered = (ids, key) => {
    const packed = Float64Array.from(ids, (id) => key(id) * n + id).sort();
    return Array.from(packed, (number) => ((number % n) + n) % n);
  };

  // The rows that hold `wanted`; who types on looks only through those of the words so far.
  const all = Array.from({ length: n }, (_, id) => id);
  let low;
  let last = { wanted: "", ids: all };
  const searched = (wanted) => {
    if (wanted === "") return all;
    low ??= data.texts.slice(0, n).map((text) => text.toLowerCase());
    const among = wanted.includes(last.wanted) ? last.ids : all;
    last = { wanted, ids: among.filter((id) => low[id].includes(wanted)) };
    return last.ids;
  };
  const findingOf = (wanted) => ({
    none: (id) => !found.has(id),
    any: (id) => found.has(id),
    warning: (id) => findings(id).some((f) => data.findings[f][0] === "warning"),
  })[wanted] || ((id) => findings(id).includes(Number(wanted)));
  const apply = () => {
    const [search, ofLabel, ofState, effect, finding, order] = controls.map((id) => $(`x-${id}`).value);
    const tests = [];
    if (ofLabel !== "") { const wanted = Number(ofLabel); tests.push((id) => label[id] === wanted); }
    if (ofState) { const wanted = Object.keys(letters).find((letter) => letters[letter] === ofState); tests.push((id) => data.state[id] === wanted); }
    if (effect) tests.push(effects[effect][1]);
    if (finding) tests.push(findingOf(finding));
    shown = searched(search.toLowerCase().trim());
    for (const test of tests) shown = shown.filter(test);
    if (order) shown = ordered(shown, keys[order]);
    $("x-count").textContent = `${shown.length.toLocaleString("en")} of ${n.toLocaleString("en")} rows`;
    space.style.height = `${shown.length * HEIGHT}px`;
    list.scrollTop = 0;
    choose(0);
  };

  data.labels.forEach((name, i) => option($("x-label"), i, name));
  Object.entries(states).forEach(([name, text]) => option($("x-state"), name, text));
  option($("x-finding"), "any", "some finding");
  option($("x-finding"), "none", "none");
  option($("x-finding"), "warning", "some warning");
  data.findings.forEach((finding, i) => option($("x-finding"), i, described(finding)));
  // An effect that no row has is not offered.
  const concerned = [...called.keys(), ...value.keys()];
  Object.entries(effects).filter(([, [, has]]) => concerned.some(has)).forEach(([effect, [text]]) => option($("x-effect"), effect, text));
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
    if (!(id >= 0 && n > id)) return;
    controls.forEach((name) => { $(`x-${name}`).value = ""; });
    apply();
    choose(id);
    document.querySelector(".explorer").scrollIntoView();
  };
  document.querySelector(".explorer").hidden = false;
  document.querySelectorAll(".without").forEach((element) => { element.hidden = true; });
  apply();
  addEventListener("hashchange", follow);
  follow();
})();
