import { describe, expect, it } from "vitest";

import { inheritProjectZones, projectsOf, type Projects } from "../../../policy-pack/facts/gcp/projects";
import type { GcpStack } from "../../../policy-pack/facts/gcp/gcp-stack";
import { inZone } from "../corpus/corpus-case";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { gcpStackOf } from "./gcp-stack-of";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const projectType = "gcp:organizations/project:Project";
const perimeterType = "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter";
const bucketType = "gcp:storage/bucket:Bucket";

function sketched(knowledge: Knowledge, build: (stack: Sketch) => void): Sketch {
  const stack = new Sketch(knowledge);
  build(stack);
  return stack;
}

function projects(knowledge: Knowledge, build: (stack: Sketch) => void): Projects {
  return projectsOf(gcpStackOf(sketched(knowledge, build)));
}

/** A component that registers the projects of zones. */
function registered(stack: Sketch, zoneProjects: unknown): void {
  stack.addRaw({
    urn: "urn:pulumi:test::bulkhead::bulkhead:gcp:Projects::projects",
    type: "bulkhead:gcp:Projects",
    name: "projects",
    inputs: {},
    outputs: { zoneProjects },
    custom: false,
    parent: undefined,
    computed: [],
  });
}

function zoneIn(stack: GcpStack, name: string): string | undefined {
  inheritProjectZones(stack);
  const node = stack.graph.nodes.find((one) => one.name === name);
  return node === undefined ? "no such resource" : stack.zones.of(node.urn);
}

const phiPerimeter = (stack: Sketch, status: unknown, more: object = {}): void => {
  stack.add(perimeterType, "perimeter", {
    name: "accessPolicies/111/servicePerimeters/phi",
    status,
    ...more,
  });
};
const asPhi = [{ match: { name: "perimeter" }, zone: "phi" as const }];

describe.each(knowledges)("projects of Google Cloud, %s", (knowledge) => {
  it("are known by id and number as components register them", () => {
    const found = projects(knowledge, (s) => {
      registered(s, {
        processing: { id: "hospital-processing", number: "2002" },
        phi: { id: "hospital-phi", number: "3003" },
      });
    });
    expect(
      ["hospital-phi", "3003", "projects/3003", "projects/hospital-phi/topics/t"].map((text) =>
        found.zoneOf(text),
      ),
    ).toEqual(["phi", "phi", "phi", "phi"]);
    expect(found.zoneOf("projects/2002")).toBe("processing");
    expect(found.zoneOf("projects/4004")).toBeUndefined();
    expect(found.numberOf("hospital-phi")).toBe("3003");
    expect(found.idOf("projects/3003")).toBe("hospital-phi");
    expect(found.isSame("projects/3003", "hospital-phi")).toBe(true);
    expect(found.isSame("projects/3003", "hospital-processing")).toBe(false);
    expect(found.isSame("another", "hospital-phi")).toBe(false);
    expect(found.isSame("another", "projects/3003")).toBe(false);
    expect(found.isSame("another", "4004")).toBeUndefined();
  });

  it("are in the zone of their labels", () => {
    const found = projects(knowledge, (s) => {
      s.add(projectType, "own", { projectId: "hospital-phi", labels: inZone("phi") });
      s.add(projectType, "other", { projectId: "hospital-web" });
    });
    expect(found.zoneOf("hospital-phi")).toBe("phi");
    expect(found.zoneOf("hospital-web")).toBeUndefined();
    expect(found.in("phi").map(({ id }) => id)).toEqual(["hospital-phi"]);
  });

  it("give their zone to what is in them", () => {
    const zone = (type: string, inputs: Readonly<Record<string, unknown>>): string | undefined =>
      zoneIn(
        gcpStackOf(
          sketched(knowledge, (s) => {
            registered(s, { phi: { id: "hospital-phi", number: "3003" } });
            s.add(bucketType, "bucket", { name: "scans", project: "hospital-phi" });
            s.add(type, "it", inputs);
          }),
        ),
        "it",
      );
    expect(zone(bucketType, { project: "hospital-phi" })).toBe("phi");
    expect(zone(bucketType, { project: "3003" })).toBe("phi");
    expect(zone(bucketType, { project: "projects/hospital-phi" })).toBe("phi");
    expect(zone(bucketType, { project: "hospital-web" })).toBeUndefined();
    expect(zone(bucketType, {})).toBeUndefined();
    expect(
      zone("gcp:healthcare/fhirStore:FhirStore", {
        dataset: "projects/hospital-phi/locations/us-central1/datasets/d",
        name: "s",
      }),
    ).toBe("phi");
    expect(zone("gcp:storage/bucketIAMMember:BucketIAMMember", { bucket: "scans" })).toBe("phi");
    expect(zone("gcp:storage/bucketIAMMember:BucketIAMMember", { bucket: "others" })).toBeUndefined();
    expect(zone("gcp:orgpolicy/policy:Policy", { parent: "projects/hospital-phi" })).toBe("phi");
    expect(zone("gcp:orgpolicy/policy:Policy", { parent: "folders/1", project: undefined })).toBeUndefined();
    // What is not known may be the PHI project, unless the resource says where it is.
    expect(zone(bucketType, { project: unknownText })).toBe("phi");
    expect(zone(bucketType, { project: unknownText, labels: inZone("gateway") })).toBe("gateway");
    expect(zone("gcp:organizations/iAMMember:IAMMember", { project: unknownText })).toBeUndefined();
    // What says another zone and is in the PHI project is PHI, and a conflict.
    expect(zone(bucketType, { project: "hospital-phi", labels: inZone("gateway") })).toBe("phi");
  });

  it("are told by the id of a project where a type has no other word for it", () => {
    const organization = (projectId: string): string | undefined =>
      zoneIn(
        gcpStackOf(
          sketched(knowledge, (s) => {
            registered(s, { phi: { id: "hospital-phi", number: "3003" } });
            s.add("gcp:apigee/organization:Organization", "apis", { projectId });
          }),
        ),
        "apis",
      );
    expect(organization("hospital-phi")).toBe("phi");
    expect(organization("hospital-ai")).toBeUndefined();
  });

  it("are found through the project that the stack makes, whose number a preview does not know", () => {
    const stack = gcpStackOf(
      sketched(knowledge, (s) => {
        const id = s.add(projectType, "own", { projectId: "hospital-phi", labels: inZone("phi") });
        s.add(bucketType, "bucket", { project: `${id}.projectId` });
        s.add(perimeterType, "perimeter", { status: { resources: [`${id}.number`] } });
      }),
    );
    expect(zoneIn(stack, "bucket")).toBe("phi");
    const [perimeter] = stack.graph.ofType("gcp:accesscontextmanager:serviceperimeter");
    const [held] =
      perimeter === undefined ? [] : projectsOf(stack).referentsOf(perimeter, "status", { kind: "unknown" });
    expect(held?.kind === "project" ? held.project.id : undefined).toBe("hospital-phi");
    expect(held?.kind === "project" ? held.isCertain : undefined).toBe(true);
  });

  it("are PHI where a perimeter of the PHI zone holds them", () => {
    const zones = (status: unknown, more: object = {}): unknown =>
      projectsOf(
        gcpStackOf(
          sketched(knowledge, (s) => {
            phiPerimeter(s, status, more);
          }),
          { rules: asPhi },
        ),
      )
        .in("phi")
        .map(({ number }) => number);
    expect(zones({ resources: ["projects/3003"] })).toEqual(["3003"]);
    expect(zones({ resources: [] }, { spec: { resources: ["projects/3003"] } })).toEqual(["3003"]);
    expect(zones({ resources: ["projects/3003"] }, { perimeterType: "PERIMETER_TYPE_BRIDGE" })).toEqual([]);
    expect(zones({ resources: ["//compute.googleapis.com/projects/host/global/networks/n"] })).toEqual([]);
  });

  it("are PHI where the one perimeter of a list holds them that is of the PHI zone", () => {
    const zones = (...servicePerimeters: readonly object[]): unknown =>
      projectsOf(
        gcpStackOf(
          sketched(knowledge, (s) => {
            const list = "gcp:accesscontextmanager/servicePerimeters:ServicePerimeters";
            s.add(list, "perimeters", { parent: "accessPolicies/111", servicePerimeters });
            s.addRaw({
              urn: "urn:pulumi:test::bulkhead::a:b:C::c",
              type: "a:b:C",
              name: "c",
              inputs: {},
              outputs: { zoneMembers: { phi: [`urn:pulumi:test::bulkhead::${list}::perimeters`] } },
              custom: false,
              parent: undefined,
              computed: [],
            });
          }),
        ),
      )
        .in("phi")
        .map(({ number }) => number);
    const one = { name: "one", status: { resources: ["projects/3003"] } };
    const bridge = {
      name: "bridge",
      perimeterType: "PERIMETER_TYPE_BRIDGE",
      status: { resources: ["projects/4004"] },
    };
    expect(zones(one)).toEqual(["3003"]);
    expect(zones(one, bridge)).toEqual(["3003"]);
    expect(zones(one, { name: "two", status: { resources: ["projects/2002"] } })).toEqual([]);
  });

  it("may have single networks in a perimeter of the PHI zone", () => {
    const stack = gcpStackOf(
      sketched(knowledge, (s) => {
        const id = s.add("gcp:compute/network:Network", "net", { name: "net" });
        s.add("gcp:compute/network:Network", "other", { name: "other" });
        phiPerimeter(s, { resources: [`//compute.googleapis.com/${id}`] });
      }),
      { rules: asPhi },
    );
    expect(zoneIn(stack, "net")).toBe("phi");
    expect(zoneIn(stack, "other")).toBeUndefined();
  });

  it("are taken for what a perimeter of the PHI zone holds, where no number can be matched to an id", () => {
    const taken = (build: (stack: Sketch) => void): unknown =>
      projectsOf(
        gcpStackOf(
          sketched(knowledge, (s) => {
            phiPerimeter(s, { resources: ["projects/3003"] });
            build(s);
          }),
          { rules: asPhi },
        ),
      )
        .in("phi")
        .map(({ id, number, assumption }) => `${id ?? number ?? ""}${assumption === undefined ? "" : "?"}`);
    expect(taken(() => undefined)).toEqual(["3003"]);
    expect(
      taken((s) => {
        s.add(bucketType, "bucket", { project: "hospital-phi" });
      }),
    ).toEqual(["3003", "hospital-phi?"]);
    expect(
      taken((s) => {
        s.add(bucketType, "bucket", { project: "hospital-phi", labels: inZone("phi") });
        s.add(bucketType, "other", { project: "clinic-tools" });
      }),
    ).toEqual(["3003", "hospital-phi?"]);
    expect(
      taken((s) => {
        s.add(bucketType, "bucket", { project: "hospital-web", labels: inZone("gateway") });
        s.add(bucketType, "other", { project: "hospital-web" });
      }),
    ).toEqual(["3003"]);
    expect(
      taken((s) => {
        registered(s, { phi: { id: "hospital-phi", number: "3003" } });
        s.add(bucketType, "bucket", { project: "hospital-web" });
      }),
    ).toEqual(["hospital-phi"]);
  });
});

it("is matched to a number that a bucket shows once it is deployed", () => {
  const stack = sketched("deployed", (s) => {
    phiPerimeter(s, { resources: ["projects/3003"] });
  });
  stack.addRaw({
    urn: "urn:pulumi:test::bulkhead::gcp:storage/bucket:Bucket::bucket",
    type: bucketType,
    name: "bucket",
    inputs: { project: "hospital-phi" },
    outputs: undefined,
    custom: true,
    parent: undefined,
    computed: [],
    made: { projectNumber: 3003 },
  });
  const found = projectsOf(gcpStackOf(stack, { rules: asPhi }));
  expect(found.in("phi").map(({ id, number, assumption }) => [id, number, assumption])).toEqual([
    ["hospital-phi", "3003", undefined],
  ]);
});
