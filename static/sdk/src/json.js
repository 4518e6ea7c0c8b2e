// What JSON cannot carry must not stop what can.
import { attempt } from "./util.js";

/** A copy of a call as JSON carries it, whole numbers of any size as text; null for what JSON cannot carry at all, such
 * as a value that contains itself. */
export const jsonOf = (call) =>
  attempt(() => JSON.parse(JSON.stringify(call, (name, value) => (typeof value === "bigint" ? `${value}` : value))));
