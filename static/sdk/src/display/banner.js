import { whenSeen } from "./seen.js";

const WIDTH = 760; // a banner is a line, not a card

const CSS = `section{position:fixed;inset:auto 0;z-index:2147483000;padding:12px;pointer-events:none}
.top{top:0}
.bottom{bottom:0}
p{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}`;

/** A strip at the top or bottom. It takes no focus; a screen reader hears that it is there. Behind a dialog of the page
 * it is not shown yet. */
export function banner({ gist, frame, place, seen, createShell }) {
  const shell = createShell("section", place, `${Math.max(+gist.messageWidth || 0, WIDTH)}px`, frame, CSS);
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  shell.box.append(said);
  return {
    ...shell,
    show() {
      shell.show();
      said.textContent = frame.element.title;
      whenSeen(shell.host, frame.element, seen);
    },
  };
}
