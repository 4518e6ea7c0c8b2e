/** A dialog over the page: the page is inert while it is open, and has its focus back afterwards. */
export function modal({ gist, frame, dismiss, seen, createShell }) {
  const shell = createShell("dialog", gist.position || "center", `${+gist.messageWidth || 414}px`, frame);
  const { box } = shell;
  let closing = false;
  box.style.background = gist.overlayColor || "#0006";

  const outside = (reason) => gist.exitClick !== false && dismiss(reason);
  box.onclick = (event) => event.target === box && outside("backdrop");
  box.oncancel = (event) => {
    event.preventDefault();
    outside("esc");
  };
  box.onclose = () => closing || box.showModal(); // browsers close it at a second Esc
  return {
    host: shell.host,
    show() {
      shell.show();
      box.showModal();
      frame.focus();
      seen();
    },
    close() {
      closing = true;
      box.close();
      shell.close();
    },
  };
}
