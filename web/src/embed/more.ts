// What a reader needs only after asking for it: the run and the picture to take away, the way into the workbench, and the
// check of bundles that ask for one.
// The element loads this module from beside its own; classic scripts have it inside.
export { csvOf } from "../state/csv.js";
export { editLink } from "./edit.js";
export { pictureOf } from "./picture.js";
export { differs } from "./reference.js";
