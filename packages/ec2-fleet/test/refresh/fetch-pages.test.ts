import { fetchPages, type RefreshPort, type RefreshProgress, refreshRegion } from "@groupless/ec2-fleet";
import { describe, expect, test } from "vitest";

const coded = (name: string, more: object = {}): Error => Object.assign(new Error(name), { name, ...more });

/** A port that answers from a script, and a clock that only notes its waits. */
function scripted(answers: (call: string, token: string | undefined, count: number) => unknown): { port: RefreshPort; waits: number[]; clock: { nowMs: () => number; sleep: (ms: number) => Promise<void> } } {
  const waits: number[] = [];
  const counts: Record<string, number> = {};
  const port: RefreshPort = {
    region: "eu-west-1",
    page: async (call, token) => {
      const answer = answers(call, token, (counts[call] = (counts[call] ?? 0) + 1));
      if (answer instanceof Error) throw answer;
      return answer as never;
    },
  };
  return { port, waits, clock: { nowMs: () => 0, sleep: async (ms) => void waits.push(ms) } };
}

describe("fetching pages", () => {
  test("follows tokens to the last page, an empty token included", async () => {
    const { port, clock } = scripted((_, token) => ({ items: [token ?? "first"], nextToken: token === undefined ? "second" : token === "second" ? "third" : "" }));
    expect(await fetchPages(port, "DescribeSpotPriceHistory", { clock })).toEqual([["first"], ["second"], ["third"]]);
  });

  test("waits twice as long after each refusal, at most twenty seconds, and then goes on where it was", async () => {
    const { port, clock, waits } = scripted((_, token, count) => (count > 1 && count < 11 ? coded("RequestLimitExceeded") : { items: [token], ...(token === undefined ? { nextToken: "next" } : {}) }));
    const seen: RefreshProgress[] = [];
    expect(await fetchPages(port, "DescribeInstanceTypes", { clock, random: () => 1, attempts: 12, onProgress: (event) => seen.push(event) })).toEqual([[undefined], ["next"]]);
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
    expect(seen.filter((event) => event.type === "retry").map((event) => event.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("gives up after so many attempts, and at once where asking again cannot help", async () => {
    const throttled = scripted(() => coded("ThrottlingException"));
    await expect(fetchPages(throttled.port, "DescribeInstanceTypes", { clock: throttled.clock, attempts: 3 })).rejects.toThrow("ThrottlingException");
    expect(throttled.waits).toHaveLength(2);
    const refused = scripted(() => coded("UnauthorizedOperation", { $fault: "client", $metadata: { httpStatusCode: 403 } }));
    await expect(fetchPages(refused.port, "DescribeInstanceTypes", { clock: refused.clock })).rejects.toThrow("UnauthorizedOperation");
    expect(refused.waits).toEqual([]);
    const broken = scripted((_, __, count) => (count === 1 ? coded("InternalError", { $metadata: { httpStatusCode: 500 } }) : { items: [] }));
    expect(await fetchPages(broken.port, "DescribeInstanceTypes", { clock: broken.clock })).toEqual([[]]);
  });

  test("stops when it is told to", async () => {
    const abort = new AbortController();
    const { port, clock } = scripted(() => (abort.abort(new Error("enough")), { items: [], nextToken: "next" }));
    await expect(fetchPages(port, "DescribeInstanceTypes", { clock, signal: abort.signal })).rejects.toThrow("enough");
  });
});

describe("a refresh of a region", () => {
  const m5 = { InstanceType: "m5.large", VCpuInfo: { DefaultVCpus: 2 }, MemoryInfo: { SizeInMiB: 8192 }, SupportedUsageClasses: ["on-demand", "spot"], ProcessorInfo: { SupportedArchitectures: ["x86_64"] }, NetworkInfo: { NetworkCards: [{ MaximumNetworkInterfaces: 3 }], Ipv4AddressesPerInterface: 10 } };
  const answers: Record<string, readonly unknown[]> = { DescribeAvailabilityZones: [{ ZoneName: "eu-west-1a", ZoneId: "euw1-az3" }], DescribeInstanceTypes: [m5], DescribeInstanceTypeOfferings: [{ InstanceType: "m5.large", Location: "eu-west-1a" }] };

  test("A-073 A-076 keeps the prices it knew when the price APIs fail, and says which failed", async () => {
    const { port, clock } = scripted((call) => (answers[call] === undefined ? coded("AccessDeniedException") : { items: answers[call] }));
    const { snapshot, failed } = await refreshRegion(port, { clock });
    expect(failed.map((each) => [each.prices, each.errorCode])).toEqual([["on-demand", "AccessDeniedException"], ["spot", "AccessDeniedException"]]);
    expect(snapshot.types[0]).toMatchObject({ onDemand: { perHour: 0.096, source: "estimated" }, spot: { "eu-west-1a": { perHour: 0.096, source: "estimated" } } });
  });

  test("A-077 does not ask the Pricing API from a VPC without a way out, but does ask for spot prices", async () => {
    const asked: string[] = [];
    const { port, clock } = scripted((call) => (asked.push(call), { items: answers[call] ?? [{ InstanceType: "m5.large", AvailabilityZone: "eu-west-1a", SpotPrice: "0.031", Timestamp: new Date(0) }] }));
    const { snapshot, failed } = await refreshRegion(port, { clock, isolatedVpc: true });
    expect(asked.filter((call) => call.startsWith("GetProducts"))).toEqual([]);
    expect([failed, snapshot.types[0]?.spot]).toEqual([[], { "eu-west-1a": { perHour: 0.031, source: "listed" } }]);
  });

  test("A-003 an empty answer changes nothing: it is an error, and the caller keeps what it has", async () => {
    const { port, clock } = scripted((call) => ({ items: call === "DescribeInstanceTypeOfferings" ? [] : (answers[call] ?? []) }));
    await expect(refreshRegion(port, { clock })).rejects.toThrow("no instance types offerings found");
  });
});
