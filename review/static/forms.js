"use strict";
// What was typed is not lost: an answer that is not the page's own part leaves the form as it is and says what to do,
// and leaving with something unsaved asks first. Forms work without.
(function () {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const texts = document.getElementById("form-texts");

  // Unsaved: a form to be posted that is not as it came from the desk, or that came back with a refusal.
  const touched = (e) => {
    if (!e.name || e.type === "hidden" || e.disabled || "follows" in e.dataset) return false;
    if (e.type === "radio" || e.type === "checkbox") return e.checked !== e.defaultChecked;
    if (e.tagName === "SELECT") {
      const first = Array.from(e.options).findIndex((o) => o.defaultSelected);
      return e.selectedIndex !== Math.max(0, first);
    }
    return (e.tagName === "TEXTAREA" || e.tagName === "INPUT") && e.value !== e.defaultValue;
  };
  const kept = "form[data-keep]";
  const unsaved = (form) => "unsaved" in form.dataset || Array.from(form.elements).some(touched);
  let sent = null; // the form that leaves now: its own text goes along
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) sent = event.target; });
  addEventListener("pageshow", () => { sent = null; });
  addEventListener("beforeunload", (event) => {
    const left = all(kept).some((form) => form !== sent && unsaved(form));
    sent = null;
    if (left) { event.preventDefault(); event.returnValue = ""; }
  });
  if (!texts) return;

  const text = (name) => { const found = texts.content.querySelector('[data-of="' + name + '"]'); return found ? found.cloneNode(true) : null; };
  const clear = (form) => all(".form-trouble", form.parentElement).forEach((e) => e.remove());
  // Words of the desk (keys of its texts) or of the page that it answered with.
  function tell(form, names, words) {
    clear(form);
    const notice = document.createElement("div");
    notice.className = "notice alarm form-trouble";
    notice.setAttribute("role", "alert");
    notice.tabIndex = -1;
    names.map(text).filter(Boolean).forEach((e) => notice.append(e));
    if (words) { const line = document.createElement("p"); line.textContent = words; notice.append(line); }
    const place = form.querySelector(".submit");
    if (place) place.prepend(notice); else form.before(notice);
    notice.scrollIntoView({ block: "nearest" });
  }
  // Who logged in again in another tab has another token; a form of somebody else's is not sent as theirs.
  let stale = null;
  async function renew() {
    const form = stale;
    if (!form) return;
    const answer = await fetch("/api/v1/me", { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok || stale !== form) return;
    const me = await answer.json();
    if (me.login !== texts.dataset.login) { tell(form, ["kept", "somebody_else"]); return; }
    stale = null;
    all("input[name=csrf]").forEach((input) => { input.value = me.csrf; });
    tell(form, ["kept", "renewed"]);
  }
  addEventListener("focus", renew);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });

  const saves = (ctx) => ctx.request.method.toUpperCase() !== "GET";
  const of = (event) => { const e = event.detail.ctx && event.detail.ctx.sourceElement; return e && (e.closest("form") || e); };
  document.addEventListener("htmx:before:request", (event) => { const form = of(event); if (form) clear(form); });
  document.addEventListener("htmx:after:request", (event) => {
    const ctx = event.detail.ctx, form = of(event);
    if (!form || !ctx.select) return;
    const page = new DOMParser().parseFromString(ctx.text, "text/html");
    if (page.querySelector(ctx.select)) return;
    event.preventDefault(); // the answer is another page: nothing is exchanged
    if (!saves(ctx)) { tell(form, ["list"]); return; }
    const status = ctx.response.status, trouble = page.querySelector("[data-trouble]");
    const key = trouble ? trouble.dataset.trouble : "";
    if (key === "session_over" || key === "stale_form" || status === 401) {
      stale = form;
      tell(form, ["kept", "login"]);
      if (key === "stale_form") renew();
    } else if (status === 413) tell(form, ["kept", "too_much"]);
    else if (status === 429) tell(form, ["kept", "wait"]);
    else if (trouble) tell(form, ["kept"], all("h1, h1 + p", trouble).map((e) => e.textContent.trim()).join(": "));
    else tell(form, ["kept", status >= 500 ? "broken" : "refused"]);
  });
  document.addEventListener("htmx:error", (event) => {
    const form = of(event);
    if (form) tell(form, [saves(event.detail.ctx) ? "no_answer" : "list"]);
  });
})();
