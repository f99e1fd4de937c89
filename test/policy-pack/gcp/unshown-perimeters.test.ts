import { describe, expect, it } from "vitest";

import { unshownPerimeters } from "../../../policy-pack/facts/gcp/unshown-perimeters";
import { Sketch } from "../stack-sketch";

import { gcpStackOf } from "./gcp-stack-of";

const perimeter = "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter";
const urnOf = (type: string, name: string): string => `urn:pulumi:test::bulkhead::${type}::${name}`;

/** A stack with a component that puts something into zones. */
function claiming(zoneMembers: unknown, isShown: boolean): Sketch {
  const sketch = new Sketch("preview");
  sketch.addRaw({
    urn: urnOf("hospital:index:Zones", "zones"),
    type: "hospital:index:Zones",
    name: "zones",
    inputs: {},
    outputs: { zoneMembers },
    custom: false,
    parent: undefined,
    computed: [],
  });
  if (isShown) {
    sketch.add(perimeter, "phi", { name: "accessPolicies/111/servicePerimeters/phi" });
  }
  return sketch;
}

const found = (sketch: Sketch): readonly (string | undefined)[] =>
  unshownPerimeters(gcpStackOf(sketch)).map(
    ({ urn, zone }) => `${urn.split("::").at(-1) ?? ""} ${zone ?? ""}`,
  );

describe("a perimeter that a component puts into the PHI zone", () => {
  const urn = urnOf(perimeter, "phi");

  it("is missed where the stack does not show it", () => {
    expect(found(claiming({ phi: [urn] }, false))).toEqual(["zones phi"]);
    expect(
      found(claiming({ phi: [urn.replace(perimeter, `hospital:index:Zones$${perimeter}`)] }, false)),
    ).toEqual(["zones phi"]);
  });

  it("is not missed where it is shown, in another zone, or something else", () => {
    expect(found(claiming({ phi: [urn] }, true))).toEqual([]);
    expect(found(claiming({ processing: [urn] }, false))).toEqual([]);
    expect(found(claiming({ phi: [urnOf("gcp:storage/bucket:Bucket", "records")] }, false))).toEqual([]);
    expect(found(claiming({}, false))).toEqual([]);
  });
});
