"use strict";
// Comfort only: without this script the page can be read in the language it was written in.
(function () {
  const root = document.documentElement;
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const byId = (id) => document.getElementById(id);
  const on = (id, event, act) => { const e = byId(id); if (e) e.addEventListener(event, act); };
  all(".needs-script").forEach((e) => { e.hidden = false; });

  function speak(language) {
    root.dataset.lang = language;
    root.lang = language === "en" ? "en" : "zh-CN";
    all("[data-words]").forEach((e) => {
      const words = e.dataset[language];
      if (e.dataset.words === "text") e.textContent = words;
      else e.setAttribute(e.dataset.words, words);
    });
  }
  on("switch-language", "click", () => speak(root.dataset.lang === "en" ? "zh" : "en"));
  on("switch-theme", "click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  const calls = all("details.call");
  on("expand", "click", () => calls.forEach((d) => { d.open = true; }));
  on("collapse", "click", () => calls.forEach((d) => { d.open = false; }));
  // A link into a closed call opens it.
  function reveal() {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    target.scrollIntoView({ block: target.tagName === "LI" ? "center" : "start" });
  }
  addEventListener("hashchange", reveal);
  all('a[href^="#c"]').forEach((a) => a.addEventListener("click", () => { if (a.hash === location.hash) reveal(); }));
  if (location.hash) reveal();

  const opened = [];
  addEventListener("beforeprint", () => calls.forEach((d) => { if (!d.open) { d.open = true; opened.push(d); } }));
  addEventListener("afterprint", () => opened.splice(0).forEach((d) => { d.open = false; }));

  // A time plays its recording in one player at the foot of the page; without a script it opens the file there.
  const types = {
    amr: "audio/amr", flac: "audio/flac", m4a: "audio/mp4", mp3: "audio/mpeg", ogg: 'audio/ogg; codecs="vorbis"',
    opus: 'audio/ogg; codecs="opus"', wav: "audio/wav",
  };
  const audio = byId("audio");
  let file = "";
  function play(link) {
    const [wanted, at] = link.href.split("#t=");
    byId("player").hidden = false;
    byId("player-call").textContent = link.dataset.call;
    byId("player-from").textContent = link.textContent;
    byId("player-file").href = link.href;
    all("#player .trouble").forEach((e) => { e.hidden = true; });
    if (wanted === file && audio.readyState && !audio.error) audio.currentTime = Number(at);
    else audio.src = link.href;
    file = wanted;
    audio.play().catch(() => {}); // what is wrong comes as the event `error`
  }
  audio.addEventListener("error", () => {
    const type = types[file.split(".").pop().toLowerCase()];
    const unknown = type && !audio.canPlayType(type);
    byId(unknown ? "player-format" : "player-gone").hidden = false;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.play");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    play(link);
  });
  on("player-close", "click", () => { audio.pause(); byId("player").hidden = true; });

  const table = byId("all-calls");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent.trim() : Number(cell.dataset.v);
  };
  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    const button = head.querySelector("button");
    button.disabled = false;
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      Array.from(head.parentElement.cells).forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const order = (a, b) => {
        const x = value(a, column), y = value(b, column);
        return typeof x === "number" ? x - y : x.localeCompare(y, undefined, { numeric: true });
      };
      rows.sort((a, b) => (up ? order(a, b) : order(b, a)));
      body.append(...rows);
    });
  });

  const haystack = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  function filter() {
    const wanted = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const kind = byId("kind").value;
    let shown = 0;
    rows.forEach((row) => {
      const kinds = (row.dataset.kind || "").split(" ");
      const text = haystack.get(row);
      row.hidden = !((kind === "all" || kinds.includes(kind)) && wanted.every((word) => text.includes(word)));
      shown += row.hidden ? 0 : 1;
    });
    byId("rows-shown").textContent = String(shown);
  }
  byId("filter").addEventListener("input", filter);
  byId("kind").addEventListener("change", filter);
})();
