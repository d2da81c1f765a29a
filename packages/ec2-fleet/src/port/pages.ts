import type { CallInput, CallName, CallOptions, CallOutput, Ec2Port } from "./ec2-port.ts";

/** The calls that answer in pages. */
export type PagedCall = { [N in CallName]: CallOutput<N> extends { readonly NextToken?: string } ? N : never }[CallName];

/** All pages of a describe call, in order. */
export async function pages<N extends PagedCall>(port: Ec2Port, name: N, input: CallInput<N>, options?: CallOptions): Promise<readonly CallOutput<N>[]> {
  const all: CallOutput<N>[] = [];
  let token: string | undefined;
  do {
    const page = await port.call(name, token === undefined ? input : { ...input, NextToken: token }, options);
    all.push(page);
    token = (page as { readonly NextToken?: string }).NextToken;
  } while (token !== undefined && token !== "");
  return all;
}
