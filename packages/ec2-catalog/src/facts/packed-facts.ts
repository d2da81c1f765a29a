import { InputError } from "@groupless/api";
import type { Device, InstanceTypeFacts, NeuronDevice } from "./instance-type-facts.ts";

/**
 * One type as a line of tab-separated cells: first those that tell it from the types of its family, then those that many
 * types have alike.
 *
 * A line takes a tenth of the same facts as JSON, and parses faster. Lists are comma-separated, their members' parts
 * colon-separated; an absent fact is an empty cell. {@link unpackFacts} is the inverse.
 */
export function packFacts(facts: InstanceTypeFacts): string {
  const storage = facts.instanceStorage;
  return [
    facts.name,
    facts.vcpus,
    facts.memoryMiB,
    facts.ebsBandwidthMbps ?? "",
    facts.networkBandwidthMbps ?? "",
    storage === undefined ? "" : `${storage.totalGB}${storage.nvme ? "n" : ""}`,
    packCards(facts.interfacesByCard),
    facts.ipv4PerInterface,
    facts.branchInterfaces ?? "",
    // From here on, what is shared.
    facts.architectures.join(","),
    facts.usageClasses.map((each) => short(usageClasses, each)).join(""),
    facts.cpuManufacturer ?? "",
    facts.clockMHz ?? "",
    facts.gpus.map(packDevice).join(","),
    facts.accelerators.map(packDevice).join(","),
    facts.neuronDevices === undefined ? "" : `=${facts.neuronDevices.map((each) => `${each.name}:${each.count}:${each.coresPerDevice}`).join(",")}`,
    facts.hypervisor,
    flagLetters.filter(([, on]) => on(facts)).map(([letter]) => letter).join(""),
    facts.processorFeatures.join(","),
    facts.maxEfaInterfaces ?? "",
    facts.defaultCard,
    facts.placementStrategies.map((each) => short(strategies, each)).join(""),
  ].join("\t");
}

const OWN_CELLS = 9;
const SHARED_CELLS = 13;

/**
 * The facts of one line of {@link packFacts}, the `index`th of its table.
 *
 * @throws {InputError} `truncated-snapshot`, naming the line and its type, if cells are missing
 */
export function unpackFacts(line: string, index = 0): InstanceTypeFacts {
  let end = -1;
  for (let cell = 0; cell < OWN_CELLS; cell += 1) if ((end = line.indexOf("\t", end + 1)) === -1) throw truncated(line, index);
  const own = line.slice(0, end).split("\t") as unknown as OwnCells;
  const ebs = own[3];
  const network = own[4];
  const storage = own[5];
  const branch = own[8];
  const shared = sharedFacts(line.slice(end + 1));
  if (shared === undefined) throw truncated(line, index);
  // Written whole, since objects that grow are larger and of many shapes; nearly all types have the facts that may be absent.
  const facts: Building = {
    name: own[0],
    architectures: shared.architectures,
    hvm: shared.hvm,
    vcpus: Number(own[1]),
    memoryMiB: Number(own[2]),
    usageClasses: shared.usageClasses,
    cpuManufacturer: shared.cpuManufacturer,
    clockMHz: shared.clockMHz,
    ebsBandwidthMbps: optional(ebs),
    networkBandwidthMbps: optional(network),
    gpus: shared.gpus,
    accelerators: shared.accelerators,
    hypervisor: shared.hypervisor,
    bareMetal: shared.bareMetal,
    encryptionInTransit: shared.encryptionInTransit,
    nitroEnclaves: shared.nitroEnclaves,
    processorFeatures: shared.processorFeatures,
    enaSupported: shared.enaSupported,
    interfacesByCard: unpackCards(own[6]),
    defaultCard: shared.defaultCard,
    ipv4PerInterface: Number(own[7]),
    branchInterfaces: optional(branch),
    placementStrategies: shared.placementStrategies,
  };
  if (storage !== "") facts.instanceStorage = { totalGB: Number.parseFloat(storage), nvme: storage.endsWith("n") };
  if (shared.maxEfaInterfaces !== undefined) facts.maxEfaInterfaces = shared.maxEfaInterfaces;
  if (shared.neuronDevices !== undefined) facts.neuronDevices = shared.neuronDevices;
  const whole = facts.cpuManufacturer !== undefined && facts.clockMHz !== undefined && ebs !== "" && network !== "" && branch !== "";
  return whole ? (facts as InstanceTypeFacts) : withoutAbsent(facts);
}

type Building = { -readonly [Key in keyof InstanceTypeFacts]: InstanceTypeFacts[Key] | undefined };

function optional(cell: string): number | undefined {
  return cell === "" ? undefined : Number(cell);
}

function withoutAbsent(facts: Building): InstanceTypeFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as unknown as InstanceTypeFacts;
}

type OwnCells = readonly [string, string, string, string, string, string, string, string, string];
type SharedCells = readonly [string, string, string, string, string, string, string, string, string, string, string, string, string];
type SharedFacts = Pick<Building, "architectures" | "hvm" | "usageClasses" | "cpuManufacturer" | "clockMHz" | "gpus" | "accelerators" | "neuronDevices" | "hypervisor" | "bareMetal" | "encryptionInTransit" | "nitroEnclaves" | "processorFeatures" | "enaSupported" | "maxEfaInterfaces" | "defaultCard" | "placementStrategies">;

const sharedByText = new Map<string, SharedFacts>();

/** The facts that follow a type's own cells, read once for all types that have them alike; undefined if cells are missing. */
function sharedFacts(text: string): SharedFacts | undefined {
  const known = sharedByText.get(text);
  if (known !== undefined) return known;
  const cells = text.split("\t");
  if (cells.length !== SHARED_CELLS) return undefined;
  const [architectures, usage, manufacturer, clock, gpus, accelerators, neuron, hypervisor, flags, features, efa, defaultCard, placement] = cells as unknown as SharedCells;
  const made: SharedFacts = {
    architectures: list(architectures),
    hvm: flags.includes("h"),
    usageClasses: letters(usage, usageClasses),
    cpuManufacturer: manufacturer === "" ? undefined : manufacturer,
    clockMHz: optional(clock),
    gpus: list(gpus).map(unpackDevice),
    accelerators: list(accelerators).map(unpackDevice),
    neuronDevices: neuron === "" ? undefined : list(neuron.slice(1)).map(unpackNeuron),
    hypervisor,
    bareMetal: flags.includes("b"),
    encryptionInTransit: flags.includes("e"),
    nitroEnclaves: flags.includes("v"),
    processorFeatures: list(features),
    enaSupported: flags.includes("a"),
    maxEfaInterfaces: optional(efa),
    defaultCard: Number(defaultCard),
    placementStrategies: letters(placement, strategies),
  };
  for (const each of [made.gpus, made.accelerators, made.neuronDevices ?? none]) Object.freeze(each);
  sharedByText.set(text, made);
  return made;
}

function truncated(line: string, index: number): InputError {
  const cells = line.split("\t");
  return new InputError("truncated-snapshot", `${cells[0]} has ${cells.length} cells`, { path: `facts[${index}]`, line: index + 1, expected: `${OWN_CELLS + SHARED_CELLS} cells` });
}

const usageClasses: Readonly<Record<string, string>> = { o: "on-demand", s: "spot", c: "capacity-block" };
const strategies: Readonly<Record<string, string>> = { c: "cluster", p: "partition", s: "spread" };
const flagLetters: readonly (readonly [string, (facts: InstanceTypeFacts) => boolean])[] = [
  ["h", (facts) => facts.hvm],
  ["b", (facts) => facts.bareMetal],
  ["e", (facts) => facts.encryptionInTransit],
  ["v", (facts) => facts.nitroEnclaves],
  ["a", (facts) => facts.enaSupported],
];

const none: readonly string[] = Object.freeze([]);
/** Equal cells mean equal lists: each is made once and shared by all types. */
const lists = new Map<string, readonly string[]>();

function list(cell: string): readonly string[] {
  if (cell === "") return none;
  const known = lists.get(cell);
  if (known !== undefined) return known;
  const made = Object.freeze(cell.split(","));
  lists.set(cell, made);
  return made;
}

function letters(cell: string, names: Readonly<Record<string, string>>): readonly string[] {
  if (cell === "") return none;
  const id = `${names === strategies ? "strategies" : "usage"} ${cell}`;
  const known = lists.get(id);
  if (known !== undefined) return known;
  const made = Object.freeze([...cell].map((letter) => names[letter] ?? letter));
  lists.set(id, made);
  return made;
}

function short(names: Readonly<Record<string, string>>, name: string): string {
  const found = Object.entries(names).find(([, each]) => each === name);
  if (found === undefined) throw new RangeError(`no letter for ${name}`);
  return found[0];
}

function packDevice(device: Device): string {
  return `${device.name}:${device.manufacturer}:${device.count}:${device.memoryMiB}`;
}

function unpackDevice(cell: string): Device {
  const [name = "", manufacturer = "", count, memoryMiB] = cell.split(":");
  return { name, manufacturer, count: Number(count), memoryMiB: Number(memoryMiB) };
}

function unpackNeuron(cell: string): NeuronDevice {
  const [name = "", count, cores] = cell.split(":");
  return { name, count: Number(count), coresPerDevice: Number(cores) };
}

/** `2x32` is thirty-two cards of two interfaces. */
function packCards(cards: readonly number[]): string {
  const same = cards.every((each) => each === cards[0]);
  return same && cards.length > 1 ? `${cards[0]}x${cards.length}` : cards.join(",");
}

const sharedCards = new Map<string, readonly number[]>();

function unpackCards(cell: string): readonly number[] {
  const known = sharedCards.get(cell);
  if (known !== undefined) return known;
  const [interfaces, times] = cell.split("x");
  const made = Object.freeze(times === undefined ? cell.split(",").map(Number) : Array.from({ length: Number(times) }, () => Number(interfaces)));
  sharedCards.set(cell, made);
  return made;
}
