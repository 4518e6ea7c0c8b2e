// Calls in the shape of the ingest line. The moment is the call's own; `sentAt` is added by each sending.
import { VERSION } from "./config.js";

export function createReport({ identity, uuid, now }) {
  const call = (type, fields, messageId = uuid()) => {
    const { userId, anonymousId, signature } = identity.get();
    const context = { library: { name: "earshot.js", version: VERSION } };
    return { type, ...fields, userId, anonymousId, signature, context, messageId, timestamp: new Date(now()).toISOString() };
  };

  const metric = ({ queueId }, name, properties, messageId) =>
    call("track", { event: "Report Delivery Event", properties: { deliveryId: queueId, metric: name, ...properties } }, messageId);

  return {
    call,
    // Every tab and every try names the opening alike, so it is kept once.
    opened: (message) => metric(message, "opened", {}, `${message.queueId}.opened`),
    answered: (message, tap, seconds) =>
      metric(message, tap.dismissal ? "dismissed" : "clicked", {
        actionName: tap.name,
        actionValue: tap.action,
        actionId: tap.id,
        value: tap.value || undefined,
        reason: tap.behaviour.kind === "snooze" ? "snooze" : tap.dismissal ? tap.reason || "close" : undefined,
        seconds,
      }),
    gone: (message, reason, seconds) => metric(message, "dismissed", { reason, seconds }),
  };
}
