import { createShell } from "./shell.js";

const WIDTH = 760; // a banner is a line, not a card

/** A strip at the top or bottom. It takes no focus; a screen reader hears that it is there. */
export function banner({ gist, frame, place }) {
  const shell = createShell("section", place, `${Math.max(+gist.messageWidth || 0, WIDTH)}px`, frame);
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  shell.box.append(said);
  return {
    ...shell,
    show() {
      shell.show();
      said.textContent = frame.element.title;
    },
  };
}
