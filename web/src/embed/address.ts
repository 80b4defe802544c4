// Addresses that a bundle or a page names.

/** Of a page or a picture: what is no such address, as a script is none, is null. */
export function safeAddress(given: string | undefined | null, base: string): string | null {
  if (!given || !URL.canParse(given, base)) return null;
  const address = new URL(given, base);
  return /^(https?|file):$/.test(address.protocol) ? address.href : null;
}
