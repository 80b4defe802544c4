// Which colours a page around an embed has: what its generator says on an element around, else the system's.
import type { Theme } from "../state/settings.js";

/** Attributes in which site generators say it, and what they write for dark; other words of theirs are light. */
const SAYS: readonly { readonly attribute: string; readonly dark: RegExp; readonly light: RegExp }[] = [
  { attribute: "data-theme", dark: /dark/, light: /light/ }, // Sphinx themes, Docusaurus, Starlight
  { attribute: "data-md-color-scheme", dark: /slate|dark/, light: /./ }, // Material for MkDocs
  { attribute: "data-bs-theme", dark: /dark/, light: /light/ }, // Bootstrap, Quarto
];

/** What the nearest element around says; auto where none does. */
export function themeAround(element: Element): Theme {
  for (let here: Node | null = element.parentNode; here; here = here instanceof ShadowRoot ? here.host : here.parentNode) {
    if (!(here instanceof Element)) continue;
    for (const { attribute, dark, light } of SAYS) {
      const said = here.getAttribute(attribute);
      if (said !== null && dark.test(said)) return "dark";
      if (said !== null && light.test(said)) return "light";
    }
  }
  return "auto";
}

const followers = new Set<() => void>();
let observer: MutationObserver | null = null;

/** Calls `told` whenever an element of the page says something else; returns the way out. One observer serves all. */
export function onThemeChange(told: () => void): () => void {
  followers.add(told);
  if (!observer) {
    observer = new MutationObserver(() => followers.forEach((follower) => follower()));
    observer.observe(document.documentElement, { subtree: true, attributeFilter: SAYS.map(({ attribute }) => attribute) });
  }
  return () => {
    followers.delete(told);
    if (followers.size > 0) return;
    observer?.disconnect();
    observer = null;
  };
}
