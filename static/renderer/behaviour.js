// What a tap tells the host.
import { BEHAVIOURS } from "./behaviours.js";

export const kindOf = (action) => action.behaviour?.kind || "dismiss";

/** The parameters of a `tap`: the three that public clients read, then what our SDK reads besides. */
export function tapOf(action) {
  const behaviour = { kind: kindOf(action), value: action.behaviour?.value || "", properties: action.behaviour?.properties };
  return {
    action: BEHAVIOURS[behaviour.kind].encode(action, behaviour.value),
    name: action.name || "",
    system: behaviour.kind === "deeplink",
    id: action.id || "",
    value: action.value || "",
    tracked: action.track !== false,
    behaviour,
    dismissal: action.id === "close", // a named button that closes is an answer
  };
}

/** A link inside a text: no action of the author's, so never tracked. */
export const linkTap = (anchor) => ({
  action: `gist://loadPage?url=${anchor.href}`,
  name: anchor.textContent.trim(),
  system: false,
  id: "",
  value: "",
  tracked: false,
  behaviour: { kind: "url", value: anchor.href },
  dismissal: false,
});

const asks = (step) => (step.blocks || []).some((block) => block.action || block.options?.length);

/** The close action as it is on this step: on a thank-you step (a later one that asks nothing) closing is no response. */
export const closeOf = (content, step) => (step === content.steps[0] || asks(step) ? content.close : { ...content.close, track: false });
