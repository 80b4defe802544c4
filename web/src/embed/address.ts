// Where the workbench is.

/** Addresses of pages only: a bundle must not name a script. */
export function workbenchAddress(given: string | undefined | null, base: string): string | null {
  if (!given || !URL.canParse(given, base)) return null;
  const address = new URL(given, base);
  return /^(https?|file):$/.test(address.protocol) ? address.href.replace(/#.*$/s, "") : null;
}
