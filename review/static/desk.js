"use strict";
// Comfort: pages can be read, filtered, played (as plain links) and reviewed without this script.
(function () {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const byId = (id) => document.getElementById(id);
  const reveal = () => all(".needs-script").forEach((e) => { if (e.id !== "sheet") e.hidden = false; });
  const typing = (e) => e.target.closest && e.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
  const plain = (e) => !e.ctrlKey && !e.metaKey && !e.altKey;
  reveal();

  // The sheet of keys: it takes the focus, keeps it, and gives it back.
  const sheet = byId("sheet");
  let opener = null;
  function showSheet(show) {
    if (sheet.hidden !== show) return;
    sheet.hidden = !show;
    if (show) { opener = document.activeElement; byId("sheet-close").focus(); }
    else { if (opener && opener.isConnected) opener.focus({ preventScroll: true }); opener = null; }
  }
  if (sheet) {
    byId("sheet-close").addEventListener("click", () => showSheet(false));
    sheet.addEventListener("click", (event) => { if (event.target === sheet) showSheet(false); });
    // First of all who listen: under the sheet no other key does anything.
    document.addEventListener("keydown", (event) => {
      if (!plain(event)) return;
      if (!sheet.hidden) {
        if (event.key === "?" || event.key === "Escape") showSheet(false);
        else if (event.key === "Tab") byId("sheet-close").focus();
        else { event.stopImmediatePropagation(); return; }
      } else if (event.key === "?" && !typing(event)) showSheet(true);
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
  }
  document.addEventListener("htmx:after:swap", () => {
    reveal();
    const alarm = document.querySelector("#review [role=alert]");
    if (alarm) { alarm.scrollIntoView({ block: "center" }); alarm.focus({ preventScroll: true }); }
  });

  // The queue: j and k move, Enter opens, / searches.
  if (document.body.classList.contains("queue")) {
    const lines = () => all("#calls a.line");
    const at = () => lines().indexOf(document.activeElement);
    const go = (to) => { const line = lines()[Math.max(0, Math.min(to, lines().length - 1))]; if (line) line.focus(); };
    document.addEventListener("keydown", (event) => {
      if (typing(event) || !plain(event)) return;
      if (event.key === "j") go(at() + 1);
      else if (event.key === "k") go(at() < 0 ? 0 : at() - 1);
      else if (event.key === "/") document.querySelector("input[type=search]").focus();
      else return;
      event.preventDefault();
    });
  }

  // A link to a folded item unfolds it.
  function unfold() {
    const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  }
  addEventListener("hashchange", unfold);
  unfold();

  const audio = byId("audio");
  const timeline = byId("timeline");
  if (!timeline) return;
  const seconds = Number(timeline.dataset.seconds);
  const head = byId("playhead");
  const turns = all("#transcript .turns li");
  const silences = all("#timeline .silence, #timeline .hold").map((r) => [Number(r.getAttribute("x")), Number(r.getAttribute("width"))])
    .map(([x, width]) => [x / 1000 * seconds, (x + width) / 1000 * seconds]);
  let until = null; // where an evidence ends: playing stops there
  let looping = false, stretch = null; // what is repeated: the evidence or turn that was played last
  const turnAt = (now) => {
    const turn = turns.findLast((t) => Number(t.dataset.from) <= now + 0.05);
    return turn ? [Number(turn.dataset.from), Math.max(Number(turn.dataset.to), Number(turn.dataset.from) + 0.5)] : null;
  };

  function play(from, to) {
    if (!audio) return;
    until = to === undefined ? null : to;
    stretch = to === undefined ? turnAt(from) : [from, to];
    const start = () => { audio.currentTime = from; audio.play().catch(() => {}); };
    if (audio.readyState >= 1) start();
    else { audio.addEventListener("loadedmetadata", start, { once: true }); audio.load(); }
  }
  document.addEventListener("click", (event) => {
    const there = event.target.closest("[data-at]");
    if (!there || !audio || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (there.matches("a.play, .w")) event.preventDefault();
    // A stretch too short to be understood is heard with what comes after.
    const from = Number(there.dataset.at);
    play(from, there.dataset.end === undefined ? undefined : Math.max(Number(there.dataset.end) + 0.3, from + 2));
  });
  timeline.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const box = timeline.getBoundingClientRect();
    play((event.clientX - box.left) / box.width * seconds);
  });

  const faults = () => all(".item.missed .evidence a.play, .item.partly_met .evidence a.play");
  let fault = -1;
  const speeds = all("[data-speed]");
  function setSpeed(button) {
    audio.playbackRate = Number(button.dataset.speed);
    speeds.forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
  }
  speeds.forEach((b) => b.addEventListener("click", () => setSpeed(b)));
  const looper = byId("loop");
  function setLoop(on) {
    looping = on;
    looper.setAttribute("aria-pressed", String(on));
    const now = audio.currentTime;
    if (on && !(stretch && now >= stretch[0] - 0.1 && now <= stretch[1] + 0.1)) stretch = turnAt(now);
  }
  if (looper) looper.addEventListener("click", () => setLoop(!looping));
  const follow = (id) => { const link = byId(id); if (link) link.click(); };
  document.addEventListener("keydown", (event) => {
    if (typing(event) || !plain(event) || (event.key === " " && event.target.closest("button, summary, label, a, audio"))) return;
    const step = { ArrowLeft: -3, ArrowRight: 3 }[event.key];
    if (event.key === "n") follow("behind");
    else if (event.key === "p") follow("before");
    else if (event.key === "u") document.querySelector(".back a").click();
    else if (!audio) return;
    else if (event.key === "l" && looper) setLoop(!looping);
    else if (event.key === " ") { until = null; if (audio.paused) audio.play().catch(() => {}); else audio.pause(); }
    else if (step && !event.target.closest("audio, input")) { until = null; audio.currentTime = Math.max(0, audio.currentTime + step); }
    else if (event.key === "[" || event.key === "]") {
      const now = speeds.findIndex((b) => Number(b.dataset.speed) === audio.playbackRate);
      const next = speeds[now + (event.key === "]" ? 1 : -1)];
      if (next) setSpeed(next);
    } else if (event.key === "e") {
      const links = faults();
      if (!links.length) return;
      fault = (fault + 1) % links.length;
      links[fault].closest("details").open = true;
      links[fault].closest("details").scrollIntoView({ block: "nearest" });
      links[fault].click();
    } else return;
    event.preventDefault();
  });
  if (!audio) return;

  let line = null, word = null;
  function mark() {
    const now = audio.currentTime;
    head.classList.add("on");
    const x = String(Math.min(now / seconds, 1) * 1000);
    head.setAttribute("x1", x);
    head.setAttribute("x2", x);
    if (looping && stretch && now >= stretch[1] && !audio.paused) audio.currentTime = stretch[0];
    else if (until !== null && now >= until && !audio.paused) { until = null; audio.pause(); }
    if (byId("skip-silence").checked && !audio.paused && until === null && !looping) {
      const gap = silences.find(([start, end]) => now > start + 0.3 && now < end - 0.5);
      if (gap) audio.currentTime = gap[1] - 0.3;
    }
    const spoken = turns.findLast((t) => Number(t.dataset.from) <= now + 0.05) || null;
    if (spoken !== line) {
      if (line) line.classList.remove("now");
      if (spoken) spoken.classList.add("now");
      line = spoken;
    }
    const said = spoken && now <= Number(spoken.dataset.to) ? all(".w", spoken).findLast((w) => Number(w.dataset.at) <= now + 0.05) || null : null;
    if (said !== word) {
      if (word) word.classList.remove("now");
      if (said) said.classList.add("now");
      word = said;
    }
  }
  let frame = 0;
  const run = () => { mark(); frame = audio.paused ? 0 : requestAnimationFrame(run); };
  audio.addEventListener("play", () => { if (!frame) run(); });
  // Who goes elsewhere in the recording chooses the turn there; the end of the file ends no loop.
  audio.addEventListener("seeking", () => {
    const now = audio.currentTime;
    if (looping && !(stretch && now >= stretch[0] - 0.1 && now <= stretch[1])) { stretch = turnAt(now); until = null; }
  });
  audio.addEventListener("ended", () => { if (looping && stretch) play(stretch[0], stretch[1]); });
  ["timeupdate", "seeked"].forEach((name) => audio.addEventListener(name, mark));
  audio.addEventListener("error", () => { byId("sound-trouble").hidden = false; });

  // The picture of the sound: computed by the server, so that no browser has to fetch and decode an hour of call.
  const wave = byId("wave");
  if (wave && window.WaveSurfer) {
    fetch(wave.dataset.picture).then((answer) => (answer.ok ? answer.json() : null)).then((picture) => {
      if (!picture) return;
      wave.hidden = false;
      const style = getComputedStyle(document.documentElement);
      const colour = (role) => style.getPropertyValue(role === "both" ? "--agent" : "--" + role).trim();
      const height = picture.lanes.length > 1 ? 24 : 48;
      const surfer = window.WaveSurfer.create({
        container: wave, media: audio, peaks: picture.lanes.map((lane) => lane.peaks), duration: picture.seconds,
        cspNonce: wave.dataset.nonce, height, normalize: true, interact: true, cursorWidth: 1,
        cursorColor: style.getPropertyValue("--ink").trim(), hideScrollbar: true,
        waveColor: colour(picture.lanes[0].role), progressColor: style.getPropertyValue("--quiet").trim(),
        splitChannels: picture.lanes.map((lane) => ({ height, waveColor: colour(lane.role), progressColor: style.getPropertyValue("--quiet").trim() })),
      });
      surfer.on("interaction", () => { until = null; });
      const kinds = window.WaveSurfer.Regions;
      if (!kinds) return;
      const regions = surfer.registerPlugin(kinds.create());
      const draw = () => all("#timeline a[data-end] .missed, #timeline a[data-end] .partly_met").forEach((rect) => {
        const link = rect.closest("a");
        regions.addRegion({
          start: Number(link.dataset.at), end: Number(link.dataset.end), drag: false, resize: false,
          color: rect.classList.contains("missed") ? "rgba(172, 61, 42, 0.1)" : "rgba(227, 188, 75, 0.14)",
        });
      });
      if (surfer.getDuration()) draw(); else surfer.once("ready", draw);
      regions.on("region-clicked", (region, event) => { event.stopPropagation(); play(region.start, Math.max(region.end + 0.3, region.start + 2)); });
    }).catch(() => {});
  }
})();
