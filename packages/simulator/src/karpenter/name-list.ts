/** Names as Karpenter's log shortens them: the first few, then how many more (pkg/utils/pretty Slice). */
export function nameList(names: readonly string[], most: number): string {
  const more = names.length - most;
  return more <= 0 ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${more} other(s)`;
}
