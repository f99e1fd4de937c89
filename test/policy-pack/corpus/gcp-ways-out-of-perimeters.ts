import { unknownText, type Sketch } from "../stack-sketch";

import {
  accessPolicy,
  claim,
  emailOf,
  emailText,
  gcpBaseOfPerimeter,
  ingressOf,
  ownNumber,
  perimeterType,
  phiNumber,
  restrictedServices,
  statusOf,
} from "./gcp-base";
import {
  foreignAccount,
  foreignNumber,
  gcp,
  inputsOf,
  pair,
  setting,
  type Change,
} from "./gcp-network-pieces";
import { amend, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

const phi = `projects/${phiNumber}`;
const own = `projects/${ownNumber}`;
const foreign = `projects/${foreignNumber}`;

/** The number of a third project of the organisation's. */
const third = "projects/444444444444";

function inPerimeter(one: CorpusCase): CorpusCase {
  return { ...one, base: gcpBaseOfPerimeter };
}

function perimeterPair(id: string, name: string, bad: Change, good: Change): CorpusCase {
  return inPerimeter(pair(id, name, bad, good));
}

/** Gives what the perimeter is in force with other values, and takes those away that are `undefined`. */
export function giveStatus(stack: Sketch, inputs: Inputs): Sketch {
  const status = { ...(inputsOf(stack, "perimeter")["status"] as Inputs), ...inputs };
  return amend(stack, "perimeter", {
    status: Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined)),
  });
}

/** A perimeter that is in force with something else. */
function statusCase(
  id: string,
  name: string,
  bad: Inputs,
  good: Inputs = { egressPolicies: undefined },
): CorpusCase {
  return inPerimeter(setting(id, name, (stack, inputs: Inputs) => giveStatus(stack, inputs), bad, good));
}

/** The other perimeter of the organisation's, around processing. */
function otherPerimeter(stack: Sketch, inputs: Inputs = {}): string {
  return stack.add(perimeterType, "other-perimeter", {
    parent: accessPolicy,
    name: `${accessPolicy}/servicePerimeters/processing`,
    title: "processing",
    status: { resources: [own], restrictedServices },
    ...inputs,
  });
}

const weaker: Inputs = { restrictedServices: ["storage.googleapis.com"] };

const dryRuns: readonly CorpusCase[] = [
  perimeterPair(
    "GE-01",
    "a perimeter that only tells of what it would refuse",
    (stack) =>
      amend(stack, "perimeter", { useExplicitDryRunSpec: true, spec: statusOf(stack), status: undefined }),
    (stack) => amend(stack, "perimeter", { useExplicitDryRunSpec: true, spec: statusOf(stack) }),
  ),
  perimeterPair(
    "GE-01",
    "a perimeter that is in force with nothing",
    (stack) => amend(stack, "perimeter", { useExplicitDryRunSpec: true, spec: statusOf(stack), status: {} }),
    (stack) => amend(stack, "perimeter", { useExplicitDryRunSpec: false, spec: undefined }),
  ),
  perimeterPair(
    "GE-01",
    "a perimeter that would refuse more than it does",
    (stack) =>
      giveStatus(amend(stack, "perimeter", { useExplicitDryRunSpec: true, spec: statusOf(stack) }), weaker),
    (stack) =>
      amend(stack, "perimeter", { useExplicitDryRunSpec: true, spec: { ...statusOf(stack), ...weaker } }),
  ),
  perimeterPair(
    "GE-01",
    "a perimeter of which nobody knows what it is in force with",
    (stack) => amend(stack, "perimeter", { status: unknownText }),
    (stack) => amend(stack, "perimeter", { spec: unknownText, useExplicitDryRunSpec: true }),
  ),
  perimeterPair(
    "GE-01",
    "a perimeter that would hold the project, and does not",
    (stack) =>
      giveStatus(amend(stack, "perimeter", { useExplicitDryRunSpec: true, spec: statusOf(stack) }), {
        resources: [],
      }),
    (stack) =>
      amend(stack, "perimeter", { useExplicitDryRunSpec: true, spec: { ...statusOf(stack), resources: [] } }),
  ),
  perimeterPair(
    "GE-01",
    "a project that is put into a perimeter, which would hold it",
    (stack) => {
      giveStatus(stack, { resources: undefined });
      stack.add(gcp("accesscontextmanager", "ServicePerimeterDryRunResource"), "member", {
        perimeterName: stack.id("perimeter"),
        resource: phi,
      });
    },
    (stack) => {
      giveStatus(stack, { resources: undefined });
      stack.add(gcp("accesscontextmanager", "ServicePerimeterResource"), "member", {
        perimeterName: stack.id("perimeter"),
        resource: phi,
      });
    },
  ),
  inPerimeter(
    setting(
      "GE-01",
      "a perimeter that would let out, and does",
      (stack, where) => {
        const open = { ...statusOf(stack), egressPolicies: [{ egressTo: { resources: ["*"] } }] };
        amend(stack, "perimeter", { useExplicitDryRunSpec: true, spec: statusOf(stack), [where]: open });
      },
      "status",
      "spec",
    ),
  ),
  // Perimeters are the organisation's, and often another stack's, so that a stack without any is not refused for it, as long
  // as nothing in it opens the API layer.
  {
    ...perimeterPair(
      "GE-01",
      "no perimeter at all around what holds PHI",
      (stack) => stack.remove("perimeter").remove("phi-claim-perimeter"),
      (stack) => amend(stack, "perimeter", { title: "records" }),
    ),
    expected: "advised",
  },
];

/** A perimeter that joins others. */
function bridge(stack: Sketch, resources: readonly string[] | string, inputs: Inputs = {}): string {
  return stack.add(perimeterType, "bridge", {
    parent: accessPolicy,
    name: `${accessPolicy}/servicePerimeters/bridge`,
    title: "bridge",
    perimeterType: "PERIMETER_TYPE_BRIDGE",
    status: { resources },
    ...inputs,
  });
}

const bridges: readonly CorpusCase[] = [
  inPerimeter(setting("GE-02", "a bridge of PHI's project, or of others", bridge, [phi, own], [own, third])),
  inPerimeter(
    setting("GE-02", "a bridge of PHI's project last, or of others", bridge, [own, third, phi], [own, third]),
  ),
  inPerimeter(
    setting(
      "GE-02",
      "a bridge of projects that nobody knows",
      (stack, resources: readonly string[] | string) => bridge(stack, resources),
      unknownText as readonly string[] | string,
      [own],
    ),
  ),
  inPerimeter(
    setting(
      "GE-02",
      "a bridge of one project that nobody knows",
      (stack, second) => bridge(stack, [own, second]),
      unknownText,
      third,
    ),
  ),
  inPerimeter(
    setting(
      "GE-02",
      "a bridge that is in force, or would be",
      (stack, inputs: Inputs) => bridge(stack, [own], inputs),
      { status: { resources: [phi, own] } },
      { status: { resources: [own] }, useExplicitDryRunSpec: true, spec: { resources: [phi, own] } },
    ),
  ),
  perimeterPair(
    "GE-02",
    "a bridge into which PHI's project is put by another resource",
    (stack) => {
      stack.add(gcp("accesscontextmanager", "ServicePerimeterResource"), "member", {
        perimeterName: bridge(stack, [own]),
        resource: phi,
      });
    },
    (stack) => {
      stack.add(gcp("accesscontextmanager", "ServicePerimeterResource"), "member", {
        perimeterName: bridge(stack, [own]),
        resource: third,
      });
    },
  ),
  perimeterPair(
    "GE-02",
    "the perimeter of PHI is itself a bridge",
    (stack) =>
      amend(stack, "perimeter", {
        perimeterType: "PERIMETER_TYPE_BRIDGE",
        status: { resources: [phi, own] },
      }),
    (stack) => amend(stack, "perimeter", { perimeterType: undefined }),
  ),
  perimeterPair(
    "GE-02",
    "the perimeter of PHI is of a kind that nobody knows",
    (stack) => amend(stack, "perimeter", { perimeterType: unknownText }),
    (stack) => amend(stack, "perimeter", { perimeterType: "PERIMETER_TYPE_REGULAR" }),
  ),
];

const toOwn: Inputs = {
  egressFrom: {
    identities: [`serviceAccount:${emailText("processing")}`],
    sourceRestriction: "SOURCE_RESTRICTION_ENABLED",
    sources: [{ resource: phi }],
  },
  egressTo: {
    resources: [own],
    operations: [
      { serviceName: "storage.googleapis.com", methodSelectors: [{ method: "google.storage.objects.get" }] },
    ],
  },
};

/** Part of a policy that says one thing else. */
const from = (more: Inputs): Inputs => ({
  ...toOwn,
  egressFrom: { ...(toOwn["egressFrom"] as Inputs), ...more },
});
const to = (more: Inputs): Inputs => ({ ...toOwn, egressTo: { ...(toOwn["egressTo"] as Inputs), ...more } });

const egress: readonly CorpusCase[] = [
  ...(
    [
      ["for one identity to one project", toOwn],
      ["for everybody", from({ identities: undefined, identityType: "ANY_IDENTITY" })],
      ["for every service account", from({ identities: undefined, identityType: "ANY_SERVICE_ACCOUNT" })],
      ["to every project", to({ resources: ["*"] })],
      ["to a project of somebody else", to({ resources: [foreign] })],
      ["to another cloud", to({ resources: undefined, externalResources: ["s3://copies"] })],
      ["for every service", to({ operations: [{ serviceName: "*" }] })],
      ["without a word of where it begins", from({ sourceRestriction: undefined, sources: undefined })],
      ["for whom nobody knows", from({ identities: [unknownText] })],
    ] as const
  ).map(([name, policy]) =>
    statusCase(
      "GE-03",
      `PHI's perimeter lets out ${name}`,
      { egressPolicies: [policy] },
      { egressPolicies: [] },
    ),
  ),
  statusCase(
    "GE-03",
    "what PHI's perimeter lets out nobody knows",
    { egressPolicies: unknownText },
    { egressPolicies: [] },
  ),
  statusCase("GE-03", "PHI's perimeter lets out by the second policy of two", {
    egressPolicies: [toOwn, to({ resources: ["*"] })],
  }),
  perimeterPair(
    "GE-03",
    "a perimeter lets out, PHI's or that of processing",
    (stack) => {
      otherPerimeter(stack);
      giveStatus(stack, { egressPolicies: [toOwn] });
    },
    (stack) =>
      otherPerimeter(stack, {
        status: { resources: [own], restrictedServices, egressPolicies: [to({ resources: [phi] })] },
      }),
  ),
  ...(
    [
      ["for everybody", from({ identities: undefined, identityType: "ANY_IDENTITY" })],
      ["to every project", to({ resources: ["*"] })],
      ["to another cloud", to({ externalResources: ["s3://copies"] })],
      ["for every service", to({ operations: [{ serviceName: "*" }] })],
    ] as const
  ).map(([name, policy]): CorpusCase => ({
    ...inPerimeter(
      setting(
        "GE-03",
        `the perimeter of processing lets out ${name}`,
        (stack, egressPolicies: readonly Inputs[]) => {
          otherPerimeter(stack, { status: { resources: [own], restrictedServices, egressPolicies } });
          claim(stack, "processing", "other-perimeter");
        },
        [policy],
        [to({ resources: [phi] })],
      ),
    ),
    expected: "advised",
  })),
  ...(["status", "status.egressPolicies"] as const).map((path) =>
    perimeterPair(
      "GE-03",
      `what is in force of the perimeter is that of old state: ${path}`,
      (stack) => stack.withOptions("perimeter", { ignoreChanges: [path] }),
      (stack) => stack.withOptions("perimeter", { ignoreChanges: ["description"] }),
    ),
  ),
];

const identity = `serviceAccount:${emailText("processing")}`;
const right = ingressOf(identity);
const ingressFrom = (more: Inputs): Inputs => ({
  ...right,
  ingressFrom: { ...(right["ingressFrom"] as Inputs), ...more },
});
const ingressTo = (more: Inputs): Inputs => ({
  ...right,
  ingressTo: { ...(right["ingressTo"] as Inputs), ...more },
});

function ingressCase(name: string, bad: Inputs, good: Inputs = right): CorpusCase {
  return statusCase(
    "GE-04",
    `PHI's perimeter lets in ${name}`,
    { ingressPolicies: [bad] },
    { ingressPolicies: [good] },
  );
}

const anybody = (identityType: string): Inputs => ingressFrom({ identities: undefined, identityType });

const ingress: readonly CorpusCase[] = [
  ingressCase("everybody", anybody("ANY_IDENTITY")),
  ingressCase("every service account", anybody("ANY_SERVICE_ACCOUNT")),
  ingressCase("every person", anybody("ANY_USER_ACCOUNT")),
  ingressCase("whom nobody knows", ingressFrom({ identities: [unknownText] })),
  ingressCase("a kind of caller that nobody knows", anybody(unknownText)),
  ingressCase(
    "somebody else's service account",
    ingressFrom({ identities: [`serviceAccount:${foreignAccount}`] }),
  ),
  ingressCase(
    "somebody else's service account besides processing's",
    ingressFrom({ identities: [identity, `serviceAccount:${foreignAccount}`] }),
  ),
  ingressCase("the gateway", ingressFrom({ identities: [`serviceAccount:${emailText("gateway")}`] })),
  ingressCase("a person", ingressFrom({ identities: ["user:doctor@clinic.example"] })),
  ingressCase("a group of people", ingressFrom({ identities: ["group:doctors@clinic.example"] })),
  ingressCase(
    "whoever another cloud vouches for",
    ingressFrom({
      identities: [
        "principalSet://iam.googleapis.com/projects/222222222222/locations/global/workloadIdentityPools/github/*",
      ],
    }),
  ),
  ingressCase("from anywhere", ingressFrom({ sources: [{ accessLevel: "*" }] })),
  ingressCase(
    "from anywhere and from processing",
    ingressFrom({ sources: [{ resource: own }, { accessLevel: "*" }] }),
  ),
  ingressCase(
    "from somebody else's project besides its own",
    ingressFrom({ sources: [{ resource: own }, { resource: foreign }] }),
  ),
  ingressCase("from where nobody knows", ingressFrom({ sources: [{ resource: unknownText }] })),
  ingressCase("to every project", ingressTo({ resources: ["*"] })),
  ingressCase("to every service", ingressTo({ operations: [{ serviceName: "*" }] })),
  ingressCase(
    "to do anything with storage",
    ingressTo({
      operations: [{ serviceName: "storage.googleapis.com", methodSelectors: [{ method: "*" }] }],
    }),
  ),
  // A perimeter cannot tell the methods of the Cloud Healthcare API apart; the roles of the caller do.
  {
    ...ingressCase(
      "to do anything with records",
      ingressTo({
        operations: [{ serviceName: "healthcare.googleapis.com", methodSelectors: [{ method: "*" }] }],
      }),
      ingressOf(identity, "healthcare.googleapis.com"),
    ),
    expected: "advised",
  },
  ingressCase("to a service that nobody knows", ingressTo({ operations: [{ serviceName: unknownText }] })),
  ingressCase(
    "to copy storage to elsewhere",
    ingressTo({
      operations: [
        {
          serviceName: "storage.googleapis.com",
          methodSelectors: [{ method: "google.storage.objects.get" }],
        },
        { serviceName: "storagetransfer.googleapis.com", methodSelectors: [{ method: "*" }] },
      ],
    }),
  ),
  statusCase(
    "GE-04",
    "PHI's perimeter lets in by the second policy of two",
    {
      ingressPolicies: [right, anybody("ANY_IDENTITY")],
    },
    { ingressPolicies: [right, ingressOf(identity, "healthcare.googleapis.com")] },
  ),
  statusCase(
    "GE-04",
    "whom PHI's perimeter lets in nobody knows",
    { ingressPolicies: unknownText },
    { ingressPolicies: [] },
  ),
  statusCase(
    "GE-04",
    "PHI's perimeter lets in whoever has an access level",
    {
      accessLevels: [`${accessPolicy}/accessLevels/clinic`],
    },
    { accessLevels: undefined },
  ),
  statusCase(
    "GE-04",
    "access levels of PHI's perimeter that nobody knows",
    { accessLevels: unknownText },
    { accessLevels: [] },
  ),
  perimeterPair(
    "GE-04",
    "PHI's perimeter lets in whoever has an access level of the stack's",
    (stack) => {
      const level = stack.add(gcp("accesscontextmanager", "AccessLevel"), "clinic", {
        parent: accessPolicy,
        name: `${accessPolicy}/accessLevels/clinic`,
        title: "clinic",
        basic: { conditions: [{ ipSubnetworks: ["198.51.100.0/24"] }] },
      });
      giveStatus(stack, { accessLevels: [level] });
    },
    (stack) => {
      stack.add(gcp("accesscontextmanager", "AccessLevel"), "clinic", {
        parent: accessPolicy,
        name: `${accessPolicy}/accessLevels/clinic`,
        title: "clinic",
        basic: { conditions: [{ ipSubnetworks: ["198.51.100.0/24"] }] },
      });
    },
  ),
  inPerimeter(
    setting(
      "GE-04",
      "PHI's perimeter lets in a service account of the stack's, the gateway's or that of processing",
      (stack, zone) =>
        giveStatus(stack, { ingressPolicies: [ingressOf(`serviceAccount:${emailOf(stack, zone)}`)] }),
      "gateway",
      "processing",
    ),
  ),
];

const required = [
  "aiplatform",
  "bigquery",
  "bigquerydatatransfer",
  "cloudkms",
  "compute",
  "dataflow",
  "dataproc",
  "healthcare",
  "logging",
  "pubsub",
  "run",
  "secretmanager",
  "spanner",
  "sqladmin",
  "storage",
  "storagetransfer",
].map((service) => `${service}.googleapis.com`);

const gaps: readonly CorpusCase[] = [
  ...required.map((service) =>
    statusCase(
      "GE-05",
      `PHI's perimeter does not restrict ${service}`,
      { restrictedServices: restrictedServices.filter((one) => one !== service) },
      { restrictedServices: required },
    ),
  ),
  statusCase(
    "GE-05",
    "PHI's perimeter restricts nothing",
    { restrictedServices: [] },
    { restrictedServices: [...required].reverse() },
  ),
  statusCase("GE-05", "PHI's perimeter does not say what it restricts", { restrictedServices: undefined }),
  statusCase("GE-05", "what PHI's perimeter restricts nobody knows", { restrictedServices: unknownText }),
  statusCase("GE-05", "PHI's perimeter restricts names that are no services", {
    restrictedServices: required.map((service) => service.replace(".googleapis.com", "")),
  }),
  ...(
    [
      ["says nothing of what networks within it may call", { vpcAccessibleServices: undefined }],
      [
        "does not restrict what networks within it may call",
        {
          vpcAccessibleServices: { enableRestriction: false, allowedServices: [] },
        },
      ],
      [
        "does not say whether what networks within it may call is restricted",
        {
          vpcAccessibleServices: { allowedServices: ["RESTRICTED-SERVICES"] },
        },
      ],
      [
        "lets networks within it call an unrestricted service",
        {
          vpcAccessibleServices: {
            enableRestriction: true,
            allowedServices: ["RESTRICTED-SERVICES", "youtube.googleapis.com"],
          },
        },
      ],
      [
        "restricts what networks within it may call, nobody knows to what",
        {
          vpcAccessibleServices: { enableRestriction: true, allowedServices: unknownText },
        },
      ],
      [
        "restricts what networks within it may call, nobody knows whether",
        {
          vpcAccessibleServices: { enableRestriction: unknownText, allowedServices: ["RESTRICTED-SERVICES"] },
        },
      ],
    ] as const
  ).map(([name, bad]) =>
    statusCase("GE-05", `PHI's perimeter ${name}`, bad, {
      vpcAccessibleServices: { enableRestriction: true, allowedServices: ["RESTRICTED-SERVICES"] },
    }),
  ),
  statusCase("GE-05", "PHI's perimeter holds no project", { resources: [] }, { resources: [phi] }),
  statusCase(
    "GE-05",
    "PHI's perimeter does not say what it holds",
    { resources: undefined },
    { resources: [phi, third] },
  ),
  statusCase("GE-05", "what PHI's perimeter holds nobody knows", { resources: unknownText }),
];

const fragment = (name: string): string => gcp("accesscontextmanager", name);

/** What another resource adds to a perimeter. */
const sideFiles: readonly CorpusCase[] = [
  inPerimeter(
    setting(
      "GE-06",
      "a policy that lets out of a perimeter, PHI's or another",
      (stack, perimeter) => {
        otherPerimeter(stack);
        stack.add(fragment("ServicePerimeterEgressPolicy"), "out", {
          perimeter: stack.id(perimeter),
          ...toOwn,
        });
      },
      "perimeter",
      "other-perimeter",
    ),
  ),
  inPerimeter(
    setting(
      "GE-06",
      "a policy that lets out of a perimeter by its name, PHI's or another",
      (stack, name) =>
        stack.add(fragment("ServicePerimeterEgressPolicy"), "out", {
          perimeter: `${accessPolicy}/servicePerimeters/${name}`,
          ...toOwn,
        }),
      "phi",
      "processing",
    ),
  ),
  inPerimeter(
    setting(
      "GE-06",
      "a policy that lets out of a perimeter that nobody knows",
      (stack, perimeter) =>
        stack.add(fragment("ServicePerimeterEgressPolicy"), "out", { perimeter, ...toOwn }),
      unknownText,
      `${accessPolicy}/servicePerimeters/processing`,
    ),
  ),
  inPerimeter(
    setting(
      "GE-06",
      "a policy that lets out, in force or only told of",
      (stack, type) => stack.add(fragment(type), "out", { perimeter: stack.id("perimeter"), ...toOwn }),
      "ServicePerimeterEgressPolicy",
      "ServicePerimeterDryRunEgressPolicy",
    ),
  ),
  ...(
    [
      ["everybody", anybody("ANY_IDENTITY")],
      ["every service account", anybody("ANY_SERVICE_ACCOUNT")],
      ["from anywhere", ingressFrom({ sources: [{ accessLevel: "*" }] })],
      ["to every service", ingressTo({ operations: [{ serviceName: "*" }] })],
      ["the gateway", ingressFrom({ identities: [`serviceAccount:${emailText("gateway")}`] })],
    ] as const
  ).map(([name, policy]) =>
    inPerimeter(
      setting(
        "GE-06",
        `another resource lets into PHI's perimeter ${name}`,
        (stack, inputs: Inputs) =>
          stack.add(fragment("ServicePerimeterIngressPolicy"), "in", {
            perimeter: stack.id("perimeter"),
            ...inputs,
          }),
        policy,
        right,
      ),
    ),
  ),
  inPerimeter(
    setting(
      "GE-06",
      "a policy that lets everybody in, in force or only told of",
      (stack, type) =>
        stack.add(fragment(type), "in", { perimeter: stack.id("perimeter"), ...anybody("ANY_IDENTITY") }),
      "ServicePerimeterIngressPolicy",
      "ServicePerimeterDryRunIngressPolicy",
    ),
  ),
  ...(
    [
      ["EgressPolicy", "egressPolicyName"],
      ["IngressPolicy", "ingressPolicyName"],
    ] as const
  ).map(([type, key]) =>
    inPerimeter(
      setting(
        "GE-06",
        `a policy by the old name ${type}, of PHI's perimeter or of another`,
        (stack, name) =>
          stack.add(fragment(type), "old", {
            [key]: `${accessPolicy}/servicePerimeters/${name}`,
            resource: foreign,
          }),
        "phi",
        "processing",
      ),
    ),
  ),
  inPerimeter(
    setting(
      "GE-06",
      "a project that is put into another perimeter, PHI's or a third",
      (stack, resource) =>
        stack.add(fragment("ServicePerimeterResource"), "member", {
          perimeterName: otherPerimeter(stack),
          resource,
        }),
      phi,
      third,
    ),
  ),
  inPerimeter(
    setting(
      "GE-06",
      "a project that nobody knows is put into another perimeter",
      (stack, resource) =>
        stack.add(fragment("ServicePerimeterResource"), "member", {
          perimeterName: otherPerimeter(stack),
          resource,
        }),
      unknownText,
      third,
    ),
  ),
  inPerimeter(
    setting(
      "GE-06",
      "all perimeters of an organisation replaced by others, this one's or another's",
      (stack, parent) =>
        stack.add(fragment("ServicePerimeters"), "all", {
          parent,
          servicePerimeters: [
            {
              name: `${parent}/servicePerimeters/processing`,
              title: "processing",
              status: { resources: [own] },
            },
          ],
        }),
      accessPolicy,
      "accessPolicies/222",
    ),
  ),
  inPerimeter(
    setting(
      "GE-06",
      "all perimeters in one resource, of which PHI's lets out",
      (stack, egressPolicies: readonly Inputs[]) => {
        const status = { ...statusOf(stack), egressPolicies };
        stack.remove("perimeter").remove("phi-claim-perimeter");
        stack.add(fragment("ServicePerimeters"), "perimeter", {
          parent: accessPolicy,
          servicePerimeters: [{ name: `${accessPolicy}/servicePerimeters/phi`, title: "phi", status }],
        });
        claim(stack, "phi", "perimeter");
      },
      [toOwn],
      [],
    ),
  ),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to perimeters: rows GE-01 to GE-06. */
export const gcpWaysOutOfPerimeters: readonly CorpusCase[] = [
  ...dryRuns,
  ...bridges,
  ...egress,
  ...ingress,
  ...gaps,
  ...sideFiles,
];
