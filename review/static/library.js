"use strict";
// Comfort for cases and comments: times from the sound that plays. Forms work without.
(function () {
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const written = (seconds) => {
    const whole = Math.round(Math.max(0, seconds) * 10);
    const two = (n) => String(n).padStart(2, "0");
    return two(Math.floor(whole / 600)) + ":" + two(Math.floor(whole / 10) % 60) + "." + (whole % 10);
  };
  const read = (text) => text.replace("：", ":").split(":").reduce((sum, part) => sum * 60 + Number(part.replace(",", ".")), 0);
  const audio = document.getElementById("audio");
  if (!audio) return;

  // A comment is about the moment that is heard, until somebody types another.
  all("input[data-follows]").forEach((field) => {
    let typed = new URLSearchParams(location.search).has("at");
    field.addEventListener("input", () => { typed = true; });
    audio.addEventListener("timeupdate", () => { if (!typed) field.value = written(audio.currentTime); });
    field.closest("details").addEventListener("toggle", (event) => {
      if (event.target.open) { const text = field.form.querySelector("[name=text]"); if (text) text.focus({ preventScroll: true }); }
    });
  });

  const form = document.getElementById("case-form");
  if (!form) return;
  let until = null;
  const play = (from, to) => {
    until = to;
    const start = () => { audio.currentTime = from; audio.play().catch(() => {}); };
    if (audio.readyState >= 1) start();
    else { audio.addEventListener("loadedmetadata", start, { once: true }); audio.load(); }
  };
  all("[data-now]").forEach((button) => button.addEventListener("click", () => {
    form.elements[button.dataset.now].value = written(audio.currentTime);
  }));
  document.getElementById("hear").addEventListener("click", () => play(read(form.elements.begins.value), read(form.elements.ends.value)));
  audio.addEventListener("timeupdate", () => { if (until !== null && audio.currentTime >= until) { until = null; audio.pause(); } });
  document.addEventListener("click", (event) => {
    const there = event.target.closest("[data-from]");
    if (!there || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    play(Number(there.dataset.from), null);
  });
})();
