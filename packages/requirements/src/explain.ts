import type { HostPort, HostPortConflict } from "./ports/host-port.ts";
import { type Incompatibility, explainIncompatibility } from "./requirements/compatible.ts";
import { type UntoleratedTaint, taintText } from "./taints/toleration.ts";
import type { VolumeLimitExceeded, VolumeNotFound } from "./volumes/volume-usage.ts";

/** Every reason this package gives (those of Karpenter's algebra are in `/karpenter`). */
export type RequirementsReason = Incompatibility | UntoleratedTaint | HostPortConflict | VolumeLimitExceeded | VolumeNotFound;

/** The reason in English. */
export function explain(reason: RequirementsReason): string {
  switch (reason.code) {
    case "untolerated-taint":
      return `did not tolerate taint (taint=${taintText(reason.taint)})`;
    case "host-port-conflict":
      return `host port ${portText(reason.wanted)} conflicts with ${portText(reason.taken)}`;
    case "volume-limit-exceeded":
      return `would exceed volume limit (provisioner=${reason.driver}, volume-count=${reason.volumes}, volume-limit=${reason.limit})`;
    case "volume-not-found":
      return `claim ${reason.claim} is bound to volume ${reason.volume}, which does not exist`;
    default:
      return explainIncompatibility(reason);
  }
}

function portText({ ip, port, protocol }: HostPort): string {
  return `${ip.includes(":") ? `[${ip}]` : ip}:${port}/${protocol}`;
}
