/** An id as text, without blanks around it; "" for an object, or a text such as "undefined". The server knows more of
 * those (messaging/common/ids.py). */
export const idOf = (value) => (/^(undefined|null|nan|none|\[object.*|.*=>.*)$/i.test((value = `${value ?? ""}`.trim())) ? "" : value);

// Who the page speaks for. An anonymous id from the first moment, kept when the person says who they are, so that
// the two become one person; a new one when somebody else signs in.
export function createIdentity({ keep, uuid }) {
  const stranger = () => ({ anonymousId: uuid(), userId: null });
  const put = (who) => {
    keep.set("who", who);
    return who;
  };
  const get = () => keep.get("who") || put(stranger());
  return {
    get,
    /** True when it is somebody else than before. */
    identify(userId, signature) {
      const before = get();
      const base = before.userId && before.userId !== userId ? stranger() : before;
      put({ ...base, userId, signature: signature || base.signature });
      return before.userId !== userId;
    },
    reset: () => put(stranger()),
  };
}
