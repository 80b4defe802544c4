// Small choices that outlive a visit. Storage may be switched off; then they last as long as the page.
import { signal } from "./signals.js";
import type { Signal } from "./signals.js";

/** A signal that is kept under `key`; a stored value that `valid` refuses is ignored. */
export function setting<T>(key: string, initial: T, valid: (value: unknown) => value is T): Signal<T> {
  const name = `penstock.${key}`;
  let start = initial;
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(name) ?? "null");
    if (valid(stored)) start = stored;
  } catch {
    // no storage, or something else wrote there
  }
  const kept = signal(start);
  kept.subscribe((value) => {
    if (value === start) return;
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch {
      // no storage
    }
  });
  return kept;
}

export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
export const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

export type Theme = "auto" | "light" | "dark";
export const isTheme = (value: unknown): value is Theme => value === "auto" || value === "light" || value === "dark";
