// The placement editor: a product is dragged over a view of its room, and the picture follows.
// One request is under way at a time and the newest wish wins; an answer to an older wish is dropped.

const desk = document.getElementById("placing");
const one = (selector) => desk.querySelector(selector);
const all = (selector) => [...desk.querySelectorAll(selector)];
const board = one("[data-board]");
const picture = one("[data-picture]");
const plan = one("[data-plan]");
const svg = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);

const NEAR_WALL = 0.3; // metres from a wall at which the back turns to it
const GAP = 0.03; // metres that it stays off it
const STEP = 0.05;
const PACE_MS = 70; // between two requests at least: the picture follows a hand, and the service keeps breath

const asked = { sku: desk.dataset.sku, style: desk.dataset.style, room: desk.dataset.room, light: desk.dataset.light || null };
let angle = null;
let place = desk.dataset.start ? JSON.parse(desk.dataset.start) : null; // null: its best place
let anchor = null;
let facts = null; // the last answer
let wish = 0; // counts what was wished for
let busy = false;
let dragging = null;

// --- asking for the picture ---------------------------------------------------------------------------------

function want() {
  wish += 1;
  board.toggleAttribute("data-following", true);
  if (!busy) follow();
}

async function follow() {
  busy = true;
  let shown = 0;
  while (shown !== wish) {
    shown = wish;
    const pace = new Promise((done) => setTimeout(done, PACE_MS));
    try {
      await ask(shown);
      await pace;
    } catch {
      trouble({ detail: "The preview did not come.", hint: "Is the service running? Moving the product asks again." });
    }
  }
  busy = false;
  board.toggleAttribute("data-following", false);
}

async function ask(mine) {
  const body = { ...asked, angle, ...(place ? { placement: place } : anchor ? { anchor } : {}) };
  const answer = await fetch("/v1/previews", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const told = await answer.json();
  if (mine !== wish && answer.status !== 200) return; // about a wish that is no more
  if (answer.status === 202) return wait(mine, told);
  if (answer.status === 429) return later(mine, Number(answer.headers.get("Retry-After") ?? 1));
  preparing("");
  if (!answer.ok) return trouble(told);
  trouble(null);
  await show(told, mine === wish);
}

async function wait(mine, told) {
  preparing(told.preparing === "running" ? "Cutting the product out and rendering this side of the room" : "Waiting for a worker");
  await later(mine, told.retry_after_s);
}

async function later(mine, seconds) {
  await new Promise((done) => setTimeout(done, seconds * 1000));
  if (mine === wish) wish += 1; // the same once more
}

function preparing(words) {
  one("[data-preparing]").hidden = !words;
  one("[data-preparing-words]").textContent = words;
  board.toggleAttribute("aria-busy", Boolean(words));
}

function trouble(told) {
  one("[data-trouble]").hidden = !told;
  if (!told) return;
  one("[data-trouble-words]").textContent = told.detail ?? "";
  one("[data-trouble-hint]").textContent = told.hint ?? "";
}

// --- showing the answer ---------------------------------------------------------------------------------------

async function show(told, newest) {
  const next = new Image();
  next.src = told.image;
  await next.decode();
  picture.src = told.image;
  picture.hidden = false;
  facts = told;
  if (newest && !dragging) {
    place = told.placement;
    anchor = told.anchor === "explicit" ? nearest() : told.anchor;
  }
  board.dataset.shown = [told.placement.x, told.placement.y, told.placement.z].join(" ");
  drawPlan();
  drawSpots();
  write();
  say();
}

const points = (list) => list.map((point) => point.join(",")).join(" ");

function drawPlan() {
  plan.setAttribute("viewBox", `0 0 ${facts.view.size.join(" ")}`);
  const foot = facts.product.mount === "wall" || facts.product.mount === "ceiling" ? null : facts.footprint;
  one("[data-foot]").setAttribute("points", foot ? points(foot) : "");
  const front = one("[data-front]");
  const ends = foot ?? [[0, 0], [0, 0]];
  ["x1", "y1", "x2", "y2"].forEach((name, i) => front.setAttribute(name, [...ends[0], ...ends[1]][i]));
  one("[data-edges]").setAttribute("d", foot ? edges() : "");
  const arrow = facts.photo_camera.arrow;
  const towards = facts.product.mount === "floor" ? arrow : null;
  one("[data-cone]").setAttribute("d", towards ? cone(...towards) : "");
  const label = one("[data-camera]");
  label.toggleAttribute("hidden", !towards);
  if (towards) {
    label.setAttribute("x", towards[1][0]);
    label.setAttribute("y", towards[1][1] + 16);
  }
  const dots = one("[data-anchors]");
  dots.replaceChildren(...facts.anchors.filter((each) => each.at && each.id !== here()).map((each) => {
    const dot = svg("circle");
    dot.setAttribute("cx", each.at[0]);
    dot.setAttribute("cy", each.at[1]);
    dot.setAttribute("r", 5);
    return dot;
  }));
}

// The upright edges and the top of the product's box, where it will stand.
function edges() {
  const { x, y, z, yaw_deg } = facts.placement;
  const { width, depth, height } = facts.product;
  const [c, s] = [Math.cos((yaw_deg * Math.PI) / 180), Math.sin((yaw_deg * Math.PI) / 180)];
  const ends = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([i, j]) => {
    const [a, b] = [(i * width) / 2, (j * depth) / 2];
    return [0, height].map((up) => project([x + c * a - s * b, y + s * a + c * b, z + up]).join(" "));
  });
  return `${ends.map(([low, high]) => `M${low}L${high}`).join("")}M${ends.map((end) => end[1]).join("L")}z`;
}

// An arrow on the floor from the product to where the camera stands, wider there: it looks back along it.
function cone([x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const long = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [(-dy / long) * 9, (dx / long) * 9];
  const [bx, by] = [x1 - (dx / long) * 14, y1 - (dy / long) * 14];
  return `M${x0} ${y0}L${bx} ${by}M${bx + nx} ${by + ny}L${x1} ${y1}L${bx - nx} ${by - ny}z`;
}

const named = (id) => (id.charAt(0).toUpperCase() + id.slice(1)).replaceAll("-", " ");

function drawSpots() {
  const spots = one("[data-spots]");
  const key = facts.anchors.map((each) => each.id).join();
  if (spots.dataset.key !== key) {
    spots.dataset.key = key;
    spots.replaceChildren(...facts.anchors.map((each) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button little";
      button.dataset.spot = each.id;
      button.textContent = named(each.id);
      button.addEventListener("click", () => go(each.id));
      return button;
    }));
    if (!facts.anchors.length) spots.textContent = "It fits at none of the room's places; drag it where you want it.";
  }
  for (const button of all("[data-spot]")) button.setAttribute("aria-pressed", String(button.dataset.spot === here()));
  for (const button of all("[data-step]")) button.disabled = facts.anchors.length < 2;
}

// The anchor that the product stands at, if at any.
function here() {
  if (!place) return facts.anchor;
  const at = facts.anchors.find((each) => Math.hypot(each.placement.x - place.x, each.placement.y - place.y, each.placement.z - place.z) < 0.02);
  return at?.id ?? "";
}

function nearest() {
  const apart = (each) => Math.hypot(each.placement.x - place.x, each.placement.y - place.y);
  return [...facts.anchors].sort((a, b) => apart(a) - apart(b))[0]?.id ?? null;
}

const metres = (value) => `${value.toFixed(2)} m`;

function write() {
  if (!place) return;
  for (const input of all("[data-number]")) {
    input.disabled = false;
    if (document.activeElement !== input) input.value = String(Math.round(place[input.dataset.number] * 100) / 100);
  }
  one("[data-render]").disabled = false;
  const aside = Math.abs(place.x) < 0.005 ? "in the middle" : `${metres(Math.abs(place.x))} ${place.x < 0 ? "left" : "right"} of the middle`;
  const back = facts.product.mount === "wall" ? "" : `, ${metres(Math.max(0, -place.y))} from the back wall`;
  const up = Math.abs(place.z) > 0.005 ? `, ${metres(place.z)} up` : "";
  const turned = Math.abs(place.yaw_deg) > 0.5 ? `, turned ${Math.round(place.yaw_deg)}°` : "";
  one("[data-measure]").textContent = named(`${aside}${back}${up}${turned}`);
}

function say() {
  one("[data-looks-out]").hidden = !facts.photo_camera.looks_out;
  const off = Math.round(Math.abs(facts.turned_off_deg));
  one("[data-turned]").hidden = off < 12;
  one("[data-turned]").textContent = `Its one photo shows it from another side: it is drawn ${off}° away from how it will stand. The outline shows how.`;
  board.toggleAttribute("data-off", off >= 12);
  const hidden = Math.round(facts.hidden * 100);
  one("[data-hidden]").hidden = hidden < 8;
  one("[data-hidden]").textContent = `${hidden} % of it is behind something from here. What hides it from the photo's camera will step aside.`;
}

// --- where a pixel lies in the room ---------------------------------------------------------------------------

const WALLS = { back: 0, left: 90, right: -90 };

function pixel(event) {
  const box = picture.getBoundingClientRect();
  const [width, height] = facts.view.size;
  return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
}

function project(point) {
  const { rotation, position_m: eye, focal_px: focal, centre_px: centre } = facts.view;
  const local = rotation.map((row) => row.reduce((sum, each, i) => sum + each * (point[i] - eye[i]), 0));
  return [(focal * local[0]) / local[2] + centre[0], (focal * local[1]) / local[2] + centre[1]];
}

// The point in which the ray through a pixel meets the plane whose coordinate `axis` is `level`; null beyond the horizon.
function meet([u, v], axis, level) {
  const { rotation, position_m: eye, focal_px: focal, centre_px: centre } = facts.view;
  const local = [(u - centre[0]) / focal, (v - centre[1]) / focal, 1];
  const ray = [0, 1, 2].map((i) => local.reduce((sum, each, row) => sum + each * rotation[row][i], 0));
  const far = (level - eye[axis]) / ray[axis];
  return far > 0.1 && far < 40 ? eye.map((each, i) => each + far * ray[i]) : null;
}

function put(target, snap) {
  const { mount, depth } = facts.product;
  const wall = mount === "wall";
  const aside = wall && Math.abs(Math.abs(place.yaw_deg) - 90) < 45;
  const [axis, level] = !wall ? [2, place.z] : aside ? [0, place.x] : [1, -depth / 2];
  const met = meet(target, axis, level);
  if (!met) return;
  const next = { ...place };
  if (!wall || !aside) next.x = met[0];
  if (!wall || aside) next.y = met[1];
  if (wall) next.z = met[2];
  settle(snap ? snapped(next) : next);
}

// Near a wall its back goes to that wall.
function snapped(next) {
  if (facts.product.mount !== "floor" || !one("[data-snap]")?.checked) return next;
  const { width, depth: deep } = facts.space;
  const half = facts.product.depth / 2;
  const away = { back: -next.y, left: next.x + width / 2, right: width / 2 - next.x };
  const [wall, far] = Object.entries(away).sort((a, b) => a[1] - b[1])[0];
  if (far > half + NEAR_WALL) return next;
  const yaw_deg = WALLS[wall];
  if (wall === "back") return { ...next, yaw_deg, y: -half - GAP };
  const x = (wall === "left" ? -1 : 1) * (width / 2 - half - GAP);
  return { ...next, yaw_deg, x, y: Math.max(next.y, -deep) };
}

// Inside the room, whatever was wished for.
function settle(next) {
  const { width, depth, height } = facts.space;
  const turn = (next.yaw_deg * Math.PI) / 180;
  const [c, s] = [Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn))];
  const [hx, hy] = [(facts.product.width * c + facts.product.depth * s) / 2, (facts.product.width * s + facts.product.depth * c) / 2];
  const clamp = (value, low, high) => (low > high ? (low + high) / 2 : Math.min(Math.max(value, low), high));
  const round = (value) => Math.round(value * 1000) / 1000;
  const tall = facts.product.mount === "rug" ? 0 : facts.product.height;
  place = {
    x: round(clamp(next.x, hx - width / 2, width / 2 - hx)),
    y: round(clamp(next.y, hy - depth, -hy)),
    z: round(facts.product.mount === "ceiling" ? Math.max(next.z, 0) : clamp(next.z, 0, height - tall)),
    yaw_deg: round(((((next.yaw_deg + 180) % 360) + 360) % 360) - 180),
  };
  write();
  drawSpots();
  want();
}

// --- hands and keys ---------------------------------------------------------------------------------------------

board.addEventListener("pointerdown", (event) => {
  if (!facts || !place || event.button) return;
  const at = pixel(event);
  const foot = project([place.x, place.y, place.z]);
  const [left, top, right, bottom] = facts.box ?? [foot[0], foot[1], foot[0], foot[1]];
  const held = at[0] > left - 12 && at[0] < right + 12 && at[1] > top - 12 && at[1] < bottom + 12;
  // Whoever takes hold of it anywhere keeps hold of it there; beside it, it comes to where the floor was touched.
  dragging = { id: event.pointerId, grip: held ? [foot[0] - at[0], foot[1] - at[1]] : [0, 0], moved: !held };
  board.setPointerCapture(event.pointerId);
  board.classList.add("held");
  if (!held) put(at, !event.altKey);
});

board.addEventListener("pointermove", (event) => {
  if (dragging?.id !== event.pointerId) return;
  dragging.moved = true;
  const [u, v] = pixel(event);
  put([u + dragging.grip[0], v + dragging.grip[1]], !event.altKey);
});

function drop(event) {
  if (dragging?.id !== event.pointerId) return;
  const moved = dragging.moved;
  dragging = null;
  board.classList.remove("held");
  if (moved) want();
}
board.addEventListener("pointerup", drop);
board.addEventListener("pointercancel", drop);

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

board.addEventListener("keydown", (event) => {
  const move = MOVES[event.key];
  if (!move || !place || !facts || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const step = STEP * (event.shiftKey ? 5 : 1);
  const wall = facts.product.mount === "wall";
  const along = wall && Math.abs(Math.abs(place.yaw_deg) - 90) < 45 ? "y" : "x";
  const out = wall ? "z" : "y";
  settle({ ...place, [along]: place[along] + move[0] * step, [out]: place[out] + move[1] * step });
});

function go(id) {
  const spot = facts?.anchors.find((each) => each.id === id);
  if (!spot) return;
  anchor = id;
  place = { ...spot.placement };
  write();
  drawSpots();
  want();
}

for (const button of all("[data-step]")) {
  button.addEventListener("click", () => {
    const ids = facts.anchors.map((each) => each.id);
    const now = ids.indexOf(here() || anchor);
    go(ids[(now + Number(button.dataset.step) + ids.length) % ids.length]);
  });
}

for (const button of all("[data-turn]")) {
  button.addEventListener("click", () => {
    if (place && facts) settle({ ...place, yaw_deg: place.yaw_deg + Number(button.dataset.turn) });
  });
}

for (const input of all("[data-number]")) {
  input.addEventListener("change", () => {
    const value = Number(input.value);
    if (!facts || !place || !Number.isFinite(value)) return;
    settle({ ...place, [input.dataset.number]: value });
    input.value = String(Math.round(place[input.dataset.number] * 100) / 100);
  });
}

for (const choice of all("[data-angle]")) {
  choice.addEventListener("change", () => {
    angle = choice.value === "" ? null : Number(choice.value);
    want();
  });
}

want();
