import { InputError, type NodeSelectorRequirement, type Operator } from "@groupless/api";
import { ec2Labels } from "@groupless/ec2-catalog";
import { isRestrictedKey, normaliseKey } from "@groupless/requirements";
import { didYouMean } from "../input/nearest.ts";

const operators: ReadonlySet<string> = new Set<Operator>(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte"]);
const symbols: Readonly<Record<string, Operator>> = { "=": "In", "==": "In", "!=": "NotIn", ">": "Gt", "<": "Lt", ">=": "Gte", "<=": "Lte" };

/**
 * A requirement in a line: a label, an operator, values separated by commas or spaces. The `karpenter.k8s.aws/instance-`
 * of a label may be left out.
 *
 * @throws {InputError} `bad-where`
 */
export function readWhere(text: string): NodeSelectorRequirement {
  const [label = "", sign = "", ...rest] = text.trim().split(/\s+/u);
  const operator = symbols[sign] ?? (sign as Operator);
  if (!operators.has(operator)) throw bad(text, `no operator "${sign}"`);
  const key = fullKey(label, text);
  const values = rest.join(" ").split(/[\s,]+/u).filter((value) => value !== "");
  const needsNone = operator === "Exists" || operator === "DoesNotExist";
  if (needsNone !== (values.length === 0)) throw bad(text, needsNone ? `${operator} takes no value` : `${operator} without a value`);
  const compares = operator === "Gt" || operator === "Lt" || operator === "Gte" || operator === "Lte";
  if (compares && (values.length !== 1 || !/^-?\d+$/u.test(values[0]!))) throw bad(text, `${operator} takes one whole number`);
  return needsNone ? { key, operator } : { key, operator, values };
}

function fullKey(label: string, text: string): string {
  const key = normaliseKey(label, ec2Labels);
  const candidates = [key, `karpenter.k8s.aws/instance-${label}`, `karpenter.k8s.aws/${label}`, `karpenter.sh/${label}`, `kubernetes.io/${label}`, `topology.kubernetes.io/${label}`, `node.kubernetes.io/${label}`, `topology.k8s.aws/${label}`];
  const known = candidates.find((each) => ec2Labels.wellKnown.includes(each));
  if (known !== undefined) return known;
  if (label === "" || !label.includes("/") || isRestrictedKey(key, ec2Labels)) throw bad(text, `no label "${label}"`, didYouMean(label, ec2Labels.wellKnown.flatMap((each) => (label.includes("/") ? [each] : [each.slice(each.indexOf("/") + 1), each.replace("karpenter.k8s.aws/instance-", "")])), example));
  return key;
}

const example = 'a label, an operator and values, such as "instance-cpu Gte 8"';

function bad(text: string, problem: string, expected = example): InputError {
  return new InputError("bad-where", problem, { path: `--where "${text}"`, expected });
}
