// A group in which one is chosen: one tab stop, arrows move, Space and Enter choose. Moving chooses nothing,
// because choosing is an answer.
const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** To the next or to the one before; left and right are as they are read. */
function moveOf(key, group) {
  const turned = /Left|Right/.test(key) && getComputedStyle(group).direction === "rtl";
  return MOVES[key] * (turned ? -1 : 1);
}

const optionsOf = (group) => [...group.querySelectorAll('[role="radio"]')];

function stop(group, option) {
  for (const other of optionsOf(group)) other.tabIndex = other === option ? 0 : -1;
}

/** Marks the option chosen, and (for a scale) those before it as passed. */
export function choose(option) {
  const group = option.closest('[role="radiogroup"]');
  const options = optionsOf(group);
  const at = options.indexOf(option);
  options.forEach((other, index) => {
    other.setAttribute("aria-checked", String(index === at));
    other.classList.toggle("is-passed", index <= at);
  });
  group.classList.add("is-answered");
  stop(group, option);
}

export function roving(group) {
  const options = optionsOf(group);
  if (options.length) stop(group, options[0]);
  group.addEventListener("keydown", (event) => {
    const at = options.indexOf(event.target.closest('[role="radio"]'));
    if (at < 0) return;
    let to = at;
    if (event.key in MOVES) to = (at + moveOf(event.key, group) + options.length) % options.length;
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = options.length - 1;
    else return;
    event.preventDefault();
    stop(group, options[to]);
    options[to].focus();
  });
  return group;
}
