// What the app asked to be told. A listener that throws spoils nothing but itself.

/** Names that look alike are one: the server fills them in so (messaging/common/labels.py). */
export const plain = (name) => name.normalize().replace(/\p{Cf}/gu, "").replace(/\s+/g, " ").trim();

export function createListeners(report = (error) => setTimeout(() => { throw error; })) {
  const byEvent = new Map();

  const listeners = {
    on(event, listener) {
      if (!byEvent.has(event)) byEvent.set(event, new Set());
      byEvent.get(event).add(listener);
      return () => listeners.off(event, listener);
    },
    off(event, listener) {
      if (listener) byEvent.get(event)?.delete(listener);
      else byEvent.delete(event);
    },
    onAction: (name, listener) => listeners.on("action", (action) => plain(action.name) === plain(name) && listener(action)),
    emit(event, detail) {
      for (const listener of [...(byEvent.get(event) || [])]) {
        try {
          listener(detail)?.catch?.(report);
        } catch (error) {
          report(error);
        }
      }
    },
  };
  return listeners;
}
