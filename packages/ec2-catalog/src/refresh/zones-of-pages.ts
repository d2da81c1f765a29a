import { InputError } from "@groupless/api";
import type { Zone } from "../snapshot/region-snapshot.ts";

/** An entry of DescribeAvailabilityZones. */
export interface AvailabilityZoneInfo {
  readonly ZoneName?: string | undefined;
  readonly ZoneId?: string | undefined;
  readonly ZoneType?: string | undefined;
  readonly State?: string | undefined;
  readonly OptInStatus?: string | undefined;
  readonly RegionName?: string | undefined;
}

/**
 * The zones of a region that the account can use, by name; Local and Wavelength Zones if it opted in.
 *
 * @throws {InputError} `no-zones` if there is none, `missing-field` for one without a name, `contradictory-fields` for one
 * of another region
 */
export function zonesOfPages(region: string, pages: readonly (readonly AvailabilityZoneInfo[])[]): readonly Zone[] {
  const zones = pages.flat().flatMap((info, index): readonly Zone[] => {
    const { ZoneName: name, ZoneId: id, ZoneType: type, State: state = "available", OptInStatus: optIn, RegionName: of = region } = info;
    const path = `AvailabilityZones[${index}]`;
    if (name === undefined) throw new InputError("missing-field", "a zone without a name", { path: `${path}.ZoneName`, expected: "a name such as us-west-2a" });
    if (of !== region) throw new InputError("contradictory-fields", `${name} is of ${of}`, { path: `${path}.RegionName`, expected: region });
    if (state !== "available" || optIn === "not-opted-in") return [];
    const kind = type === "local-zone" || type === "wavelength-zone" || type === "availability-zone" ? type : zoneKind(region, name);
    return [{ name, ...(id === undefined ? {} : { id }), kind }];
  });
  if (zones.length === 0) throw new InputError("no-zones", `no zone of ${region} can be used`, { path: "AvailabilityZones", expected: "at least one" });
  return zones.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The kind of a zone by its name: `us-west-2a`, `us-west-2-lax-1a`, `us-west-2-wl1-las-wlz-1`. */
export function zoneKind(region: string, name: string): Zone["kind"] {
  if (name.length === region.length + 1 && name.startsWith(region)) return "availability-zone";
  return name.includes("-wl1-") ? "wavelength-zone" : "local-zone";
}
