// What stands around a frame, out of reach of the page's own styles.
const CSS = `:host{all:initial}
*{box-sizing:border-box;margin:0}
iframe{border:0;display:block;width:100%;height:0;max-width:var(--w);max-height:90vh;margin:auto;border-radius:16px;box-shadow:0 12px 48px #0004;color-scheme:normal;pointer-events:auto}
dialog{position:fixed;inset:0;display:flex;width:100%;height:100%;max-width:none;max-height:none;border:0;padding:16px}
dialog::backdrop{background:none}
dialog iframe{max-height:100%}
.top iframe{margin-top:0}
.bottom iframe{margin-bottom:0}`;

/** A box with the frame in it, hidden until `show`. */
export function createShell(tag, className, width, frame, more = "", parent = document.body) {
  const host = document.createElement("earshot-message");
  const root = host.attachShadow({ mode: "open" });
  const box = document.createElement(tag);
  try {
    const sheet = new CSSStyleSheet(); // allowed where the page's policy forbids inline styles
    sheet.replaceSync(CSS + more);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(Object.assign(document.createElement("style"), { textContent: CSS + more }));
  }
  box.className = className;
  box.style.cssText = `--w:${width};visibility:hidden`;
  box.append(frame.element);
  root.append(box);
  parent.append(host);

  const move = (from, to) => matchMedia("(prefers-reduced-motion:reduce)").matches || box.animate([from, to], 180);
  const away = { opacity: 0, transform: `translateY(${className === "top" ? -12 : 12}px)` };
  return {
    host,
    box,
    show() {
      box.setAttribute("aria-label", frame.element.title);
      box.style.visibility = "visible";
      move(away, {});
    },
    close() {
      move({}, away);
      setTimeout(() => host.remove(), 160);
    },
  };
}
