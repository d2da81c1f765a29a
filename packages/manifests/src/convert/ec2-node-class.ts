import { isJsonObject, type Json } from "../read/json.ts";
import { type Draft, get, set } from "./conversion.ts";

const ALIASES: Readonly<Record<string, string>> = { AL2: "al2", AL2023: "al2023", Bottlerocket: "bottlerocket", Windows2019: "windows2019", Windows2022: "windows2022" };

/**
 * A v1beta1 EC2NodeClass as v1 (AWS provider's v1 migration notes): images that followed from the family become the family's alias, Ubuntu became AL2 with
 * its root device spelled out, and what v1beta1 filled in by default is written down where v1's default differs.
 */
export function convertEC2NodeClass(draft: Draft): void {
  set(draft, ["apiVersion"], "karpenter.k8s.aws/v1");
  const family = get(draft, ["spec", "amiFamily"]);
  const terms = get(draft, ["spec", "amiSelectorTerms"]);
  const hasTerms = Array.isArray(terms) && terms.length > 0;
  if (family === "Ubuntu") {
    set(draft, ["spec", "amiFamily"], "AL2");
    if (get(draft, ["spec", "blockDeviceMappings"]) === undefined)
      set(draft, ["spec", "blockDeviceMappings"], [{ deviceName: "/dev/sda1", rootVolume: true, ebs: { encrypted: true, volumeType: "gp3", volumeSize: "20Gi" } }]);
  } else if (!hasTerms && typeof family === "string" && ALIASES[family] !== undefined) set(draft, ["spec", "amiSelectorTerms"], [{ alias: `${ALIASES[family]}@latest` }]);

  // v1beta1 allowed containers one hop to the instance metadata; v1's default no longer does.
  const options = get(draft, ["spec", "metadataOptions"]);
  const hops: Json | undefined = isJsonObject(options) ? options["httpPutResponseHopLimit"] : undefined;
  if ((options === undefined || isJsonObject(options)) && hops === undefined) set(draft, ["spec", "metadataOptions", "httpPutResponseHopLimit"], 2);
}
