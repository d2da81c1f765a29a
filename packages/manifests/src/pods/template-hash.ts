// Letters that spell no words, as Kubernetes uses in generated names.
const LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** A short name for a pod template, the same for the same template in any key order. It is not the hash that Kubernetes computes. */
export function templateHash(template: unknown): string {
  let hash = 0x811c9dc5;
  const text = ordered(template);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  let name = "";
  for (let i = 0; i < 7; i++) {
    name += LETTERS[hash % LETTERS.length];
    hash = Math.imul(hash ^ (hash >>> 13), 0x5bd1e995) >>> 0;
  }
  return name;
}

function ordered(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(ordered).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${ordered(item)}`)
    .join(",")}}`;
}
