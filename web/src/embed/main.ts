// What a page loads: the element. Scripts that want the numbers alone load model.ts.
import { define } from "../views/view.js";
import { PenstockEmbed } from "./element.js";

define("penstock-model", PenstockEmbed);

export { PenstockEmbed as PenstockModel };
