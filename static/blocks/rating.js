import { h, svg } from "../renderer/dom.js";
import { choose, roving } from "../renderer/options.js";

const SCALES = [
  ["stars", "Stars, 1 to 5"], ["emoji", "Faces, 1 to 5"], ["nps", "NPS, 0 to 10"],
  ["csat", "Satisfaction (CSAT), 1 to 5"], ["ces", "Effort (CES), 1 to 7"], ["thumbs", "Thumbs, down and up"],
];
const POINTS = { stars: [1, 5], emoji: [1, 5], nps: [0, 10], csat: [1, 5], ces: [1, 7], thumbs: [0, 1] }; // as messaging/blocks/rating.py
const THUMBS = ["Thumb down", "Thumb up"];
const THUMB = "M7 11v9H4v-9zM7 11l4-8c1.4 0 2.4 1 2.2 2.5L12.6 9h5.7c1.3 0 2.2 1.2 1.9 2.4l-1.6 6.8c-.3 1.1-1.2 1.8-2.3 1.8H7";
const MOODS = ["Very unhappy", "Unhappy", "Neutral", "Happy", "Very happy"];
const MOUTHS = ["M8 17.2c1-2.2 2.4-3.2 4-3.2s3 1 4 3.2", "M8.3 16.4c1-1 2.3-1.5 3.7-1.5s2.7.5 3.7 1.5", "M8.3 15.6h7.4", "M8.2 14.6c1 1.2 2.3 1.8 3.8 1.8s2.8-.6 3.8-1.8", "M7.6 13.8h8.8c-.5 2.6-2.2 4.2-4.4 4.2s-3.9-1.6-4.4-4.2z"];
const STAR = "M12 2.6l2.9 5.9 6.5.95-4.7 4.6 1.1 6.45L12 17.45 6.2 20.5l1.1-6.45-4.7-4.6 6.5-.95z";

const icon = (...shapes) => svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, ...shapes);

const FACES = {
  stars: () => icon(svg("path", { d: STAR })),
  emoji: (at) =>
    icon(
      svg("circle", { class: "face", cx: 12, cy: 12, r: 10 }),
      svg("circle", { class: "eye", cx: 8.7, cy: 9.6, r: 1.3 }),
      svg("circle", { class: "eye", cx: 15.3, cy: 9.6, r: 1.3 }),
      svg("path", { class: at === 4 ? "mouth is-open" : "mouth", d: MOUTHS[at] }),
    ),
  thumbs: (at) => icon(svg("path", { d: THUMB, transform: at ? undefined : "rotate(180 12 12)" })),
};
const digits = (at, action) => document.createTextNode(action.value || action.text);

/** What a screen reader says of a point: the scale's own words, and the author's at the ends. */
function label(block, action, at, count) {
  const end = at === 0 ? block.low : at === count - 1 ? block.high : "";
  const said = { stars: `${at + 1} of ${count} stars`, emoji: MOODS[at], thumbs: THUMBS[at] }[block.scale] || action.value || action.text;
  return end ? `${said}, ${end}` : said;
}

const point = (block, action, at, { tap }) => h(
  "button",
  {
    type: "button",
    role: "radio",
    "aria-checked": "false",
    "aria-label": label(block, action, at, block.options.length),
    title: { emoji: MOODS, thumbs: THUMBS }[block.scale]?.[at],
    class: "point",
    "data-action": action.id,
    onclick: (event) => {
      choose(event.currentTarget);
      tap(action);
    },
  },
  (FACES[block.scale] ?? digits)(at, action),
);

const ends = ({ low, high }) => (low || high
  ? h("div", { class: "ends", "aria-hidden": "true" }, h("span", {}, low || ""), h("span", {}, high || ""))
  : null);

export default {
  label: "Rating",
  order: 4,

  make: ({ action }) => ({
    scale: "stars", low: "", high: "", options: [],
    action: { ...action("", "submit"), name: "Rating", follows: false },
  }),

  inspect: (block, fields) => [
    fields.select("Scale", "scale", SCALES, { test: "scale" }),
    ...fields.action({ label: false, hint: "What the metrics show, with the number of the point behind it, as in “NPS 9”." }),
    fields.text("Label of the low end", "low"),
    fields.text("Label of the high end", "high"),
  ],

  answers({ scale }) {
    const [from, to] = POINTS[scale];
    return Array.from({ length: to - from + 1 }, (_, at) => String(from + at)).map((point, at) => [point, scale === "thumbs" ? THUMBS[at] : point]);
  },

  answerOf: (block, { value }) => value,

  draw({ scale = "stars", options = [], ...block }, doors) {
    const points = options.map((action, at) => point({ ...block, scale, options }, action, at, doors));
    const group = roving(h("div", { class: "points", role: "radiogroup" }, ...points));
    const numbers = scale in FACES ? "" : " is-numbers";
    group.style.setProperty("--points", points.length); // no style attribute: the page's policy allows none
    return h("div", { class: `rating is-${scale}${numbers}` }, group, ends(block));
  },
};
