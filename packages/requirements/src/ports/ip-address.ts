const UNSPECIFIED: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

function parseIpv4(text: string): string | undefined {
  const parts = text.split(".", 5);
  if (parts.length !== 4) return undefined;
  return parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255) ? text : undefined;
}

function hexGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":", 9);
  for (const [i, part] of parts.entries()) {
    if (part.includes(".")) {
      const ipv4 = i === parts.length - 1 ? parseIpv4(part) : undefined;
      if (ipv4 === undefined) return undefined;
      const [a, b, c, d] = ipv4.split(".").map(Number) as [number, number, number, number];
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split("::", 3);
  if (halves.length > 2) return undefined;
  const head = hexGroups(halves[0] as string);
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  // An IPv4 tail may only stand at the very end.
  const tail = hexGroups(halves[1] as string);
  if (tail === undefined || (halves[0] as string).includes(".") || head.length + tail.length > 7) return undefined;
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function ipv6Text(groups: readonly number[]): string {
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return [groups[6] as number, groups[7] as number].flatMap((group) => [group >> 8, group & 255]).join(".");
  }
  let longest = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length += 1;
    if (length > longest.length) longest = { at, length };
  }
  const hex = (from: number, to: number): string => groups.slice(from, to).map((group) => group.toString(16)).join(":");
  return longest.at < 0 ? hex(0, 8) : `${hex(0, longest.at)}::${hex(longest.at + longest.length, 8)}`;
}

/**
 * The one text of an IP address (RFC 5952; IPv4 in IPv6 as IPv4), or undefined if it is none.
 *
 * @example
 * ```ts
 * import { ipText } from "@groupless/requirements";
 * ipText("::ffff:10.0.0.1"); // => "10.0.0.1"
 * ipText("2001:DB8:0::1"); // => "2001:db8::1"
 * ```
 */
export function ipText(text: string): string | undefined {
  if (text.length > 45) return undefined;
  if (!text.includes(":")) return parseIpv4(text);
  const groups = parseIpv6(text);
  return groups === undefined ? undefined : ipv6Text(groups);
}

/** Whether the address stands for every address of a host. */
export function isUnspecified(ip: string): boolean {
  return UNSPECIFIED.has(ip);
}
