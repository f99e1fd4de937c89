import type { Mutant } from "../mutants";
import { alter, append } from "../put";
import type { Properties } from "../service-mutants";
import { unknownText, type Sketch } from "../stack-sketch";

import { each, memberOf, more, numbers, one, projects, stranger, without } from "./single-fault";

const egress = "phi-zone-has-no-egress";
const admits = "phi-zone-admits-only-processing";
const isPrivate = "platform-services-are-private";
const understood = "resources-are-understood";
const sealed = "network-defaults-are-sealed";
const declared = "zones-reach-only-declared-peers";

export const phi = "bulkhead-phi-perimeter";
export const platform = "bulkhead-platform-perimeter";
const device = "bulkhead-compliant-device";

const types = {
  perimeter: "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter",
  perimeters: "gcp:accesscontextmanager/servicePerimeters:ServicePerimeters",
  egress: "gcp:accesscontextmanager/servicePerimeterEgressPolicy:ServicePerimeterEgressPolicy",
  ingress: "gcp:accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy",
  formerEgress: "gcp:accesscontextmanager/egressPolicy:EgressPolicy",
  formerIngress: "gcp:accesscontextmanager/ingressPolicy:IngressPolicy",
  resource: "gcp:accesscontextmanager/servicePerimeterResource:ServicePerimeterResource",
  levels: "gcp:accesscontextmanager/accessLevels:AccessLevels",
} as const;

const phiName = "accessPolicies/111/servicePerimeters/bulkhead_phi";
const platformName = "accessPolicies/111/servicePerimeters/bulkhead_platform";
const deviceName = "accessPolicies/111/accessLevels/bulkhead_compliant_device";

const documents = "status/ingressPolicies/fhir-proxy to document-store";
const fhir = "status/ingressPolicies/fhir-proxy to fhir-store";
const vectors = "status/ingressPolicies/rag-service to vector-index";
const deployer = "status/ingressPolicies/deployer to phi";
const ownEgress = "status/egressPolicies/fhir-proxy to fhir-store";

const every = (serviceName: unknown): Properties => ({ serviceName, methodSelectors: [{ method: "*" }] });

/** A rule out of a perimeter. */
const out = {
  egressFrom: { identities: [memberOf("fhir-proxy")] },
  egressTo: { resources: [numbers.foreign], operations: [every("storage.googleapis.com")] },
} as const;

/** A rule into the PHI zone's perimeter. */
const into = {
  ingressFrom: { identities: [stranger], sources: [{ resource: numbers.foreign }] },
  ingressTo: { resources: [numbers.phi], operations: [every("storage.googleapis.com")] },
} as const;

function letOut(stack: Sketch, more: Properties = {}, perimeter = phi): void {
  append(stack, perimeter, "status/egressPolicies", { ...out, ...more });
}

function letIn(stack: Sketch, more: Properties = {}, perimeter = phi): void {
  append(stack, perimeter, "status/ingressPolicies", { ...into, ...more });
}

/** Takes services out of what a perimeter restricts. */
function unrestrict(fault: string, rule: Mutant["rule"], perimeter: string, service: string): Mutant {
  return {
    fault,
    rule,
    dig: (s) => {
      alter(s, perimeter, "status/restrictedServices", (services) =>
        (services as readonly string[]).filter((one) => one !== `${service}.googleapis.com`),
      );
    },
  };
}

/** What both perimeters hold in common, each with the rule that finds where it does not. */
const wholeMutants: readonly Mutant[] = (
  [
    ["PHI perimeter", egress, phi],
    ["platform perimeter", isPrivate, platform],
  ] as const
).flatMap(([what, rule, name]): readonly Mutant[] => [
  one(`${what}: it enforces nothing`, rule, name, "status", undefined),
  one(`${what}: what it enforces is not known`, rule, name, "status", unknownText),
  {
    fault: `${what}: it only tries out what it says`,
    rule,
    dig: (s) => {
      s.change(name, ({ status, ...inputs }) => ({ ...inputs, spec: status, useExplicitDryRunSpec: true }));
    },
  },
  one(`${what}: it restricts no service`, rule, name, "status/restrictedServices", []),
  one(
    `${what}: the services that it restricts are not said`,
    rule,
    name,
    "status/restrictedServices",
    undefined,
  ),
  one(
    `${what}: the services that it restricts are not known`,
    rule,
    name,
    "status/restrictedServices",
    unknownText,
  ),
  ...each(`${what}: networks call`, rule, name, "status/vpcAccessibleServices/enableRestriction", [
    ["whatever they like", false],
    ["whatever they like, as Google Cloud has it", undefined],
    ["whatever they like, perhaps", unknownText],
  ]),
  one(`${what}: what networks may call is not said`, rule, name, "status/vpcAccessibleServices", undefined),
  ...each(`${what}: networks call`, rule, name, "status/vpcAccessibleServices/allowedServices", [
    ["a service that no perimeter protects as well", ["RESTRICTED-SERVICES", "translate-pa.googleapis.com"]],
    ["what is not known", unknownText],
  ]),
  one(`${what}: whoever has a device comes in`, rule, name, "status/accessLevels", [deviceName]),
  one(`${what}: who comes in is not known`, rule, name, "status/accessLevels", unknownText),
  one(`${what}: it holds no project`, rule, name, "status/resources", []),
  one(`${what}: it holds a project of somebody's alone`, rule, name, "status/resources", [numbers.foreign]),
  one(`${what}: which projects it holds is not known`, rule, name, "status/resources", unknownText),
  without(`${what}: it is not there`, rule, name),
]);

const outMutants: readonly Mutant[] = [
  ...(
    [
      ["to somebody's project", {}],
      ["of whoever it is", { egressFrom: { identityType: "ANY_IDENTITY" } }],
      ["of any service account", { egressFrom: { identityType: "ANY_SERVICE_ACCOUNT" } }],
      ["of any user", { egressFrom: { identityType: "ANY_USER_ACCOUNT" } }],
      ["to everywhere", { egressTo: { resources: ["*"], operations: [every("*")] } }],
      [
        "to another cloud",
        {
          egressTo: { externalResources: ["s3://somebodys"], operations: [every("bigquery.googleapis.com")] },
        },
      ],
      ["that is not known", { egressFrom: unknownText, egressTo: unknownText }],
    ] as const
  ).map(([what, policy]): Mutant => ({
    fault: `PHI perimeter: a way out ${what}`,
    rule: egress,
    dig: (s) => {
      letOut(s, policy);
    },
  })),
  one("PHI perimeter: ways out that are not known", egress, phi, "status/egressPolicies", unknownText),
  ...(
    [
      ["to somebody's project", {}],
      ["of whoever it is", { egressFrom: { identityType: "ANY_IDENTITY" } }],
      ["to everywhere", { egressTo: { resources: ["*"], operations: [every("*")] } }],
      [
        "to another cloud",
        {
          egressTo: { externalResources: ["s3://somebodys"], operations: [every("bigquery.googleapis.com")] },
        },
      ],
    ] as const
  ).map(([what, policy]): Mutant => ({
    fault: `platform perimeter: a way out ${what}`,
    rule: isPrivate,
    dig: (s) => {
      letOut(s, policy, platform);
    },
  })),
  ...(
    [
      ["of any identity", "egressFrom/identityType", "ANY_IDENTITY"],
      ["of any service account", "egressFrom/identityType", "ANY_SERVICE_ACCOUNT"],
      ["from wherever it is", "egressFrom/sourceRestriction", undefined],
      ["from where is not known", "egressFrom/sourceRestriction", unknownText],
      ["to every project", "egressTo/resources", ["*"]],
      ["to somebody's project", "egressTo/resources", [numbers.phi, numbers.foreign]],
      ["to a project that is not known", "egressTo/resources", unknownText],
      ["of every service", "egressTo/operations", [every("*")]],
      ["of a service that is not known", "egressTo/operations/0/serviceName", unknownText],
      ["to another cloud", "egressTo/externalResources", ["s3://somebodys"]],
    ] as const
  ).map(([what, path, value]) =>
    one(
      `platform perimeter: the flow to the FHIR store is let out ${what}`,
      isPrivate,
      platform,
      `${ownEgress}/${path}`,
      value,
    ),
  ),
  one(
    "platform perimeter: ways out that are not known",
    isPrivate,
    platform,
    "status/egressPolicies",
    unknownText,
  ),
];

const inMutants: readonly Mutant[] = [
  ...(
    [
      ["a stranger reads documents", admits, {}],
      [
        "whoever it is reads documents",
        admits,
        { ingressFrom: { identityType: "ANY_IDENTITY", sources: [{ accessLevel: "*" }] } },
      ],
      [
        "any service account of the processing project's reads documents",
        admits,
        { ingressFrom: { identityType: "ANY_SERVICE_ACCOUNT", sources: [{ resource: numbers.processing }] } },
      ],
      [
        "a workload without a flow reads documents",
        admits,
        {
          ingressFrom: { identities: [memberOf("rag-service")], sources: [{ resource: numbers.processing }] },
        },
      ],
      [
        "a user reads documents",
        admits,
        {
          ingressFrom: {
            identities: ["user:somebody@hospital.example"],
            sources: [{ resource: numbers.processing }],
          },
        },
      ],
      [
        "a group reads documents",
        admits,
        {
          ingressFrom: {
            identities: ["group:everybody@hospital.example"],
            sources: [{ resource: numbers.processing }],
          },
        },
      ],
      [
        "a workload exports documents by another service",
        egress,
        {
          ingressFrom: { identities: [memberOf("fhir-proxy")], sources: [{ resource: numbers.processing }] },
          ingressTo: { resources: [numbers.phi], operations: [every("storagetransfer.googleapis.com")] },
        },
      ],
      ["who reads is not known", admits, { ingressFrom: unknownText }],
      ["nothing of a rule is known", admits, { ingressFrom: unknownText, ingressTo: unknownText }],
    ] as const
  ).map(([what, rule, policy]): Mutant => ({
    fault: `PHI perimeter: ${what}`,
    rule,
    dig: (s) => {
      letIn(s, policy);
    },
  })),
  one("PHI perimeter: ways in that are not known", admits, phi, "status/ingressPolicies", unknownText),
  ...(
    [
      ["any identity", "ingressFrom/identityType", "ANY_IDENTITY"],
      ["any service account", "ingressFrom/identityType", "ANY_SERVICE_ACCOUNT"],
      ["any user", "ingressFrom/identityType", "ANY_USER_ACCOUNT"],
      ["whose kind is not known", "ingressFrom/identityType", unknownText],
      [
        "another workload as well",
        "ingressFrom/identities",
        [memberOf("fhir-proxy"), memberOf("decision-point")],
      ],
      ["a stranger as well", "ingressFrom/identities", [memberOf("fhir-proxy"), stranger]],
      ["who is not known", "ingressFrom/identities", unknownText],
    ] as const
  ).map(([what, path, value]) =>
    one(`PHI perimeter: the way to the FHIR store is for ${what}`, admits, phi, `${fhir}/${path}`, value),
  ),
  ...(
    [
      ["from wherever it is", "ingressFrom/sources", [{ accessLevel: "*" }]],
      ["from where a device is", "ingressFrom/sources", [{ accessLevel: deviceName }]],
      [
        "from somebody's project as well",
        "ingressFrom/sources",
        [{ resource: numbers.processing }, { resource: numbers.foreign }],
      ],
      ["from where is not known", "ingressFrom/sources", unknownText],
      ["to every project", "ingressTo/resources", ["*"]],
      ["of every service", "ingressTo/operations", [every("*")]],
      ["of a service that is not known", "ingressTo/operations/0/serviceName", unknownText],
      ["of services that are not known", "ingressTo/operations", unknownText],
    ] as const
  ).map(([what, path, value]) =>
    one(`PHI perimeter: the way to the FHIR store is ${what}`, egress, phi, `${fhir}/${path}`, value),
  ),
  one(
    "PHI perimeter: the way to documents is by every method",
    egress,
    phi,
    `${documents}/ingressTo/operations`,
    [every("storage.googleapis.com")],
  ),
  one(
    "PHI perimeter: the way to vectors is by every method",
    egress,
    phi,
    `${vectors}/ingressTo/operations`,
    [every("bigquery.googleapis.com")],
  ),
  one(
    "PHI perimeter: methods of the way to documents are not known",
    egress,
    phi,
    `${documents}/ingressTo/operations/0/methodSelectors`,
    unknownText,
  ),
  one(
    "PHI perimeter: the deployer's way is for a stranger",
    admits,
    phi,
    `${deployer}/ingressFrom/identities`,
    [stranger],
  ),
  one(
    "PHI perimeter: the deployer's way is from somebody's project",
    egress,
    phi,
    `${deployer}/ingressFrom/sources`,
    [{ resource: numbers.foreign }],
  ),
  one(
    "PHI perimeter: the deployer's way is from wherever he is",
    egress,
    phi,
    `${deployer}/ingressFrom/sources`,
    [{ accessLevel: "*" }],
  ),
  {
    fault: "platform perimeter: whoever it is comes in",
    rule: isPrivate,
    dig: (s) => {
      letIn(
        s,
        {
          ingressFrom: { identityType: "ANY_IDENTITY", sources: [{ accessLevel: "*" }] },
          ingressTo: { resources: ["*"], operations: [every("*")] },
        },
        platform,
      );
    },
  },
  {
    fault: "platform perimeter: a stranger reads secrets",
    rule: isPrivate,
    dig: (s) => {
      letIn(
        s,
        {
          ingressTo: { resources: [numbers.processing], operations: [every("secretmanager.googleapis.com")] },
        },
        platform,
      );
    },
  },
];

/** Services that hold or move PHI, each of which the PHI zone's perimeter has to restrict (issue 8). */
export const requiredServices = [
  "healthcare",
  "storage",
  "bigquery",
  "pubsub",
  "aiplatform",
  "logging",
  "secretmanager",
  "cloudkms",
  "dataflow",
  "dataproc",
  "run",
  "compute",
  "sqladmin",
  "spanner",
  "storagetransfer",
  "bigquerydatatransfer",
] as const;

const serviceMutants: readonly Mutant[] = [
  ...requiredServices.map((service) =>
    unrestrict(`PHI perimeter: it does not restrict ${service}`, egress, phi, service),
  ),
  unrestrict("platform perimeter: it does not restrict secretmanager", isPrivate, platform, "secretmanager"),
  unrestrict("platform perimeter: it does not restrict storage", isPrivate, platform, "storage"),
  one("PHI perimeter: a service that it restricts is not known", egress, phi, "status/restrictedServices", [
    "storage.googleapis.com",
    unknownText,
  ]),
];

/** What changes a perimeter from beside it. */
const besideMutants: readonly Mutant[] = [
  one("PHI perimeter: it is a bridge", egress, phi, "perimeterType", "PERIMETER_TYPE_BRIDGE"),
  one("PHI perimeter: what kind it is of is not known", egress, phi, "perimeterType", unknownText),
  ...(
    [
      ["to somebody's project", [numbers.phi, numbers.foreign]],
      ["to the processing project", [numbers.phi, numbers.processing]],
      ["between projects that are not known", unknownText],
    ] as const
  ).map(([what, resources]) =>
    more(`a bridge out of the PHI perimeter, ${what}`, egress, types.perimeter, {
      parent: "accessPolicies/111",
      name: "accessPolicies/111/servicePerimeters/hole",
      title: "hole",
      perimeterType: "PERIMETER_TYPE_BRIDGE",
      status: { resources },
    }),
  ),
  more("a bridge out of the platform perimeter, to somebody's project", isPrivate, types.perimeter, {
    parent: "accessPolicies/111",
    name: "accessPolicies/111/servicePerimeters/hole",
    title: "hole",
    perimeterType: "PERIMETER_TYPE_BRIDGE",
    status: { resources: [numbers.processing, numbers.foreign] },
  }),
  more("PHI perimeter: a way out by a resource of its own", egress, types.egress, {
    perimeter: phiName,
    ...out,
  }),
  more("PHI perimeter: a way out by a resource of its own, of its former name", egress, types.formerEgress, {
    egressPolicyName: phiName,
    resource: numbers.foreign,
  }),
  more("a way out by a resource of its own, of a perimeter that is not known", egress, types.egress, {
    perimeter: unknownText,
    ...out,
  }),
  more("PHI perimeter: a way in by a resource of its own", admits, types.ingress, {
    perimeter: phiName,
    ...into,
  }),
  more("PHI perimeter: a way in by a resource of its own, for whoever it is", admits, types.ingress, {
    perimeter: phiName,
    ...into,
    ingressFrom: { identityType: "ANY_IDENTITY", sources: [{ accessLevel: "*" }] },
  }),
  more("PHI perimeter: a way in by a resource of its own, of its former name", egress, types.formerIngress, {
    ingressPolicyName: phiName,
    resource: numbers.foreign,
  }),
  more("a way in by a resource of its own, of a perimeter that is not known", admits, types.ingress, {
    perimeter: unknownText,
    ...into,
  }),
  more("platform perimeter: a way out by a resource of its own", isPrivate, types.egress, {
    perimeter: platformName,
    ...out,
  }),
  more("PHI perimeter: its project is put into another by a resource of its own", egress, types.resource, {
    perimeterName: platformName,
    resource: numbers.phi,
  }),
  more("PHI perimeter: somebody's project is put into it", egress, types.resource, {
    perimeterName: phiName,
    resource: numbers.foreign,
  }),
  more("all perimeters of the organisation are somebody else's", egress, types.perimeters, {
    parent: "accessPolicies/111",
    servicePerimeters: [],
  }),
  one("PHI perimeter: it holds the processing project as well", egress, phi, "status/resources", [
    numbers.phi,
    numbers.processing,
  ]),
  {
    fault: "PHI perimeter: what it enforces is not the program's to say",
    rule: understood,
    dig: (s) => s.withOptions(phi, { ignoreChanges: ["status"] }),
  },
];

const levelMutants: readonly Mutant[] = [
  one("compliant devices: one condition is enough", sealed, device, "basic", {
    combiningFunction: "OR",
    conditions: [{ devicePolicy: { requireCorpOwned: true } }, { ipSubnetworks: ["203.0.113.0/24"] }],
  }),
  one(
    "compliant devices: nothing is asked of a device",
    sealed,
    device,
    "basic/conditions/0/devicePolicy",
    {},
  ),
  one("compliant devices: whoever has none", sealed, device, "basic/conditions/0/negate", true),
  one("compliant devices: no condition", sealed, device, "basic/conditions", [{}]),
];

/** An organisation policy on a project of the platform's. */
function policy(fault: string, inputs: Properties, constraint = "compute.vmExternalIpAccess"): Mutant {
  const parent = `projects/${projects.phi}`;
  return more(fault, sealed, "gcp:orgpolicy/policy:Policy", {
    name: `${parent}/policies/${constraint}`,
    parent,
    ...inputs,
  });
}

const organisationMutants: readonly Mutant[] = [
  policy("organisation policy: external addresses are allowed", { spec: { rules: [{ allowAll: "TRUE" }] } }),
  policy(
    "organisation policy: public access to buckets is not prevented",
    { spec: { rules: [{ enforce: "FALSE" }] } },
    "storage.publicAccessPrevention",
  ),
  policy("organisation policy: it goes back to what Google Cloud has", { spec: { reset: true } }),
  policy("organisation policy: it is only tried out", { dryRunSpec: { rules: [{ denyAll: "TRUE" }] } }),
  policy("organisation policy: what it says is not known", { spec: unknownText }),
  more(
    "organisation policy: public databases are allowed, in the former form",
    sealed,
    "gcp:projects/organizationPolicy:OrganizationPolicy",
    {
      project: projects.phi,
      constraint: "constraints/sql.restrictPublicIp",
      booleanPolicy: { enforced: false },
    },
  ),
];

/** A role on a project, given away. */
function grant(fault: string, rule: Mutant["rule"], project: string, role: unknown, member: unknown): Mutant {
  return more(fault, rule, "gcp:projects/iAMMember:IAMMember", { project, role, member });
}

/** Who may call which service: what IAM gives to workloads besides their flows, and to others. */
const grantMutants: readonly Mutant[] = [
  grant(
    "grants: a workload asks models without a flow",
    declared,
    projects.processing,
    "roles/aiplatform.user",
    memberOf("fhir-proxy"),
  ),
  grant(
    "grants: a workload asks models without a flow, by the platform's own role",
    declared,
    projects.processing,
    "projects/hospital-ai/roles/bulkhead_model_client",
    memberOf("fhir-proxy"),
  ),
  more(
    "grants: the gateway's workload asks models without a flow",
    declared,
    "gcp:projects/iAMBinding:IAMBinding",
    {
      project: projects.processing,
      role: "roles/aiplatform.user",
      members: ["serviceAccount:bulkhead-ai-gateway@hospital-gateway.iam.gserviceaccount.com"],
    },
  ),
  grant(
    "stores: a workload reads all documents of the project",
    admits,
    projects.phi,
    "roles/storage.objectViewer",
    memberOf("rag-service"),
  ),
  grant(
    "stores: a workload reads all FHIR stores of the project",
    admits,
    projects.phi,
    "roles/healthcare.fhirResourceReader",
    memberOf("decision-point"),
  ),
  grant(
    "stores: a workload reads all datasets of the project",
    admits,
    projects.phi,
    "roles/bigquery.dataViewer",
    memberOf("async-ai-workers"),
  ),
  grant("stores: a workload owns their project", admits, projects.phi, "roles/owner", memberOf("fhir-proxy")),
  grant(
    "stores: a workload edits their project",
    admits,
    projects.phi,
    "roles/editor",
    memberOf("rag-service"),
  ),
  grant(
    "stores: a stranger reads all documents of the project",
    admits,
    projects.phi,
    "roles/storage.objectViewer",
    stranger,
  ),
  grant(
    "stores: whoever it is reads all documents of the project",
    egress,
    projects.phi,
    "roles/storage.objectViewer",
    "allAuthenticatedUsers",
  ),
  grant(
    "stores: a workload has a role that is not known in their project",
    admits,
    projects.phi,
    unknownText,
    memberOf("rag-service"),
  ),
  grant(
    "stores: who reads all documents of the project is not known",
    admits,
    projects.phi,
    "roles/storage.objectViewer",
    unknownText,
  ),
  grant(
    "stores: a workload has a role of somebody's making in their project",
    admits,
    projects.phi,
    "organizations/1/roles/anything",
    memberOf("rag-service"),
  ),
  more(
    "stores: a workload reads all documents of the organisation",
    admits,
    "gcp:organizations/iAMMember:IAMMember",
    {
      orgId: "123456789012",
      role: "roles/storage.objectViewer",
      member: memberOf("rag-service"),
    },
  ),
  more("stores: a workload reads all documents of a folder", admits, "gcp:folder/iAMMember:IAMMember", {
    folder: "folders/123456789012",
    role: "roles/storage.objectViewer",
    member: memberOf("rag-service"),
  }),
  {
    fault: "stores: a role of the platform's own is given to another workload",
    rule: admits,
    dig: (s) =>
      s.add("gcp:projects/iAMMember:IAMMember", "hole", {
        project: projects.phi,
        role: "projects/hospital-phi/roles/bulkhead_document_client",
        member: memberOf("decision-point"),
      }),
  },
];

/** Faults of the perimeters and of who may call what: the layer of calls. */
export const gcpPerimeterMutants: readonly Mutant[] = [
  ...wholeMutants,
  ...outMutants,
  ...inMutants,
  ...serviceMutants,
  ...besideMutants,
  ...levelMutants,
  ...organisationMutants,
  ...grantMutants,
];
