import { describe, expect, it } from "vitest";

import { requiredServices } from "../../../policy-pack/facts/gcp/restricted-services";
import { inZone } from "../corpus/corpus-case";
import { unknownText, type Knowledge, type Sketch } from "../stack-sketch";

import { briefly } from "./gcp-stack-of";
import {
  closedStatus,
  egress,
  factsOf,
  held,
  ingress,
  perimeterType,
  phiPerimeter,
  registerProjects,
  type Inputs,
} from "./perimeter-sketch";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a perimeter of the PHI zone, %s", (knowledge) => {
  const openings = (build: (stack: Sketch) => void): readonly string[] =>
    briefly(factsOf(knowledge, build).perimeterOpenings);
  const whats = (build: (stack: Sketch) => void): readonly string[] =>
    factsOf(knowledge, build).perimeterOpenings.map(({ what }) => what);
  const withStatus = (more: Inputs, inputs: Inputs = {}): readonly string[] =>
    openings((s) => {
      held(s, closedStatus(more), inputs);
    });

  it("is closed where it is enforced, restricts all, and lets in whom it names", () => {
    expect(withStatus({})).toEqual([]);
    expect(
      withStatus({ ingressPolicies: undefined, egressPolicies: undefined, accessLevels: undefined }),
    ).toEqual([]);
    expect(withStatus({}, { perimeterType: "PERIMETER_TYPE_REGULAR", useExplicitDryRunSpec: false })).toEqual(
      [],
    );
    expect(
      withStatus({ restrictedServices: [...(closedStatus()["restrictedServices"] as string[])].reverse() }),
    ).toEqual([]);
  });

  it("enforces its status, and not what it only watches (GE-01)", () => {
    expect(
      openings((s) => {
        held(s, null, { spec: closedStatus(), useExplicitDryRunSpec: true });
      }),
    ).toEqual(["open phi", "open scans"]);
    expect(
      whats((s) => {
        held(s, null, { spec: closedStatus(), useExplicitDryRunSpec: true });
      }),
    ).toEqual([
      "ServicePerimeter phi: it enforces nothing, since only its dry run holds projects",
      "no perimeter holds project hospital-phi, and only a dry run watches it",
    ]);
    expect(withStatus({ resources: [] }, { spec: closedStatus(), useExplicitDryRunSpec: true })).toEqual([
      "open phi",
      "open scans",
    ]);
    const spec = closedStatus({
      restrictedServices: [...(closedStatus()["restrictedServices"] as string[]), "more.googleapis.com"],
    });
    expect(withStatus({}, { spec, useExplicitDryRunSpec: true })).toEqual(["open phi"]);
    expect(withStatus({}, { spec, useExplicitDryRunSpec: false })).toEqual([]);
    expect(withStatus({}, { spec: closedStatus(), useExplicitDryRunSpec: true })).toEqual([]);
    expect(
      withStatus(
        { ingressPolicies: [ingress(), ingress()] },
        { spec: closedStatus(), useExplicitDryRunSpec: true },
      ),
    ).toEqual(["open phi"]);
    expect(
      openings((s) => {
        held(s, unknownText);
      }),
    ).toEqual(["perhaps scans"]);
  });

  it("is joined to none by a bridge (GE-02)", () => {
    const bridged = (inputs: Inputs): readonly string[] =>
      openings((s) => {
        held(s);
        s.add(perimeterType, "bridge", { name: "accessPolicies/111/servicePerimeters/bridge", ...inputs });
      });
    const joins = { status: { resources: ["projects/2002", "projects/3003"] } };
    expect(bridged({ perimeterType: "PERIMETER_TYPE_BRIDGE", ...joins })).toEqual(["open bridge"]);
    expect(bridged({ perimeterType: unknownText, ...joins })).toContain("perhaps bridge");
    expect(
      bridged({
        perimeterType: "PERIMETER_TYPE_BRIDGE",
        status: { resources: ["projects/77", "projects/88"] },
      }),
    ).toEqual([]);
    expect(bridged({ perimeterType: "PERIMETER_TYPE_BRIDGE", status: { resources: [unknownText] } })).toEqual(
      ["perhaps bridge"],
    );
  });

  it("lets no call out (GE-03)", () => {
    expect(withStatus({ egressPolicies: [egress()] })).toEqual(["open phi"]);
    expect(
      withStatus({ egressPolicies: [egress({ identities: undefined, identityType: "ANY_IDENTITY" })] }),
    ).toEqual(["open phi"]);
    expect(withStatus({ egressPolicies: [egress({ identities: [] })] })).toEqual(["open phi (advice)"]);
    expect(
      withStatus({
        egressPolicies: [egress({ identities: undefined, identityType: "IDENTITY_TYPE_UNSPECIFIED" })],
      }),
    ).toEqual(["open phi (advice)"]);
    expect(withStatus({ egressPolicies: unknownText })).toEqual(["perhaps phi"]);
  });

  it("lets in whom it names, from where, and for what (GE-04)", () => {
    const rule = (from: Inputs, to: Inputs = {}): readonly string[] =>
      withStatus({ ingressPolicies: [ingress(), ingress(from, to)] });
    for (const identityType of ["ANY_IDENTITY", "ANY_USER_ACCOUNT", "ANY_SERVICE_ACCOUNT"]) {
      expect(rule({ identities: undefined, identityType })).toEqual(["open phi"]);
    }
    expect(rule({ identities: undefined, identityType: "IDENTITY_TYPE_UNSPECIFIED", sources: [] })).toEqual(
      [],
    );
    expect(rule({ identities: undefined })).toEqual([]);
    expect(rule({ identityType: unknownText })).toEqual(["perhaps phi"]);
    expect(
      rule({ identities: ["principalSet://iam.googleapis.com/locations/global/workforcePools/p/*"] }),
    ).toEqual(["open phi"]);
    const named = (identity: string): readonly string[] => rule({ identities: [identity] });
    expect(named("serviceAccount:reader@hospital-processing.iam.gserviceaccount.com")).toEqual([]);
    expect(named("serviceAccount:service-2002@gcp-sa-aiplatform.iam.gserviceaccount.com")).toEqual([]);
    expect(named("serviceAccount:reader@hospital-gateway.iam.gserviceaccount.com")).toEqual(["open phi"]);
    expect(named("serviceAccount:reader@somebody-else.iam.gserviceaccount.com")).toEqual(["open phi"]);
    expect(named("serviceAccount:service-9009@gcp-sa-aiplatform.iam.gserviceaccount.com")).toEqual([
      "open phi",
    ]);
    expect(named("user:doctor@clinic.example")).toEqual(["open phi"]);
    expect(named("group:doctors@clinic.example")).toEqual(["open phi"]);
    expect(rule({ sources: [{ resource: "projects/2002" }, { resource: "projects/9009" }] })).toEqual([
      "open phi",
    ]);
    expect(rule({ sources: [{ accessLevel: "*" }] })).toEqual(["open phi"]);
    expect(rule({ sources: [{ accessLevel: "accessPolicies/111/accessLevels/office" }] })).toEqual([]);
    expect(rule({ sources: [] })).toEqual(["open phi"]);
    expect(rule({ sources: undefined })).toEqual(["open phi"]);
    expect(rule({ sources: unknownText })).toEqual(["perhaps phi"]);
    expect(rule({ sources: [{ resource: unknownText }] })).toEqual(["perhaps phi"]);
    expect(rule({}, { resources: ["*"] })).toEqual(["open phi"]);
    expect(rule({}, { operations: [{ serviceName: "*" }] })).toEqual(["open phi"]);
    expect(rule({}, { operations: undefined })).toEqual(["open phi"]);
    expect(rule({}, { operations: undefined, roles: ["roles/storage.objectViewer"] })).toEqual([]);
    expect(rule({}, { operations: undefined, roles: ["roles/storage.admin"] })).toEqual(["open phi"]);
    const storage = (methodSelectors: unknown): readonly string[] =>
      rule({}, { operations: [{ serviceName: "storage.googleapis.com", methodSelectors }] });
    expect(storage([{ method: "google.storage.objects.get" }])).toEqual([]);
    expect(storage([{ permission: "bigquery.tables.getData" }])).toEqual([]);
    expect(storage([{ method: "*" }])).toEqual(["open phi"]);
    expect(storage([])).toEqual(["open phi"]);
    expect(storage([{ method: unknownText }])).toEqual(["perhaps phi"]);
    const records = (methodSelectors: unknown): readonly string[] =>
      rule({}, { operations: [{ serviceName: "healthcare.googleapis.com", methodSelectors }] });
    expect(records([{ method: "*" }])).toEqual(["open phi (advice)"]);
    expect(records([])).toEqual(["open phi (advice)"]);
    expect(records([{ permission: "healthcare.fhirResources.update" }])).toEqual([]);
    expect(withStatus({ accessLevels: ["accessPolicies/111/accessLevels/office"] })).toEqual(["open phi"]);
    expect(withStatus({ accessLevels: unknownText })).toEqual(["perhaps phi"]);
  });

  it("restricts every service that can hold or move data (GE-05)", () => {
    for (const service of requiredServices) {
      const restrictedServices = (closedStatus()["restrictedServices"] as string[]).filter(
        (one) => one !== service,
      );
      expect(withStatus({ restrictedServices })).toEqual(["open phi"]);
    }
    expect(withStatus({ restrictedServices: requiredServices })).toEqual(["open phi (advice)"]);
    expect(withStatus({ restrictedServices: undefined })).toEqual(["open phi"]);
    expect(withStatus({ restrictedServices: unknownText })).toEqual(["perhaps phi"]);
    expect(withStatus({ restrictedServices: [...requiredServices.slice(1), unknownText] })).toEqual([
      "perhaps phi",
    ]);
    expect(withStatus({ vpcAccessibleServices: undefined })).toEqual(["open phi"]);
    expect(
      withStatus({
        vpcAccessibleServices: { enableRestriction: false, allowedServices: ["RESTRICTED-SERVICES"] },
      }),
    ).toEqual(["open phi"]);
    expect(withStatus({ vpcAccessibleServices: { enableRestriction: unknownText } })).toEqual([
      "perhaps phi",
    ]);
    expect(withStatus({ vpcAccessibleServices: { enableRestriction: true, allowedServices: [] } })).toEqual(
      [],
    );
    expect(
      withStatus({
        vpcAccessibleServices: { enableRestriction: true, allowedServices: ["storage.googleapis.com"] },
      }),
    ).toEqual([]);
    expect(
      withStatus({
        vpcAccessibleServices: { enableRestriction: true, allowedServices: ["drive.googleapis.com"] },
      }),
    ).toEqual(["open phi"]);
  });

  it("holds the PHI project (GE-05)", () => {
    expect(withStatus({ resources: ["projects/77"] })).toEqual(["open scans"]);
    expect(withStatus({ resources: ["projects/77", "projects/3003"] })).toEqual([]);
    expect(
      openings((s) => {
        held(s, closedStatus({ resources: [unknownText] }));
      }),
    ).toEqual(["perhaps scans"]);
    // Nothing shows which perimeter is another stack's, and none may be there.
    const alone = (s: Sketch): void => {
      registerProjects(s);
      s.add("gcp:storage/bucket:Bucket", "scans", { project: "hospital-phi", name: "scans" });
    };
    expect(openings(alone)).toEqual(["open scans (advice)"]);
  });

  it("is taken to hold a project whose number nothing shows", () => {
    const taken = factsOf(knowledge, (s) => {
      s.add("gcp:storage/bucket:Bucket", "scans", {
        project: "some-project",
        name: "scans",
        labels: inZone("phi"),
      });
      s.addRaw({
        urn: "urn:pulumi:test::bulkhead::a:b:C::c",
        type: "a:b:C",
        name: "c",
        inputs: {},
        outputs: { zoneMembers: { phi: [`urn:pulumi:test::bulkhead::${perimeterType}::phi`] } },
        custom: false,
        parent: undefined,
        computed: [],
      });
      s.add(perimeterType, "phi", { name: phiPerimeter, status: closedStatus({ ingressPolicies: [] }) });
    }).perimeterOpenings;
    expect(briefly(taken)).toEqual(["perhaps phi (advice)"]);
    expect(taken.map(({ assumption }) => assumption)).toEqual([
      "which number project some-project has: ServicePerimeter phi is taken to hold it",
    ]);
  });

  it("is what separate resources add to it (GE-06)", () => {
    const added = (type: string, inputs: Inputs): readonly string[] =>
      openings((s) => {
        held(s);
        s.add(`gcp:accesscontextmanager/${type}`, "part", inputs);
      });
    const rule = egress();
    const wide = ingress({ identities: undefined, identityType: "ANY_IDENTITY" });
    expect(
      added("servicePerimeterEgressPolicy:ServicePerimeterEgressPolicy", {
        perimeter: phiPerimeter,
        ...rule,
      }),
    ).toEqual(["open part"]);
    expect(
      added("servicePerimeterEgressPolicy:ServicePerimeterEgressPolicy", {
        perimeter: "accessPolicies/111/servicePerimeters/other",
        ...rule,
      }),
    ).toEqual([]);
    expect(
      added("servicePerimeterEgressPolicy:ServicePerimeterEgressPolicy", { perimeter: unknownText, ...rule }),
    ).toEqual(["open part"]);
    expect(
      added("servicePerimeterDryRunEgressPolicy:ServicePerimeterDryRunEgressPolicy", {
        perimeter: phiPerimeter,
        ...rule,
      }),
    ).toEqual([]);
    expect(
      added("servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy", {
        perimeter: phiPerimeter,
        ...wide,
      }),
    ).toEqual(["open part"]);
    expect(
      added("servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy", {
        perimeter: phiPerimeter,
        ...ingress(),
      }),
    ).toEqual([]);
    expect(
      added("servicePerimeterDryRunIngressPolicy:ServicePerimeterDryRunIngressPolicy", {
        perimeter: phiPerimeter,
        ...wide,
      }),
    ).toEqual([]);
    expect(
      added("egressPolicy:EgressPolicy", { egressPolicyName: phiPerimeter, resource: "projects/3003" }),
    ).toEqual(["open part"]);
    expect(
      added("ingressPolicy:IngressPolicy", { ingressPolicyName: phiPerimeter, resource: "projects/3003" }),
    ).toEqual(["open part"]);
    const project = (perimeterName: string, resource: unknown): readonly string[] =>
      added("servicePerimeterResource:ServicePerimeterResource", { perimeterName, resource });
    expect(project("accessPolicies/111/servicePerimeters/other", "projects/3003")).toEqual(["open part"]);
    expect(project("accessPolicies/111/servicePerimeters/other", "projects/77")).toEqual([]);
    expect(project(phiPerimeter, "projects/77")).toEqual([]);
    expect(
      added("servicePerimeters:ServicePerimeters", { parent: "accessPolicies/111", servicePerimeters: [] }),
    ).toEqual(["open part"]);
    expect(
      added("servicePerimeters:ServicePerimeters", { parent: "accessPolicies/222", servicePerimeters: [] }),
    ).toEqual([]);
    expect(
      added("servicePerimeters:ServicePerimeters", {
        parent: "accessPolicies/111",
        servicePerimeters: [{ name: phiPerimeter, status: closedStatus() }],
      }),
      // A preview does not know of a name that is the id of what it creates.
    ).toEqual([knowledge === "preview" ? "perhaps part" : "open part (advice)"]);
  });

  it("holds a project by a resource of its own, unless that is only watched", () => {
    const by = (type: string): readonly string[] =>
      openings((s) => {
        held(s, closedStatus({ resources: [] }));
        s.add(`gcp:accesscontextmanager/${type}`, "part", {
          perimeterName: phiPerimeter,
          resource: "projects/3003",
        });
      });
    expect(by("servicePerimeterResource:ServicePerimeterResource")).toEqual([]);
    expect(by("servicePerimeterDryRunResource:ServicePerimeterDryRunResource")).toEqual([
      "open phi",
      "open scans",
    ]);
  });

  it("is kept from being deleted, and proved where it is closed", () => {
    const facts = factsOf(knowledge, held);
    expect(facts.missingSeals).toEqual([]);
    expect(facts.safeguards().perimeters.map(({ zone }) => zone)).toEqual(["phi"]);
    const open = factsOf(knowledge, (s) => {
      held(s, closedStatus({ egressPolicies: [egress()] }));
      s.withOptions("phi", { protect: false });
    });
    expect(briefly(open.missingSeals)).toEqual(["open phi"]);
    expect(open.safeguards().perimeters).toEqual([]);
  });
});

describe.each(knowledges)("a perimeter around processing, %s", (knowledge) => {
  const openings = (...egressPolicies: readonly unknown[]): readonly string[] =>
    briefly(
      factsOf(knowledge, (s) => {
        held(s);
        s.add(perimeterType, "platform", {
          name: "accessPolicies/111/servicePerimeters/platform",
          status: closedStatus({
            resources: ["projects/1001", "projects/2002"],
            ingressPolicies: [],
            egressPolicies,
          }),
        });
      }).perimeterOpenings.filter(({ zone }) => zone !== "phi"),
    );

  it("lets out named callers, from named places, for named operations (GE-03)", () => {
    expect(openings(egress())).toEqual([]);
    expect(openings(egress({ identities: undefined }))).toEqual([]);
    expect(openings(egress({ identities: undefined, identityType: "ANY_SERVICE_ACCOUNT" }))).toEqual([
      "open platform",
    ]);
    expect(openings(egress({ sourceRestriction: undefined }))).toEqual(["open platform"]);
    expect(openings(egress({ sourceRestriction: "SOURCE_RESTRICTION_DISABLED" }))).toEqual(["open platform"]);
    expect(openings(egress({ sourceRestriction: unknownText }))).toEqual(["perhaps platform"]);
    expect(openings(egress({ sources: [] }))).toEqual(["open platform"]);
    expect(openings(egress({}, { resources: ["*"] }))).toEqual(["open platform"]);
    expect(openings(egress({}, { externalResources: ["s3://bucket"] }))).toEqual(["open platform"]);
    expect(openings(egress({}, { operations: [{ serviceName: "*" }] }))).toEqual(["open platform"]);
    expect(openings(egress({}, { operations: [{ serviceName: unknownText }] }))).toEqual([
      "perhaps platform",
    ]);
  });
});

describe.each(knowledges)("the network of a stranger's PHI zone, %s", (knowledge) => {
  const openings = (
    subnet: Inputs,
    more: (stack: Sketch, network: string) => void = () => undefined,
  ): readonly string[] =>
    briefly(
      factsOf(knowledge, (s) => {
        const network = s.add("gcp:compute/network:Network", "net", { name: "net" });
        s.add("gcp:compute/subnetwork:Subnetwork", "sub", { name: "sub", network, ...subnet });
        s.addRaw({
          urn: "urn:pulumi:test::bulkhead::a:b:C::c",
          type: "a:b:C",
          name: "c",
          inputs: {},
          outputs: {
            zoneMembers: {
              phi: [
                "urn:pulumi:test::bulkhead::gcp:compute/network:Network::net",
                "urn:pulumi:test::bulkhead::gcp:compute/subnetwork:Subnetwork::sub",
              ],
            },
          },
          custom: false,
          parent: undefined,
          computed: [],
        });
        more(s, network);
      }).perimeterOpenings,
    );

  it("needs no perimeter where nothing in it calls Google's APIs", () => {
    expect(openings({})).toEqual([]);
    expect(openings({ privateIpGoogleAccess: false })).toEqual([]);
    expect(openings({ privateIpGoogleAccess: true })).toEqual(["open sub"]);
    expect(openings({ privateIpGoogleAccess: unknownText })).toEqual(["open sub"]);
    for (const target of ["vpc-sc", "all-apis"]) {
      expect(
        openings({}, (s, network) => {
          s.add("gcp:compute/globalForwardingRule:GlobalForwardingRule", "apis", {
            name: "apis",
            target,
            network,
          });
        }),
      ).toEqual(["open apis"]);
    }
    expect(
      openings({}, (s) => {
        s.add("gcp:compute/globalForwardingRule:GlobalForwardingRule", "apis", {
          name: "apis",
          target: "vpc-sc",
          network: "projects/other/global/networks/n",
        });
      }),
    ).toEqual([]);
  });
});
