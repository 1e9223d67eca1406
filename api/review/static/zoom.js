// A picture that can be looked into: fit, 100 %, 200 % by click, wheel, pinch, keys; pan by dragging.
// Zoom is in the picture's own pixels: at 100 % one of them is one of the screen's.

const LARGEST = 4;

export function openStage(view) {
  const picture = view.querySelector("img");
  const marks = view.querySelector(".marks");
  const label = document.querySelector("[data-zoom-label]");
  const fingers = new Map();
  let scale = 0; // 0: as large as fits
  let x = 0;
  let y = 0;
  let dragged = false;
  let pinch = 0;

  const natural = () => picture.naturalWidth / (window.devicePixelRatio || 1);
  const fit = () => picture.offsetWidth / natural();
  const zoomed = () => scale > fit() + 1e-3;

  function paint() {
    const size = fit();
    if (!size || !Number.isFinite(size)) return;
    if (!zoomed()) { scale = 0; x = 0; y = 0; }
    const factor = (scale || size) / size;
    picture.style.transform = scale ? `translate(${x}px, ${y}px) scale(${factor})` : "";
    const place = { left: picture.offsetLeft, top: picture.offsetTop, width: picture.offsetWidth, height: picture.offsetHeight };
    for (const [side, length] of Object.entries(place)) marks.style[side] = `${length}px`;
    marks.style.transform = picture.style.transform;
    view.classList.toggle("zoomed", scale > 0);
    const percent = Math.round((scale || size) * 100);
    if (label) label.textContent = scale ? `${percent} %` : `Fit · ${percent} %`;
    for (const button of document.querySelectorAll("[data-zoom-to]")) {
      button.setAttribute("aria-pressed", String(Math.abs(Number(button.dataset.zoomTo) - scale) < 1e-3));
    }
  }

  // The point of the picture under (px, py) stays where it is.
  function zoom(to, px, py) {
    const before = (scale || fit()) / fit();
    scale = Math.min(LARGEST, to);
    const after = (scale || fit()) / fit();
    const box = view.getBoundingClientRect();
    const left = box.left + picture.offsetLeft + x;
    const top = box.top + picture.offsetTop + y;
    const u = (px ?? box.left + box.width / 2) - left;
    const v = (py ?? box.top + box.height / 2) - top;
    x += u - (u * after) / before;
    y += v - (v * after) / before;
    hold();
    paint();
  }

  // At least a part of the picture stays in sight.
  function hold() {
    const factor = (scale || fit()) / fit();
    const clamp = (value, start, length, room) => {
      const spare = room * 0.5;
      return Math.max(spare - start - length * factor, Math.min(room - spare - start, value));
    };
    x = clamp(x, picture.offsetLeft, picture.offsetWidth, view.clientWidth);
    y = clamp(y, picture.offsetTop, picture.offsetHeight, view.clientHeight);
  }

  function smoothly(act) {
    view.classList.add("moving");
    act();
    setTimeout(() => view.classList.remove("moving"), 200);
  }

  // Fit, 100 %, 200 %, and round again; a step that would hardly show is left out.
  const cycle = (px, py) => smoothly(() => zoom([1, 2].find((step) => step > (scale || fit()) * 1.05) ?? 0, px, py));

  view.addEventListener("wheel", (event) => {
    event.preventDefault();
    const now = scale || fit();
    const to = now * Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015));
    zoom(to <= fit() ? 0 : to, event.clientX, event.clientY);
  }, { passive: false });

  view.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    view.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
    dragged = false;
  });

  view.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      if (pinch) zoom((scale || fit()) * (apart / pinch), (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
      pinch = apart;
      dragged = true;
      return;
    }
    const dx = event.clientX - before.clientX;
    const dy = event.clientY - before.clientY;
    if (Math.abs(dx) + Math.abs(dy) > 2) dragged = true;
    if (!scale) return;
    x += dx;
    y += dy;
    hold();
    paint();
  });

  const lift = (event) => { fingers.delete(event.pointerId); pinch = 0; };
  view.addEventListener("pointerup", (event) => {
    const held = fingers.has(event.pointerId);
    lift(event);
    if (held && !dragged) cycle(event.clientX, event.clientY);
  });
  view.addEventListener("pointercancel", lift);

  view.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (!scale || !(event.key in moves)) return;
    event.preventDefault();
    x += moves[event.key][0] * 80;
    y += moves[event.key][1] * 80;
    smoothly(() => { hold(); paint(); });
  });

  for (const button of document.querySelectorAll("[data-zoom-to]")) {
    button.addEventListener("click", () => { smoothly(() => zoom(Number(button.dataset.zoomTo))); view.focus({ preventScroll: true }); });
  }
  document.querySelector("[data-zoom-next]")?.addEventListener("click", () => { cycle(); view.focus({ preventScroll: true }); });
  new ResizeObserver(paint).observe(view);
  if (picture.complete) paint(); else picture.addEventListener("load", paint, { once: true });
}
