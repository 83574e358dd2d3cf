// The review page: one row a screen, one key a decision. Every text goes into the page as text, never as markup.
"use strict";

const REASONS = [
  ["wrong_label", "does not express its label"],
  ["unnatural", "nobody would write it so"],
  ["copy", "repeats another text"],
  ["private", "holds personal data"],
  ["language", "wrong language"],
  ["other", "something else"],
];

const SHOWN = {
  disputed: "reviewers disagree about this row",
  sample: "it belongs to the random sample of its label",
  warned: "a check warns of it",
  rest: "you asked to go on after the sample",
};

const ADVICE = {
  read_sample: (s) => `${s.n_decided} of ${s.n_sample} sampled rows read`,
  stop: (s) => `stop here${s.n_warned_open ? `, or go on with the ${s.n_warned_open} that checks warn of` : ""}`,
  go_on: (s) => `not sure yet: go on with ${s.n_warned_open ? `the ${s.n_warned_open} that checks warn of` : "the remaining rows"}`,
  read_all: () => "too many are not fine: read every row, or have the label written again",
};

const state = { rows: [], queue: [], mine: new Map(), at: 0, list: [], info: null };
const $ = (id) => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

async function call(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({ error: `the server answered ${response.status}` }));
  if (!response.ok) throw new Error(answer.error || `the server answered ${response.status}`);
  return answer;
}

// The longest common subsequence of words marks what is new in `text` and what is gone from `source`.
function difference(source, text) {
  const cut = (t) => t.split(/(\s+)/).filter((w) => w !== "");
  const [a, b] = [cut(source).slice(0, 400), cut(text).slice(0, 400)];
  const same = (x, y) => x.toLowerCase() === y.toLowerCase();
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i][j] = same(a[i], b[j]) ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  const [gone, come] = [[], []];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && same(a[i], b[j])) {
      gone.push([false, a[i++]]);
      come.push([false, b[j++]]);
    } else if (j >= b.length || (i < a.length && table[i + 1][j] >= table[i][j + 1])) gone.push([true, a[i++]]);
    else come.push([true, b[j++]]);
  }
  return { gone, come };
}

function marked(words, tag) {
  const nodes = [];
  let run = null;
  for (const [changed, word] of words) {
    if (run && run.changed === changed) run.text += word;
    else nodes.push((run = { changed, text: word }));
  }
  return nodes.map((n) => (n.changed && n.text.trim() !== "" ? element(tag, {}, n.text) : document.createTextNode(n.text)));
}

function current() {
  return state.list[state.at];
}

function said(decision) {
  if (!decision) return "";
  const of = { reject: decision.reason, relabel: decision.new_label, edit: decision.new_text }[decision.decision];
  return decision.decision + (of ? `: ${of}` : "");
}

function show() {
  const card = $("card");
  const item = current();
  if (!item) {
    card.replaceChildren(
      element("h2", {}, "Nothing left here"),
      element("p", {}, state.list.length ? "That was the last row of this list." : "No row matches, or every row is decided."),
      element("p", {}, "Then measure the verdict on what you accepted: ", element("code", {}, state.info.next)),
    );
    return;
  }
  const row = state.rows[item.at];
  const source = row.sources[0];
  const words = source === undefined ? null : difference(source, row.text);
  const rows = [];
  const add = (name, ...value) => rows.push(element("dt", {}, name), element("dd", {}, ...value));
  add("label", element("span", { class: "tag" }, row.label));
  if (words) add("made from", ...marked(words.gone, "del"));
  for (const more of row.sources.slice(1)) add("and from", more);
  if (row.model) {
    const percent = Math.round(100 * row.model.probability);
    const own = row.model.label === row.label;
    add("a model of your real rows says", `${row.model.label} (${percent} %)${own ? ", as asked" : `, not ${row.label}`}`);
  }
  add("state", row.state);
  for (const f of row.findings) add(f.outcome === "reject" ? "rejected by" : "warning", element("span", f.outcome === "reject" ? { class: "reject" } : {}, `${f.check}: ${f.what}${f.evidence.length ? ` (${f.evidence.join(", ")})` : ""}`));
  if (item.shown === "disputed") for (const [who, what] of row.others) add(who, said(what));
  const mine = state.mine.get(row.row);
  if (mine) add("you said", said(mine));
  card.replaceChildren(
    element("p", { class: "why" }, `Row ${state.at + 1} of ${state.list.length}. Shown because ${SHOWN[item.shown] || "it matches the filter"}.`),
    element("p", { class: "text", lang: "", dir: "auto" }, ...(words ? marked(words.come, "ins") : [row.text])),
    element("dl", {}, ...rows),
  );
  location.replace(`#${row.row}`);
}

function showProgress(progress) {
  state.info.progress = progress;
  $("progress").textContent = `${progress.n_decided} decided, ${progress.n_open} open${progress.n_disputed ? `, ${progress.n_disputed} disputed` : ""}`;
  const percent = (x) => Math.round(100 * x);
  const items = progress.samples.map((s) =>
    element(
      "li",
      {},
      element("strong", {}, s.label),
      s.fine ? `: ${percent(s.fine.value)} % fine (${percent(s.fine.low)} … ${percent(s.fine.high)}, ${s.n_decided} read): ` : ": ",
      ADVICE[s.advice](s),
    ),
  );
  for (const a of progress.agreement)
    items.push(
      element(
        "li",
        {},
        `${a.reviewers.join(" and ")} agree on ${percent(a.share.value)} % of ${a.share.n} rows (${percent(a.share.low)} … ${percent(a.share.high)})`,
        a.kappa ? `; kappa ${a.kappa.value.toFixed(2)} (${a.kappa.low.toFixed(2)} … ${a.kappa.high.toFixed(2)})` : "",
      ),
    );
  $("samples").replaceChildren(element("ul", {}, ...items));
}

// The rows that the filters leave, in the chosen order.
function refilter(keep) {
  const [needle, label, kind, reason] = [$("search").value.trim().toLowerCase(), $("label").value, $("kind").value, $("reason").value];
  const all = state.rows.map((_, at) => ({ at, shown: "" }));
  const base = {
    queue: () => state.queue,
    warned: () => all.filter((i) => state.rows[i.at].findings.length),
    disputed: () => state.queue.filter((i) => i.shown === "disputed"),
    decided: () => all.filter((i) => state.mine.has(state.rows[i.at].row)),
    all: () => all,
  }[kind]();
  state.list = base.filter(({ at }) => {
    const row = state.rows[at];
    return (
      (!label || row.label === label) &&
      (!reason || row.findings.some((f) => `${f.check}/${f.reason}` === reason)) &&
      (!needle || row.text.toLowerCase().includes(needle) || row.sources.some((s) => s.toLowerCase().includes(needle)))
    );
  });
  const order = $("order").value;
  const own = (row) => (row.model ? (row.model.label === row.label ? row.model.probability : 1 - row.model.probability) : 0.5);
  if (order === "unsure") state.list.sort((x, y) => own(state.rows[x.at]) - own(state.rows[y.at]));
  const found = keep === undefined ? -1 : state.list.findIndex((i) => state.rows[i.at].row === keep);
  state.at = found >= 0 ? found : Math.min(state.at, Math.max(0, state.list.length - 1));
  show();
}

async function refresh(keep) {
  const answer = await call("api/queue");
  state.queue = answer.queue;
  state.mine = new Map(answer.mine);
  for (const row of state.rows) row.others = [];
  for (const [at, others] of answer.others) state.rows[at].others = others;
  showProgress(answer.progress);
  refilter(keep);
}

async function decide(decision) {
  const item = current();
  if (!item) return;
  await send([item], decision);
}

// A key that is pressed while a decision is being saved would concern a row that nobody has read.
async function alone(act) {
  if (document.body.dataset.busy === "yes") return;
  document.body.dataset.busy = "yes";
  try {
    await act();
  } finally {
    document.body.dataset.busy = "no";
  }
}

async function send(items, decision) {
  const rows = items.map((i) => ({ row: state.rows[i.at].row, settles: i.shown === "disputed" }));
  const next = state.list.find((i, at) => at > state.at && !items.includes(i));
  try {
    $("message").textContent = "";
    await call("api/decide", { rows, ...decision });
    const stays = $("kind").value !== "queue" && $("kind").value !== "disputed";
    if (stays) state.at += 1;
    await refresh(next && state.rows[next.at].row);
  } catch (error) {
    $("message").textContent = `Not saved: ${error.message}`;
  }
}

async function undo() {
  try {
    const { row } = await call("api/undo", {});
    if (row === null) $("message").textContent = "There is nothing to undo.";
    await refresh(row ?? undefined);
  } catch (error) {
    $("message").textContent = `Not undone: ${error.message}`;
  }
}

function dialog(title, ...children) {
  const box = $("dialog");
  box.replaceChildren(element("h2", { id: "dialog-title" }, title), ...children, element("div", { class: "row" }, element("button", { type: "button", onclick: () => box.close() }, "cancel")));
  box.showModal();
  return box;
}

function choose(title, choices) {
  const buttons = choices.map(([name, act], at) => element("button", { type: "button", "data-choice": String(at + 1), onclick: () => { $("dialog").close(); alone(act); } }, element("kbd", {}, at < 9 ? String(at + 1) : " "), ` ${name}`));
  dialog(title, element("div", { class: "choices" }, ...buttons));
}

function edit() {
  const item = current();
  if (!item) return;
  const row = state.rows[item.at];
  const area = element("textarea", { "aria-label": "The better text", oninput: () => { save.textContent = "check and save"; } });
  area.value = row.text;
  const found = element("p", { role: "status" });
  const save = element("button", { type: "button", class: "main", onclick: async () => {
    try {
      const { findings } = await call("api/check", { row: row.row, text: area.value, label: row.label });
      const bad = findings.filter((f) => f.outcome === "reject");
      if (bad.length && save.textContent !== "save anyway") {
        found.textContent = `The checks reject it: ${bad.map((f) => f.what).join("; ")}.`;
        save.textContent = "save anyway";
        return;
      }
      $("dialog").close();
      await alone(() => decide({ decision: "edit", new_text: area.value }));
    } catch (error) { found.textContent = error.message; }
  } }, "check and save");
  const box = dialog("Edit the text", area, found);
  box.lastChild.prepend(save);
  area.focus();
}

const HELP = [
  ["a", "accept: use the row, whatever the checks say"],
  ["r, then 1 to 6", "reject, with a reason"],
  ["l", "give it another label; the checks run again"],
  ["e", "edit the text; the checks run again"],
  ["s", "skip: decide later"],
  ["u", "undo your last decision, as often as you like"],
  ["j, k", "next and previous row"],
  ["x", "reject every row of the list that has the same finding"],
  ["/", "search"],
  ["?", "this help"],
];

function rejectAlike() {
  const item = current();
  const finding = item && state.rows[item.at].findings[0];
  if (!finding) {
    $("message").textContent = "This row has no finding of a check that others could share.";
    return;
  }
  const alike = state.list.filter((i) => state.rows[i.at].findings.some((f) => f.check === finding.check && f.reason === finding.reason));
  choose(`Reject all ${alike.length} rows of this list with “${finding.check}: ${finding.what}”?`, REASONS.map(([reason, what]) => [what, () => send(alike, { decision: "reject", reason })]));
}

const ACTIONS = {
  a: () => decide({ decision: "accept" }),
  r: () => current() && choose("Why is it not to be used?", REASONS.map(([reason, what]) => [what, () => decide({ decision: "reject", reason })])),
  l: () => current() && choose("Which label does it express?", state.info.labels.filter((l) => l !== state.rows[current().at].label).map((label) => [label, () => decide({ decision: "relabel", new_label: label })])),
  e: edit,
  s: () => decide({ decision: "skip" }),
  u: undo,
  j: () => { state.at = Math.min(state.at + 1, state.list.length); show(); },
  k: () => { state.at = Math.max(state.at - 1, 0); show(); },
  x: rejectAlike,
  "/": () => $("search").focus(),
  "?": () => dialog("Keys", element("dl", {}, ...HELP.flatMap(([key, what]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, what)]))),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if ($("dialog").open) {
    const choice = $("dialog").querySelector(`[data-choice="${CSS.escape(event.key)}"]`);
    if (choice) { event.preventDefault(); choice.click(); }
    return;
  }
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const action = ACTIONS[event.key];
  if (action) { event.preventDefault(); alone(action); }
});

for (const button of document.querySelectorAll("#actions button")) button.addEventListener("click", () => alone(ACTIONS[button.dataset.key]));
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("filters").addEventListener("input", () => refilter());

async function start() {
  const info = await call("api/rows");
  state.info = info;
  state.rows = info.rows;
  for (const row of state.rows) row.others = [];
  $("run").textContent = info.run;
  document.title = `Review ${info.run} · Equipoise`;
  $("who").textContent = `reviewer ${info.reviewer}`;
  $("label").append(...[...new Set(info.rows.map((r) => r.label))].sort().map((label) => element("option", { value: label }, label)));
  const reasons = new Map(info.rows.flatMap((r) => r.findings.map((f) => [`${f.check}/${f.reason}`, `${f.check}: ${f.what}`])));
  $("reason").append(...[...reasons].sort().map(([key, what]) => element("option", { value: key }, what)));
  const asked = location.hash.slice(1);
  if (info.rows.some((r) => r.row === asked)) $("kind").value = "all";
  await refresh(asked || undefined);
}

start().catch((error) => { $("message").textContent = error.message; });
