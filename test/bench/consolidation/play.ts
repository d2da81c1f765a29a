import { type Cluster, prepare } from "@groupless/bin-packer";
import { disrupt, type Method } from "@groupless/disruption";
import { type HalfEmpty, NOW_MS } from "./half-empty-cluster.ts";

/** What came of a method's commands, carried out one after the other. */
export interface Played {
  readonly cluster: Cluster;
  readonly evictions: number;
  readonly commands: number;
  /** What the first command saves, in USD an hour. */
  readonly firstUsdPerHour: number;
  readonly cpuSeconds: number;
}

/** Carries out a method's commands until it has none, or so many times. */
export function play(start: HalfEmpty, method: Method, most: number): Played {
  const before = process.cpuUsage();
  let { cluster } = start;
  let evictions = 0;
  let commands = 0;
  let firstUsdPerHour = 0;
  for (; commands < most; commands++) {
    const [command] = disrupt(prepare(cluster, { nowMs: NOW_MS }), { methods: [method] });
    if (command === undefined) break;
    if (commands === 0) firstUsdPerHour = command.estimatedSavings;
    const { after, moved } = start.execute(cluster, command);
    cluster = after;
    evictions += moved;
  }
  const { user, system } = process.cpuUsage(before);
  return { cluster, evictions, commands, firstUsdPerHour, cpuSeconds: (user + system) / 1e6 };
}
