import { ApiError, type CallName, type Ec2Port } from "@groupless/ec2-fleet";
import { fakeEc2, virtualClock, type FakeEc2 } from "@groupless/ec2-fleet/fake";

/** EC2 as the README says it is emulated: describe calls filter by what they are sent, `apiErrors` always fail. */
export function emulatedAccount(args: any): { readonly port: Ec2Port; readonly inputs: (name: CallName) => readonly unknown[]; readonly fake: FakeEc2 } {
  const clock = virtualClock(Date.parse(args.now ?? "2026-08-01T12:00:00Z"));
  const fake = fakeEc2({
    clock,
    subnets: args.subnets ?? [],
    securityGroups: args.securityGroups ?? [],
    // "self" is the account of the vectors.
    images: (args.images ?? []).map((image: any) => ({ ...image, ImageOwnerAlias: image.ImageOwnerAlias ?? "other" })),
    parameters: args.ssm ?? {},
    capacityReservations: args.capacityReservations ?? [],
    placementGroups: args.placementGroups ?? [],
  });
  const port: Ec2Port = {
    async call(name, input: any, options) {
      const asked = name === "DescribeImages" && input.Owners?.includes("self") ? { ...input, Owners: [...input.Owners, "111122223333"] } : input;
      const error = args.apiErrors?.[name] ?? (name === "GetParameter" ? args.ssmError : undefined);
      inputs.push({ name, input });
      if (error) throw new ApiError(error.code, error.message ?? "");
      return fake.call(name, asked, options);
    },
  };
  const inputs: { readonly name: CallName; readonly input: any }[] = [];
  return { port, fake, inputs: (name) => inputs.filter((one) => one.name === name).map(({ input }) => canonicalInput(input)).toSorted(byText) };
}

/** Filters by content with sorted values, as in the vectors. */
function canonicalInput(input: any): unknown {
  const { Filters, ...rest } = input;
  if (Filters === undefined) return input;
  return { ...rest, Filters: Filters.map(({ Name, Values }: any) => ({ Name, Values: Values.toSorted() })).toSorted(byText) };
}

/** The order of compact JSON with sorted keys. */
export function byText(a: unknown, b: unknown): number {
  const [left, right] = [text(a), text(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === "object" && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([x], [y]) => (x < y ? -1 : 1))) : inner));
}
