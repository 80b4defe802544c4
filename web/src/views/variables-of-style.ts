// Sets custom properties of an element by script: a `style` attribute would be against the page's policy.
import { noChange } from "lit";
import { Directive, directive, PartType } from "lit/directive.js";
import type { ElementPart, PartInfo } from "lit/directive.js";

class StyleVariables extends Directive {
  readonly #set: Record<string, string | number> = {}; // a property written again is a new style for the browser

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("styleVariables belongs inside a tag");
  }

  render(_values: Record<string, string | number>): unknown {
    return noChange;
  }

  override update(part: ElementPart, [values]: [Record<string, string | number>]): unknown {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(values)) {
      if (this.#set[name] === value) continue;
      this.#set[name] = value;
      style.setProperty(`--${name}`, String(value));
    }
    return noChange;
  }
}

export const styleVariables = directive(StyleVariables);
