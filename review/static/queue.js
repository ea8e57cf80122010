"use strict";
// Comfort of the queue's page: x ticks a call, c claims it, C claims the next one; ? is desk.js's. All of it can be
// done with the page's own buttons.
(function () {
  const byId = (id) => document.getElementById(id);
  const typing = (e) => e.target.closest && e.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
  const ticks = () => Array.from(document.querySelectorAll("#calls .tick input"));
  const count = () => {
    const ticked = ticks().filter((t) => t.checked).length;
    const shown = byId("ticked");
    if (shown) shown.textContent = String(ticked);
    const hands = byId("hands");
    if (hands && ticked && !hands.dataset.shown) { hands.open = true; hands.dataset.shown = "yes"; }
    ticks().forEach((t) => t.closest("li").classList.toggle("ticked", t.checked));
  };
  const line = () => {
    const here = document.activeElement && document.activeElement.closest("#calls li");
    return here || null;
  };
  function claim(li) {
    const link = li.querySelector("a.line");
    const token = document.querySelector("input[name=csrf]");
    if (!link || !token || !byId("claim-next")) return;
    const form = document.createElement("form");
    const address = new URL(link.href);
    form.method = "post";
    form.action = address.pathname + "/claim" + address.search;
    [["csrf", token.value], ["back", "list"]].forEach(([name, value]) => {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    });
    document.body.append(form);
    form.submit();
  }
  document.addEventListener("change", (event) => { if (event.target.matches(".tick input")) count(); });
  document.addEventListener("htmx:after:swap", count);
  addEventListener("pageshow", count);
  document.addEventListener("keydown", (event) => {
    if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const li = line();
    if (event.key === "C") { const next = byId("claim-next"); if (next) next.click(); }
    else if (event.key === "x" && li) {
      const tick = li.querySelector(".tick input");
      if (tick) { tick.checked = !tick.checked; count(); }
    } else if (event.key === "c" && li) claim(li);
    else return;
    event.preventDefault();
  });
})();
