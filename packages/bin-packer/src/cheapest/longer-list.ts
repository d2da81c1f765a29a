/** The same list with room for more behind it. */
export function longerList<A extends Float64Array | Int32Array | Uint8Array>(list: A, length: number): A {
  const made = (list instanceof Float64Array ? new Float64Array(length) : list instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length)) as A;
  made.set(list);
  return made;
}
