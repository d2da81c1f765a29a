import type { Cluster } from "@groupless/bin-packer";
import { wrongs } from "../../soak/scenario.ts";
import { alikeWrongs } from "./alike.ts";
import { beyondWrongs } from "./beyond.ts";
import { changeWrongs } from "./change.ts";
import { cheapestWrongs } from "./cheapest.ts";
import { claimWrongs } from "./claims.ts";
import { commandWrongs, togetherWrongs } from "./commands.ts";
import { decisionWrongs } from "./decisions.ts";
import { disruptionWrongs } from "./disruption.ts";
import { exactWrongs } from "./exact.ts";
import { modelWrongs } from "./model.ts";
import { boundWrongs, cutWrongs, largeOrderWrongs, optimumWrongs } from "./optimum.ts";
import { priceWrongs } from "./prices.ts";
import { queueWrongs } from "./queue.ts";
import { reasonWrongs } from "./reasons.ts";
import { textWrongs } from "./texts.ts";
import { trackingWrongs } from "./windows.ts";

/** A law of whole answers: what is wrong, and on how many clusters of each kind it is tried. */
export type Law = readonly [name: string, find: (cluster: Cluster, nowMs: number) => readonly string[], clusters: Readonly<Record<string, number>>];

export const LAWS: readonly Law[] = [
  ["placements and plans hold, in any order of objects", wrongs, { varied: 100, plain: 60, busy: 24, quiet: 20 }],
  ["a plan is the plain loop's", modelWrongs, { varied: 160, plain: 60, hostile: 80, busy: 24, quiet: 60, crowded: 24, odd: 60 }],
  ["new nodes say of themselves what is so", claimWrongs, { varied: 100, plain: 40 }],
  ["what nobody looks at changes nothing", alikeWrongs, { varied: 40, busy: 6 }],
  ["commands send pods where a what-if does", commandWrongs, { quiet: 60, varied: 60 }],
  ["together pods cost no more than one by one", togetherWrongs, { plain: 40 }],
  ["refusals say what is so", reasonWrongs, { varied: 100, plain: 40, busy: 24 }],
  ["sentences name what they are about", textWrongs, { varied: 60, quiet: 40, busy: 10, hostile: 30 }],
  ["the exact rules hold without exception", exactWrongs, { hostile: 80, varied: 40 }],
  ["disruption takes whom it may", disruptionWrongs, { varied: 60, quiet: 60, wide: 20 }],
  ["methods decide as their rules read", decisionWrongs, { quiet: 60, wide: 40, varied: 60, busy: 24, crowded: 10 }],
  ["commands are carried out", queueWrongs, { varied: 30, quiet: 40 }],
  ["pools are tracked at what they cost", trackingWrongs, { quiet: 20, varied: 30 }],
  ["what Karpenter does not do keeps its rules", beyondWrongs, { quiet: 40, wide: 20 }],
  ["what-ifs and updates answer as a fresh preparation", changeWrongs, { varied: 30, busy: 4, quiet: 10, hostile: 10 }],
  ["the cheapest plan is cheapest", cheapestWrongs, { plain: 20, varied: 10 }],
  ["small orders cost what they must", optimumWrongs, { tiny: 80 }],
  ["bounds are what patterns prove", boundWrongs, { small: 30 }],
  ["large orders cost little more than they must", largeOrderWrongs, { large: 10 }],
  ["what was cut from nodes fits on nodes", cutWrongs, { cut: 20 }],
  ["prices and bounds of like clusters agree", priceWrongs, { plain: 60, varied: 60 }],
];
