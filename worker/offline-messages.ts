/** What a page tells the service worker. */
export type ToWorker = "keep python" | "take over";
