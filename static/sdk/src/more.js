// What not every page needs, in a file of its own (`more.js` beside the script), loaded when the first of it is needed.
export { banner } from "./display/banner.js";
export { inline } from "./display/inline.js";
export { createLive } from "./live.js";
