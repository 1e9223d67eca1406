// The desk's manners in a browser: keys, dialogs, progress, the toast. Every verdict itself is an ordinary form.

import { openStage } from "./zoom.js";

const root = document.documentElement;
const remembered = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const remember = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode keeps nothing */ } };
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// --- what a person has chosen for this browser ------------------------------------------------------------

function applyChoices() {
  const theme = remembered("theme");
  if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
  root.dataset.keys = remembered("keys") === "off" ? "off" : "on";
  const surround = remembered("surround");
  for (const stage of all(".stage")) if (surround) stage.dataset.surround = surround;
  for (const box of all("[data-choose=keys]")) box.checked = root.dataset.keys === "on";
}

const choices = {
  theme() { remember("theme", root.dataset.theme === "dark" ? "light" : "dark"); },
  keys() { remember("keys", root.dataset.keys === "on" ? "off" : "on"); },
  surround() {
    const order = ["light", "grey", "black"];
    const now = one(".stage")?.dataset.surround ?? "light";
    remember("surround", order[(order.indexOf(now) + 1) % order.length]);
  },
};

// --- keys: an element says which key presses it -------------------------------------------------------------

const typing = (target) => target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

function press(key) {
  const dialog = one("dialog[open]");
  const scope = dialog ?? document;
  const target = all(`[data-key~="${CSS.escape(key)}"]`, scope).find((element) => dialog || !element.closest("dialog"));
  if (!target || target.disabled) return false;
  target.focus({ preventScroll: true });
  target.click();
  return true;
}

function step(direction) {
  const cards = all(".card");
  if (!cards.length) return false;
  const next = cards.indexOf(document.activeElement) + direction;
  cards[Math.max(0, Math.min(cards.length - 1, next))].focus();
  return true;
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (root.dataset.keys === "off" || typing(event.target)) return;
  const steps = { j: 1, ArrowRight: 1, k: -1, ArrowLeft: -1 };
  const zoomed = one(".view.zoomed") && event.key.startsWith("Arrow");
  const free = !one("dialog[open]") && !zoomed && !(event.target.matches("input") && event.key.startsWith("Arrow"));
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (press(key) || (free && key in steps && step(steps[key]))) event.preventDefault();
}

// --- clicks that a form or a link cannot say ------------------------------------------------------------------

function onClick(event) {
  const target = event.target.closest("[data-dialog], [data-close], [data-choose], [data-hide], [data-copy]");
  if (!target) {
    if (event.target.matches("dialog, .big-shot img")) event.target.closest("dialog").close();
    return;
  }
  if (target.dataset.dialog) {
    const dialog = document.getElementById(target.dataset.dialog);
    dialog.showModal();
    (one("[data-first]", dialog) ?? dialog).focus();
  }
  if (target.dataset.copy) copy(target);
  if ("close" in target.dataset) target.closest("dialog").close();
  if ("hide" in target.dataset) target.closest(".toast").remove();
  if (target.dataset.choose) { choices[target.dataset.choose](); applyChoices(); }
}

// --- a secret that is shown once ------------------------------------------------------------------------------

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); /* plain http has no clipboard */ }
  button.textContent = one("[role=status]", button.parentElement).textContent = "Copied";
}

function forget() {
  const secret = one("[data-once]");
  if (!secret) return;
  one("[data-copy]", secret).hidden = false;
  one("input", secret).select();
  history.replaceState(history.state, "", secret.dataset.once);  // loading it anew asks for the page, not for another secret
}

// --- progress of a scene that is being made --------------------------------------------------------------------

let stream = null;

function follow() {
  stream?.close();
  const making = one("[data-events]");
  if (!making) return;
  stream = new EventSource(making.dataset.events);
  const words = JSON.parse(making.dataset.words);
  const show = (event) => {
    const told = JSON.parse(event.data);
    if (typeof told.share === "number") one("progress", making).value = told.share;
    if (told.stage) one("[data-stage]", making).textContent = words[told.stage] ?? told.stage;
    if (event.type === "end") { stream.close(); location.reload(); }
  };
  for (const kind of making.dataset.kinds.split(" ")) stream.addEventListener(kind, show);
}

// --- a finding shows its place in the picture --------------------------------------------------------------------

function point(event) {
  const finding = event.target.closest?.("[data-shows]");
  for (const mark of all("[data-mark]")) {
    mark.classList.toggle("shown", Boolean(finding) && mark.dataset.mark === finding.dataset.shows);
  }
}

// --- asking: how many scenes the form will make -----------------------------------------------------------------

function count() {
  const form = one("form.order");
  if (!form) return;
  const styles = all("input[name=style]:checked", form).length;
  const variants = Number(one("input[name=variants]:checked", form)?.value ?? 1);
  const product = one("input[name=sku]:checked", form);
  const lamp = one("[data-lamp-on]", form);
  lamp.hidden = one("input", lamp).disabled = !(product && "lamp" in product.dataset);
  const scenes = styles * variants;
  const button = one("[data-go]", form);
  button.disabled = !product || !scenes;
  button.textContent = scenes ? `Generate ${scenes} ${scenes === 1 ? "scene" : "scenes"}` : "Generate";
  const look = one("input[name=style]:checked", form)?.value;
  const room = look && one(`select[name="room-${look}"]`, form)?.value;
  const placing = one("[data-place]", form);
  placing?.setAttribute("aria-disabled", String(!product));
  if (placing) placing.href = `/review/place?${new URLSearchParams({ sku: product?.value ?? "", ...(look ? { look: room ? `${look}/${room}` : look } : {}) })}`;
  one("[data-sum]", form).textContent = !product ? "Pick a product to begin." : !styles ? "Now pick one or more styles."
    : `${product.dataset.name} in ${styles} ${styles === 1 ? "style" : "styles"}${variants > 1 ? `, ${variants} variants each` : ""}.`;
}

// --- a new page, whole or swapped in ------------------------------------------------------------------------------

let toastTimer = 0;

function arrive() {
  applyChoices();
  const view = one(".view[data-zoom]");
  if (view && !view.dataset.open) { view.dataset.open = "yes"; openStage(view); }
  follow();
  forget();
  count();
  clearTimeout(toastTimer);
  const toast = one(".toast");
  if (toast) {
    toastTimer = setTimeout(() => toast.classList.add("gone"), 12000);
    const clean = new URL(location.href);
    for (const name of ["did", "was", "new"]) clean.searchParams.delete(name);
    history.replaceState(history.state, "", clean);
  }
  const next = one("a[data-preload]");
  if (next) new Image().src = next.dataset.preload;
  one(".strip a[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("pointerover", point);
document.addEventListener("focusin", point);
document.addEventListener("change", (event) => {
  count();
  if (event.target.closest("[data-submit]")) event.target.form.requestSubmit();
});
document.addEventListener("htmx:afterSettle", count);
applyChoices();
arrive();
