/** The known label somebody may have meant, if one contains the key or ends like it; the first of those given, which are sorted. Karpenter pkg/scheduling/requirements.go labelHint. */
export function similarLabel(key: string, known: readonly string[]): string | undefined {
  const slash = key.indexOf("/");
  const suffix = slash === -1 ? key : key.slice(slash + 1);
  return known.find((label) => label !== key && (label.includes(key) || label.endsWith(suffix)));
}
