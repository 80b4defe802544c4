// Opens what an address names. Only links and addresses of models need it.
import { P } from "../strings-panels.js";
import { S } from "../strings.js";
import type { Address, View } from "./asked.js";
import type { Source } from "./drafts.js";
import { fetchModel, readLink, sourceAddress } from "./links.js";
import { sampleBase } from "./samples.js";
import type { Opening } from "./opening.js";

/** Changed work is put aside for a link, and for another site's model only when the reader agrees. Throws what `say` takes. */
export async function follow(bench: Opening, { link, src }: Address, draft?: Source, agreed = false): Promise<boolean> {
  const before = draft ?? bench.source.peek();
  const changed = before && before.text !== before.original && before.text.trim() !== "" ? before : undefined;
  if (link === null && changed && !agreed) {
    ask(bench, src ?? "", changed);
    return true;
  }
  const { source, view, engine } = link !== null ? await readLink(link) : await fetchModel(src ?? "");
  if (draft) bench.drafts.putAside(draft);
  if (engine) bench.setEngine(engine);
  await open(bench, source, view);
  if (changed) {
    const back = { label: P.goBack, act: () => void bench.openText(changed) };
    bench.notice.value = { kind: "info", text: P.putAside(changed.name), advice: "", actions: [back] };
  }
  return true;
}

function ask(bench: Opening, src: string, changed: Source): void {
  const address = { sample: null, link: null, src };
  const act = (): void => void follow(bench, address, undefined, true).catch((error: unknown) => bench.say(error, S.linkOpenFailed));
  const actions = [
    { label: P.open, act },
    { label: P.stay, act: () => bench.dismiss() },
  ];
  bench.notice.value = { kind: "info", text: P.srcAsks(sourceAddress(src).href.slice(0, 300), changed.name), advice: "", actions };
}

/** A sample that its sender did not change needs no Python to open. */
async function open(bench: Opening, source: Source, view: View): Promise<void> {
  const { sample, ...plain } = source;
  if (sample && bench.samples.list.peek().some((row) => row.name === sample)) {
    const same = await bench.client.openPrecompiled(sampleBase(sample)).then(
      (compiled) => compiled.document.text === source.text,
      () => false,
    );
    if (same) return bench.openSample(sample, view);
  }
  return bench.openText(plain, view);
}
