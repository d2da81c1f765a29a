/** An EC2 tag. */
export interface Tag {
  readonly Key: string;
  /** Absent where EC2 leaves out an empty one. */
  readonly Value?: string;
}

/** An EC2 describe filter: any of the values; several filters must all hold. */
export interface Filter {
  readonly Name: string;
  readonly Values: readonly string[];
}

/** The tags of one kind of resource that a call creates. */
export interface TagSpecification {
  readonly ResourceType: string;
  readonly Tags: readonly Tag[];
}

/** Tags as EC2 wants them, sorted by key so that equal tags are equal bytes. */
export function tagList(tags: Readonly<Record<string, string>>): readonly Tag[] {
  return Object.keys(tags)
    .sort()
    .map((Key) => ({ Key, Value: tags[Key] ?? "" }));
}

/** EC2's list of tags as a record. */
export function tagRecord(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value = "" }) => [Key, Value]));
}
