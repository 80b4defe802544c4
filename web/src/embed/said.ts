// The package's types, which people read, beside what the code is: neither may promise what the other lacks.
import type * as Model from "../../npm/model.js";
import type * as Element from "../../npm/penstock-embed.js";
import type { PenstockEmbed } from "./element.js";
import type { BlobSource, load, Model as OwnModel, Refusal } from "./model.js";

type Public<T> = { [K in keyof T]: T[K] };
type Fits<Own extends Said, Said> = [Own, Said];

export type Kept = [
  Fits<typeof load, typeof Model.load>,
  Fits<Model.BlobSource, BlobSource>,
  Fits<Public<OwnModel>, Model.Model>,
  Fits<Refusal, Model.Refusal>,
  Fits<Public<PenstockEmbed>, Omit<Element.PenstockModel, "ready">>,
];
