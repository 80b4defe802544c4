// The comparison with what the reference engine computed when the bundle was made.
import { sha256 } from "./bundle.js";

/** Whether results of the unchanged model are other bits than the reference engine's. All NaN are one. */
export async function differs(reference: string, data: Float64Array): Promise<boolean> {
  const view = new DataView(new ArrayBuffer(8 * data.length));
  data.forEach((value, at) => (Number.isNaN(value) ? view.setBigUint64(8 * at, 0x7ff8n << 48n, true) : view.setFloat64(8 * at, value, true)));
  return ((await sha256(view.buffer)) ?? reference) !== reference;
}
