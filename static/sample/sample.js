// The whole of an integration: identify, track, listen. The log beside it is for the onlooker.
const { earshot } = window;
const $ = (selector) => document.querySelector(selector);
const KEPT = 60;

function log(kind, title, detail = "") {
  const list = $("#log");
  list.querySelector(".none")?.remove();
  const row = document.createElement("li");
  const time = Object.assign(document.createElement("time"), { textContent: new Date().toLocaleTimeString("en-GB") });
  const tag = Object.assign(document.createElement("b"), { className: `is-${kind}`, textContent: kind });
  const words = Object.assign(document.createElement("span"), { textContent: title });
  const more = Object.assign(document.createElement("small"), { textContent: detail });
  row.append(time, tag, words, more);
  list.prepend(row);
  while (list.children.length > KEPT) list.lastElementChild.remove();
}

const nameOf = ({ type, event, properties = {} }) =>
  event === "Report Delivery Event" ? [properties.metric, properties.actionName || properties.reason].filter(Boolean).join(": ") : [type, event].filter(Boolean).join(" ");

function showPerson() {
  const { userId } = earshot.identity();
  $("#who").textContent = userId ? `Signed in as ${userId}` : "Nobody is signed in";
  for (const chip of document.querySelectorAll("[data-person]")) chip.setAttribute("aria-pressed", String(chip.dataset.person === userId));
}

function be(id) {
  earshot.identify(id);
  $("#person").value = id;
  showPerson();
}

if (!earshot) {
  log("error", "The SDK did not load", "It is built by: npm run build:sdk");
} else {
  earshot.on("action", (action) =>
    log("action", action.name || action.value, [action.behaviour, action.value, action.tracked ? "tracked" : "not tracked"].filter(Boolean).join(" · ")),
  );
  earshot.on("opened", ({ message }) => log("opened", `message ${message}`));
  earshot.on("dismissed", ({ message, reason }) => log("dismissed", `message ${message}`, reason));
  earshot.on("error", ({ error }) => log("error", error));
  earshot.on("report", (event) => log("kept", nameOf(event), "written down on this device"));
  earshot.on("sent", (events) => events.forEach((event) => log("sent", nameOf(event), "the server has it")));

  $("#pick").addEventListener("submit", (event) => {
    event.preventDefault();
    be($("#person").value.trim());
  });
  $("#tell").addEventListener("submit", (event) => {
    event.preventDefault();
    earshot.track($("#event").value.trim());
  });
  document.addEventListener("click", ({ target }) => {
    if (target.dataset.person) be(target.dataset.person);
    if (target.dataset.event) earshot.track(target.dataset.event);
  });
  $("#refresh").addEventListener("click", () => earshot.refresh());
  $("#dismiss").addEventListener("click", () => earshot.dismiss());
  $("#reset").addEventListener("click", () => {
    earshot.reset();
    showPerson();
    log("reset", "A new anonymous visitor");
  });
  showPerson();
  earshot.page("Notes");
}
