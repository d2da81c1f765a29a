import type { NodeSelectorRequirement, NodeSelectorTerm, Pod } from "@groupless/api";
import { normalisedKey } from "../intern/requirement.ts";
import type { Constraints } from "./constraints.ts";
import { claimNameOf, driverOf, type Storage } from "./volumes.ts";

/** What a provider forbids and knows: settings of the validation. */
export interface ValidationRules {
  readonly wellKnown: ReadonlySet<string>;
  readonly restrictedDomains: readonly string[];
  readonly unsupportedProvisioners: readonly string[];
  readonly unsupportedTopologyKeys: readonly string[];
}

export type IgnoredClass = "not-karpenter" | "restricted-label" | "invalid-requirement" | "match-fields" | "volume";

/** One thing that keeps a pod from being looked at. */
export interface Objection {
  readonly class: IgnoredClass;
  readonly message: string;
}

/** Why pods of these constraints are turned away before scheduling; nothing if they are not. Karpenter pkg/controllers/provisioning/provisioner.go Validate. */
export function objections(constraints: Constraints, rules: ValidationRules): Objection[] {
  const found: Objection[] = [];
  if (constraints.shunsNodePools) found.push({ class: "not-karpenter", message: "configured to not run on a Karpenter provisioned node" });
  for (const [key, value] of Object.entries(constraints.nodeSelector)) found.push(...requirementObjections({ key, operator: "In", values: [value] }, rules));
  for (const term of constraints.required ?? []) found.push(...termObjections(term, rules));
  return found;
}

function termObjections(term: NodeSelectorTerm, rules: ValidationRules): Objection[] {
  const fields: Objection[] = term.matchFields === undefined || term.matchFields === null ? [] : [{ class: "match-fields", message: "node selector term with matchFields is not supported" }];
  return [...fields, ...(term.matchExpressions ?? []).flatMap((expression) => requirementObjections(expression, rules))];
}

const OPERATORS = new Set(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte"]);
const CAPACITY_TYPES = new Set(["on-demand", "spot", "reserved"]);
const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function requirementObjections(requirement: NodeSelectorRequirement, rules: ValidationRules): Objection[] {
  const key = normalisedKey(requirement.key);
  const { operator, values = [] } = requirement;
  const invalid = (message: string): Objection => ({ class: "invalid-requirement", message });
  const found: Objection[] = [];
  if (!OPERATORS.has(operator)) found.push(invalid(`key ${key} has an unsupported operator ${operator}`));
  if (isRestricted(key, rules)) found.push({ class: "restricted-label", message: `using label ${key} is not allowed as it might interfere with the internal provisioning logic` });
  if (key === "karpenter.sh/capacity-type" && rules.wellKnown.has(key) && operator === "In" && !values.some((value) => CAPACITY_TYPES.has(value))) found.push(invalid(`no valid values found in [${values.join(" ")}] for ${key}`));
  if (!isQualifiedName(key)) found.push(invalid(`key ${key} is not a qualified name`));
  for (const value of values) if (!isLabelValue(value)) found.push(invalid(`invalid value ${value} for key ${key}`));
  if (operator === "In" && values.length === 0) found.push(invalid(`key ${key} with operator In must have a value defined`));
  if ((operator === "Gt" || operator === "Lt" || operator === "Gte" || operator === "Lte") && !(values.length === 1 && isNaturalNumber(values[0] as string))) found.push(invalid(`key ${key} with operator ${operator} must have a single positive integer value`));
  return found;
}

/** Labels in the provider's own domains that no one else may set, and the hostname. */
export function isRestricted(key: string, rules: Pick<ValidationRules, "wellKnown" | "restrictedDomains">): boolean {
  if (rules.wellKnown.has(key)) return false;
  const slash = key.indexOf("/");
  const domain = slash === -1 ? "" : key.slice(0, slash);
  return key === "kubernetes.io/hostname" || rules.restrictedDomains.some((restricted) => domain === restricted || domain.endsWith(`.${restricted}`));
}

function isQualifiedName(key: string): boolean {
  const parts = key.split("/");
  if (parts.length > 2) return false;
  const name = parts.at(-1) as string;
  if (parts.length === 2) {
    const prefix = parts[0] as string;
    if (prefix.length > 253 || !SUBDOMAIN.test(prefix)) return false;
  }
  return name.length <= 63 && NAME.test(name);
}

function isLabelValue(value: string): boolean {
  return value === "" || (value.length <= 63 && NAME.test(value));
}

function isNaturalNumber(text: string): boolean {
  return /^[+-]?\d+$/.test(text) && BigInt(text.replace(/^\+/, "")) >= 0n && BigInt(text.replace(/^\+/, "")) < 1n << 63n;
}

/** What is wrong with the pod's volumes, if anything. */
export function volumeObjection(pod: Pod, storage: Storage, rules: ValidationRules): Objection | undefined {
  const no = (message: string): Objection => ({ class: "volume", message });
  for (const volume of pod.spec.volumes ?? []) {
    const name = claimNameOf(pod, volume);
    if (name === undefined) continue;
    const claim = storage.claims.get(`${pod.metadata.namespace ?? ""}/${name}`);
    if (claim === undefined) return no(`persistent volume claim ${name} not found`);
    if (claim.metadata.deletionTimestamp !== undefined) return no(`persistent volume claim ${name} is being deleted`);
    if (claim.status?.phase === "Lost") return no(`persistent volume claim ${name} is bound to a volume that does not exist`);
    const volumeName = claim.spec?.volumeName ?? "";
    const className = claim.spec?.storageClassName ?? "";
    if (volumeName !== "") {
      const bound = storage.volumes.get(volumeName);
      if (bound === undefined) return no(`persistent volume ${volumeName} not found`);
      if (bound.metadata.deletionTimestamp !== undefined) return no(`persistent volume ${volumeName} is being deleted`);
      if (claim.metadata.annotations?.["pv.kubernetes.io/bind-completed"] === undefined) return no(`persistent volume claim ${name} has a volume but is not bound to it yet`);
    } else {
      if (className === "") return no(`unbound persistent volume claim ${name} must define a storage class`);
      const storageClass = storage.classes.get(className);
      if (storageClass === undefined) return no(`storage class ${className} not found`);
      if (storageClass.volumeBindingMode === "Immediate") return no(`persistent volume claim ${name} of immediate binding mode must be bound`);
      const unsupported = storageClass.allowedTopologies?.flatMap((topology) => topology.matchLabelExpressions ?? []).find(({ key }) => rules.unsupportedTopologyKeys.includes(key));
      if (unsupported !== undefined) return no(`storage class ${className} uses unsupported topology key ${unsupported.key}`);
    }
    const driver = driverOf(claim, storage);
    if (driver === "missing") return no(`persistent volume ${volumeName} not found`);
    if (rules.unsupportedProvisioners.includes(driver.driver)) return no(`provisioner ${driver.driver} is not supported`);
  }
  return undefined;
}
