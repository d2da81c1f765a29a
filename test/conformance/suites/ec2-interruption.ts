import { InputError, type NodeClaim } from "@groupless/api";
import { isUnavailable } from "@groupless/catalog";
import { NOTHING_OUT_OF_STOCK, parseMessage, receiveInterruptions, rememberStockOuts, type Ec2Port } from "@groupless/ec2-fleet";
import type { Suite } from "../suite.ts";

/** Suite `ec2/interruption`. */
export const ec2Interruption: Suite = {
  functions: {
    parse: ({ body }) => {
      try {
        const { kind, instanceIds, startMs } = parseMessage(body);
        return { kind: kind.replaceAll("-", "_"), instanceIds, ...(startMs === undefined ? {} : { startTime: new Date(startMs).toISOString().replace(".000Z", "Z") }) };
      } catch (error) {
        if (error instanceof InputError) return { error: true };
        throw error;
      }
    },
    handle: async ({ messages, nodeClaims, nodes, reservations = {}, probe }) => {
      const deleted: string[] = [];
      const port: Ec2Port = {
        async call(name, input: any) {
          if (name === "ReceiveMessage") return { Messages: messages.map((Body: string, index: number) => ({ Body, ReceiptHandle: String.fromCharCode(97 + index) })) } as never;
          if (name === "DeleteMessage") deleted.push(input.ReceiptHandle);
          return {} as never;
        },
      };
      const claims = nodeClaims as readonly NodeClaim[];
      const deleting = new Set(claims.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).map(({ metadata }) => metadata.name));
      const counts: Record<string, number> = { ...reservations };
      const events: string[] = [];
      let stockOuts = NOTHING_OUT_OF_STOCK;
      for (const { interruption, done } of await receiveInterruptions(port, "queue", () => ({ nodeClaims: claims, nodes: nodes ?? [] }))) {
        for (const name of interruption.deletions) deleting.add(name);
        for (const id of interruption.stockOuts.reservations) if (id in counts) counts[id] = 0;
        stockOuts = rememberStockOuts(stockOuts, interruption.stockOuts, 0);
        events.push(...interruption.reports.map(({ eventType, reason }) => `${eventType} ${reason}`));
        await done();
      }
      return {
        error: false,
        deletedMessages: deleted.toSorted(),
        deleting: [...deleting].toSorted(),
        untouched: claims.map(({ metadata }) => metadata.name).filter((name) => !deleting.has(name)).toSorted(),
        unavailable: probe.filter(({ type, zone, capacityType }: any) => isUnavailable(stockOuts.marks, { instanceType: type, zone, capacityType }, [], 0)),
        reservations: counts,
        events: events.toSorted(),
      };
    },
  },
};
