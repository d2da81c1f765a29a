import type { ContainerPort } from "@groupless/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { explain } from "../../src/explain.ts";
import { type HostPort, hostPortConflict, hostPortsOf, portsMatch } from "../../src/ports/host-port.ts";
import { ipText } from "../../src/ports/ip-address.ts";

const portsOf = (...ports: ContainerPort[]) => hostPortsOf({ spec: { containers: [{ name: "a", ports }, { name: "b" }] } });

test("P-039 a pod takes the host ports its containers name, on every address unless they say which", () => {
  expect(portsOf({ hostPort: 80, protocol: "TCP" }, { containerPort: 80 }, { hostPort: 0 }, { hostPort: 53, hostIP: "::ffff:10.0.0.1", protocol: "UDP" }, { hostPort: 1, hostIP: "nowhere" }, { hostPort: 2, hostIP: "" })).toEqual([
    { ip: "0.0.0.0", port: 80, protocol: "TCP" },
    { ip: "10.0.0.1", port: 53, protocol: "UDP" },
    { ip: "<nil>", port: 1, protocol: "" },
    { ip: "0.0.0.0", port: 2, protocol: "" },
  ]);
  expect(hostPortsOf({ spec: {} as never })).toEqual([]);
});

test("P-039 ports are one if protocol and number agree and the addresses do, or either stands for all", () => {
  const port = (ip: string, number = 80, protocol = "TCP"): HostPort => ({ ip, port: number, protocol });
  expect(portsMatch(port("10.0.0.1"), port("10.0.0.1"))).toBe(true);
  expect(portsMatch(port("10.0.0.1"), port("10.0.0.2"))).toBe(false);
  expect(portsMatch(port("10.0.0.1"), port("0.0.0.0"))).toBe(true);
  expect(portsMatch(port("::"), port("10.0.0.1"))).toBe(true);
  expect(portsMatch(port("0.0.0.0"), port("::"))).toBe(true);
  expect(portsMatch(port("0.0.0.0"), port("0.0.0.0", 81))).toBe(false);
  expect(portsMatch(port("0.0.0.0"), port("0.0.0.0", 80, "UDP"))).toBe(false);
});

test("the first wanted port that is taken is reported", () => {
  const taken = portsOf({ hostPort: 80, protocol: "TCP" }, { hostPort: 53, protocol: "UDP", hostIP: "fe80::1" });
  expect(hostPortConflict(portsOf({ hostPort: 81, protocol: "TCP" }), taken)).toBeUndefined();
  expect(hostPortConflict([], taken)).toBeUndefined();
  const conflict = hostPortConflict(portsOf({ hostPort: 81, protocol: "TCP" }, { hostPort: 53, protocol: "UDP" }, { hostPort: 80, protocol: "TCP" }), taken);
  expect(conflict).toMatchObject({ code: "host-port-conflict", canResolve: true, wanted: { port: 53 }, taken: { ip: "fe80::1" } });
  expect(conflict === undefined ? "" : explain(conflict)).toBe("host port 0.0.0.0:53/UDP conflicts with [fe80::1]:53/UDP");
});

test("an address has one text", () => {
  const texts: Record<string, string | undefined> = {
    "10.0.0.1": "10.0.0.1",
    "0.0.0.0": "0.0.0.0",
    "255.255.255.255": "255.255.255.255",
    "::": "::",
    "::1": "::1",
    "1::": "1::",
    "0:0:0:0:0:0:0:0": "::",
    "2001:DB8:0:0:1:0:0:1": "2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1": "2001:db8:0:1:1:1:1:1",
    "1:0:0:2:0:0:0:3": "1:0:0:2::3",
    "1:2:3:4:5:6:7::": "1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8": "0:2:3:4:5:6:7:8",
    "0001:00a0::": "1:a0::",
    "::ffff:10.0.0.1": "10.0.0.1",
    "::ffff:0a00:0001": "10.0.0.1",
    "0:0:0:0:0:ffff:1.2.3.4": "1.2.3.4",
    "::1.2.3.4": "::102:304",
    "64:ff9b::192.0.2.33": "64:ff9b::c000:221",
    "1:2:3:4:5:6:1.2.3.4": "1:2:3:4:5:6:102:304",
    "1::ffff:1.2.3.4": "1::ffff:102:304",
  };
  for (const [text, expected] of Object.entries(texts)) expect(ipText(text), text).toBe(expected);
});

test("what is no address is none", () => {
  const none = ["", "not-an-ip", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "1.2.3.-4", "1.2.3.", ":", ":::", "1:::2", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1.2.3.4::", "::1.2.3.4:5", "1.2.3.4:1::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.256", "fe80::1%eth0", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", " ::", `${"0".repeat(50)}::`];
  for (const text of none) expect(ipText(text), text).toBeUndefined();
});

test("an IPv6 address reads the same however its zeros are written", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 }), (groups) => {
      const long = groups.map((group) => group.toString(16).padStart(4, "0")).join(":");
      const short = ipText(groups.map((group) => group.toString(16)).join(":"));
      expect(ipText(long.toUpperCase())).toBe(short);
      expect(ipText(short ?? "")).toBe(short);
    }),
    { numRuns: Number(process.env["LAWS_RUNS"] ?? 300) },
  );
});
