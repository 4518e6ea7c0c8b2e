// The metrics tab: draws the chart, and draws the results anew every few seconds without disturbing who reads.

const EVERY = 5000;
let drawn = null;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function data() {
  const script = document.getElementById("chart-data");
  return script && JSON.parse(script.textContent);
}

function draw() {
  const canvas = document.getElementById("chart");
  const now = data();
  if (!canvas || !now || !window.Chart) return;
  if (drawn && drawn.canvas !== canvas) {
    drawn.destroy();
    drawn = null;
  }
  if (drawn) {
    drawn.data.labels = now.labels;
    drawn.data.datasets[0].data = now.responses;
    drawn.data.datasets[1].data = now.shown;
    drawn.update("none");
    return;
  }
  const text = colour("--ink-soft");
  window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  drawn = new window.Chart(canvas, {
    data: {
      labels: now.labels,
      datasets: [
        { type: "bar", label: "Responses", data: now.responses, backgroundColor: colour("--accent"), borderRadius: 3, maxBarThickness: 28, order: 2 },
        {
          type: "line", label: "Times shown", data: now.shown, borderColor: "#a7a294", backgroundColor: "rgb(167 162 148 / 14%)",
          fill: true, borderWidth: 2, pointRadius: now.labels.length > 40 ? 0 : 2.5, pointHoverRadius: 5, pointBackgroundColor: "#a7a294", cubicInterpolationMode: "monotone", order: 1,
        },
      ],
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { grid: { display: false }, border: { color: colour("--line") }, ticks: { color: text, maxRotation: 0, autoSkipPadding: 24 } },
        y: { beginAtZero: true, border: { display: false }, grid: { color: colour("--line") }, ticks: { color: text, precision: 0, maxTicksLimit: 6 } },
      },
      plugins: { legend: { align: "end", labels: { color: text, usePointStyle: true, pointStyle: "circle", boxHeight: 7 } } },
    },
  });
}

// What is being read or used now is not drawn anew under the reader's hands.
function busy(results) {
  const focused = document.activeElement;
  return (
    document.hidden ||
    results.querySelector(":popover-open") !== null ||
    (focused && focused !== document.body && results.contains(focused) && focused.matches("input, select, textarea")) ||
    String(window.getSelection()).length > 0
  );
}

let open = [];
let focus = null;

function remember() {
  open = [...document.querySelectorAll("#results details[open]")].map((details) => details.id);
  const focused = document.activeElement;
  const results = document.getElementById("results");
  focus = results?.contains(focused) ? places(results).indexOf(focused) : null;
}

function restore() {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  const results = document.getElementById("results");
  if (results && focus !== null) places(results)[focus]?.focus({ preventScroll: true });
}

function places(root) {
  return [...root.querySelectorAll("a, button, summary")];
}

// A definition stands under its question mark, inside the window.
function place(event) {
  const note = event.target;
  if (!note.matches?.(".definition") || event.newState !== "open") return;
  const button = document.querySelector(`[popovertarget="${CSS.escape(note.id)}"]`).getBoundingClientRect();
  const width = Math.min(336, window.innerWidth - 32);
  const below = window.innerHeight - button.bottom > 240;
  Object.assign(note.style, {
    position: "fixed",
    inset: "auto",
    left: `${Math.max(16, Math.min(button.left - 16, window.innerWidth - width - 16))}px`,
    top: below ? `${button.bottom + 8}px` : "auto",
    bottom: below ? "auto" : `${window.innerHeight - button.top + 8}px`,
  });
}

document.addEventListener("beforetoggle", place, true);
document.addEventListener("htmx:beforeSwap", (event) => event.detail.target?.id === "results" && remember());
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "results" && event.detail.elt?.id !== "results") return;
  restore();
  draw();
});
draw();
setInterval(() => {
  const results = document.getElementById("results");
  if (results && !busy(results)) window.htmx?.trigger(results, "refresh");
}, EVERY);
