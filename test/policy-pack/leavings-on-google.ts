import { amend, type Inputs } from "./corpus/changed-case";
import {
  emailOf,
  gcpBase,
  gcpBaseOfFirewalls,
  gcpBaseOfNetworks,
  gcpBaseOfPerimeter,
  claim,
  ingressOf,
  labelled,
  ownNumber,
  perimeterType,
  phiNumber,
  phiProject,
  restrictedServices,
  statusOf,
} from "./corpus/gcp-base";
import { gcpEntrance } from "./corpus/gcp-entrance";
import {
  firewall,
  gcp,
  inputsOf,
  machine,
  policyRule,
  route,
  silentResolver,
} from "./corpus/gcp-network-pieces";
import { bucket, key, said, sqlWith } from "./corpus/gcp-service-pieces";
import type { Knowledge, Sketch } from "./stack-sketch";

/** A stack in which something is said, and the same in which it is left away. */
export interface Leaving {
  readonly base: (knowledge: Knowledge) => Sketch;
  /** Says it otherwise than what is left away means, so that the verdict is another. */
  readonly told: (stack: Sketch) => unknown;
  readonly left: (stack: Sketch) => unknown;
}

/** Makes something of which more is said, or not said where it is `undefined`. */
type Builder = (stack: Sketch, more: Inputs) => unknown;

function leaving(base: Leaving["base"], build: Builder, told: Inputs): Leaving {
  return {
    base,
    told: (stack) => build(stack, told),
    left: (stack) => build(stack, Object.fromEntries(Object.keys(told).map((name) => [name, undefined]))),
  };
}

/** The same of a resource of the stack. */
const of =
  (resource: string): Builder =>
  (stack, more) =>
    amend(stack, resource, more);

/** The same of a part of a resource. */
const ofPart =
  (resource: string, part: string): Builder =>
  (stack, more) =>
    amend(stack, resource, { [part]: said({ ...(inputsOf(stack, resource)[part] as Inputs), ...more }) });

const ofEntrance =
  (build: Builder): Builder =>
  (stack, more) =>
    build(gcpEntrance(stack), more);

/** What the perimeter is in force with. */
const ofStatus = ofPart("perimeter", "status");

const ofIngress: Builder = (stack, more) => {
  const policy = ingressOf(`serviceAccount:${emailOf(stack, "processing")}`);
  return ofStatus(stack, {
    ingressPolicies: [{ ...policy, ingressFrom: said({ ...(policy["ingressFrom"] as Inputs), ...more }) }],
  });
};

/** The perimeter of processing lets one identity out to PHI. */
const ofEgress: Builder = (stack, more) => {
  stack.add(perimeterType, "other-perimeter", {
    parent: "accessPolicies/111",
    name: "accessPolicies/111/servicePerimeters/processing",
    title: "processing",
    status: {
      ...statusOf(stack),
      resources: [`projects/${ownNumber}`],
      ingressPolicies: [],
      egressPolicies: [
        {
          egressFrom: said({
            identities: [`serviceAccount:${emailOf(stack, "processing")}`],
            sources: [{ resource: `projects/${ownNumber}` }],
            ...more,
          }),
          egressTo: {
            resources: [`projects/${phiNumber}`],
            operations: [
              {
                serviceName: "storage.googleapis.com",
                methodSelectors: [{ method: "google.storage.objects.get" }],
              },
            ],
          },
        },
      ],
    },
  });
  return claim(stack, "processing", "other-perimeter");
};

/** A resource of the PHI zone, of which more is said. */
const inPhi =
  (module: string, name: string, inputs: Inputs): Builder =>
  (stack, more) =>
    stack.add(
      gcp(module, name),
      "one",
      said({ ...inputs, project: phiProject, ...labelled("phi"), ...more }),
    );

const job: Builder = (stack, more) =>
  stack.add(gcp("cloudrunv2", "Job"), "job", {
    name: "job",
    location: "us-central1",
    template: {
      template: {
        containers: [{ image: "batch@sha256:0" }],
        serviceAccount: emailOf(silentResolver(stack, stack.id("vpc")), "phi"),
        vpcAccess: said({ networkInterfaces: [{ subnetwork: stack.id("phi-subnet") }], ...more }),
      },
    },
    ...labelled("phi"),
  });

const onMachine: Builder = (stack, more) => {
  const network = { subnetwork: stack.id("phi-subnet"), ...more };
  return machine(silentResolver(stack, stack.id("vpc")), "phi", { networkInterfaces: [said(network)] });
};

/** A database that is reached by a network of its own service. */
const database: Builder = (stack, more) => sqlWith(stack, "phi", { pscConfigs: undefined, ...more });

/** What is kept in the project. */
const log: Builder = (stack, more) =>
  stack.add(
    gcp("logging", "ProjectBucketConfig"),
    "log",
    said({
      project: phiProject,
      location: "us-central1",
      bucketId: "_Default",
      retentionDays: 2557,
      locked: true,
      ...more,
    }),
  );

const flowLogs: Builder = (stack, more) =>
  amend(stack, "phi-subnet", {
    logConfig: said({
      aggregationInterval: "INTERVAL_5_SEC",
      flowSampling: 1,
      metadata: "INCLUDE_ALL_METADATA",
      ...more,
    }),
  });

const authority: Builder = (stack, more) =>
  stack.add(
    gcp("certificateauthority", "CaPool"),
    "pool",
    said({
      name: "pool",
      location: "us-central1",
      tier: "ENTERPRISE",
      issuancePolicy: said({ maximumLifetime: "7776000s", ...more }),
      ...labelled("processing"),
    }),
  );

const certificate: Builder = (stack, more) =>
  stack.add(
    gcp("certificateauthority", "Certificate"),
    "certificate",
    said({
      name: "certificate",
      location: "us-central1",
      pool: "pool",
      config: {
        subjectConfig: { subject: { commonName: "rag-service" } },
        publicKey: { format: "PEM" },
        x509Config: {
          caOptions: { isCa: false },
          keyUsage: {
            baseKeyUsage: { digitalSignature: true },
            extendedKeyUsage: { serverAuth: true, clientAuth: true },
          },
        },
      },
      ...labelled("processing"),
      ...more,
    }),
  );

/** What leaves the property of each row away, by the row's id, and what says it. */
export const leavingsOnGoogle: Readonly<Record<string, Leaving>> = {
  "gcp network without deleteDefaultRoutesOnCreate": leaving(gcpBaseOfNetworks, of("phi-vpc"), {
    deleteDefaultRoutesOnCreate: true,
  }),
  "gcp network without autoCreateSubnetworks": leaving(gcpBaseOfNetworks, of("phi-vpc"), {
    autoCreateSubnetworks: false,
  }),
  "gcp network without networkFirewallPolicyEnforcementOrder, and a rule of its own": leaving(
    gcpBase,
    (stack, more) => amend(firewall(stack), "vpc", more),
    { networkFirewallPolicyEnforcementOrder: "BEFORE_CLASSIC_FIREWALL" },
  ),
  "gcp network without a denial of what goes out": {
    base: gcpBase,
    told: () => undefined,
    left: (stack) => stack.remove("deny-out"),
  },
  "gcp network without a denial of IPv6": {
    base: gcpBase,
    told: (stack) =>
      amend(stack.remove("deny-out-v6"), "phi-subnet", {
        stackType: "IPV4_IPV6",
        ipv6AccessType: "INTERNAL",
      }),
    left: (stack) => stack.remove("deny-out-v6"),
  },
  "gcp firewall policy without an association": {
    base: gcpBase,
    told: () => undefined,
    left: (stack) => stack.remove("association"),
  },
  "gcp firewall without direction": {
    base: gcpBaseOfFirewalls,
    told: (stack) => firewall(stack),
    left: (stack) =>
      firewall(stack, { direction: undefined, destinationRanges: undefined, sourceRanges: ["10.0.2.0/24"] }),
  },
  "gcp firewall without priority": leaving(gcpBaseOfFirewalls, (stack, more) => firewall(stack, more), {
    priority: 65535,
  }),
  "gcp firewall without destinationRanges": leaving(
    gcpBaseOfFirewalls,
    (stack, more) => firewall(stack, { destinationRanges: ["10.0.3.0/24"], ...more }),
    { destinationRanges: ["10.0.3.0/24"] },
  ),
  "gcp firewall that denies, without disabled": leaving(gcpBaseOfFirewalls, of("deny-out"), {
    disabled: true,
  }),
  "gcp rule of a policy without disabled": leaving(gcpBase, (stack, more) => policyRule(stack, more), {
    disabled: true,
  }),
  "gcp rule of a policy without a target": {
    base: gcpBase,
    told: (stack) => policyRule(stack, { targetServiceAccounts: [emailOf(stack, "gateway")] }),
    left: (stack) => policyRule(stack, { targetServiceAccounts: undefined }),
  },
  "gcp route without tags": leaving(gcpBase, (stack, more) => route(stack, stack.id("vpc"), more), {
    tags: ["gateway"],
  }),
  "gcp subnet without stackType": leaving(gcpBase, of("phi-subnet"), {
    stackType: "IPV4_IPV6",
    ipv6AccessType: "EXTERNAL",
  }),
  "gcp subnet without privateIpGoogleAccess": {
    base: gcpBase,
    told: () => undefined,
    left: (stack) => amend(stack, "phi-subnet", { privateIpGoogleAccess: undefined }),
  },
  "gcp instance without accessConfigs": leaving(gcpBase, onMachine, { accessConfigs: [{}] }),
  "gcp instance without canIpForward": leaving(
    gcpBase,
    (stack, more) => machine(silentResolver(stack, stack.id("vpc")), "phi", said(more)),
    { canIpForward: true },
  ),
  "gcp address without addressType": leaving(
    gcpBase,
    (stack, more) =>
      stack.add(
        gcp("compute", "Address"),
        "address",
        said({ name: "address", region: "us-central1", ...labelled("phi"), ...more }),
      ),
    { addressType: "INTERNAL" },
  ),
  "gcp job without vpcAccess.egress": leaving(gcpBase, job, { egress: "ALL_TRAFFIC" }),
  "gcp perimeter without status": {
    base: gcpBaseOfPerimeter,
    told: () => undefined,
    left: (stack) =>
      amend(stack, "perimeter", { spec: statusOf(stack), status: undefined, useExplicitDryRunSpec: true }),
  },
  "gcp perimeter without perimeterType": leaving(gcpBaseOfPerimeter, of("perimeter"), {
    perimeterType: "PERIMETER_TYPE_BRIDGE",
  }),
  "gcp perimeter without resources": leaving(gcpBaseOfPerimeter, ofStatus, {
    resources: [`projects/${phiNumber}`],
  }),
  "gcp perimeter without restrictedServices": leaving(gcpBaseOfPerimeter, ofStatus, { restrictedServices }),
  "gcp perimeter without one service among restrictedServices": {
    base: gcpBaseOfPerimeter,
    told: () => undefined,
    left: (stack) =>
      ofStatus(stack, {
        restrictedServices: restrictedServices.filter((service) => service !== "pubsub.googleapis.com"),
      }),
  },
  "gcp perimeter without vpcAccessibleServices": leaving(gcpBaseOfPerimeter, ofStatus, {
    vpcAccessibleServices: { enableRestriction: true, allowedServices: ["RESTRICTED-SERVICES"] },
  }),
  "gcp perimeter without enableRestriction": {
    base: gcpBaseOfPerimeter,
    told: () => undefined,
    left: (stack) => ofStatus(stack, { vpcAccessibleServices: { allowedServices: ["RESTRICTED-SERVICES"] } }),
  },
  "gcp perimeter without accessLevels": leaving(gcpBaseOfPerimeter, ofStatus, {
    accessLevels: ["accessPolicies/111/accessLevels/clinic"],
  }),
  "gcp perimeter without egressPolicies": leaving(gcpBaseOfPerimeter, ofStatus, {
    egressPolicies: [
      {
        egressFrom: { identityType: "ANY_IDENTITY" },
        egressTo: { resources: ["*"], operations: [{ serviceName: "*" }] },
      },
    ],
  }),
  "gcp ingress policy without identities and identityType": {
    base: gcpBaseOfPerimeter,
    told: (stack) => ofIngress(stack, { identities: undefined, identityType: "ANY_IDENTITY" }),
    left: (stack) => ofIngress(stack, { identities: undefined }),
  },
  "gcp ingress policy without sources": leaving(gcpBaseOfPerimeter, ofIngress, {
    sources: [{ resource: `projects/${ownNumber}` }],
  }),
  "gcp egress policy without sourceRestriction": leaving(gcpBaseOfPerimeter, ofEgress, {
    sourceRestriction: "SOURCE_RESTRICTION_ENABLED",
  }),
  "gcp bucket without publicAccessPrevention": leaving(
    gcpBaseOfPerimeter,
    (stack, more) => bucket(stack, "phi", more),
    { publicAccessPrevention: "enforced" },
  ),
  "gcp bucket without uniformBucketLevelAccess": leaving(
    gcpBaseOfPerimeter,
    (stack, more) => bucket(stack, "phi", more),
    { uniformBucketLevelAccess: true },
  ),
  "gcp database without ipv4Enabled": leaving(gcpBaseOfPerimeter, database, { ipv4Enabled: false }),
  "gcp database without sslMode": leaving(gcpBaseOfPerimeter, database, {
    sslMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
  }),
  "gcp index endpoint without publicEndpointEnabled": leaving(
    gcpBaseOfPerimeter,
    inPhi("vertex", "AiIndexEndpoint", {
      displayName: "vectors",
      region: "us-central1",
    }),
    { publicEndpointEnabled: true },
  ),
  "gcp job of Dataflow without ipConfiguration": leaving(
    gcpBase,
    (stack, more) => {
      bucket(stack, "phi", { project: undefined });
      stack.add(
        gcp("dataflow", "Job"),
        "flow",
        said({
          name: "flow",
          region: "us-central1",
          templateGcsPath: "gs://dataflow-templates/latest/Word_Count",
          tempGcsLocation: "gs://phi-copies/temporary",
          subnetwork: "regions/us-central1/subnetworks/phi-subnet",
          serviceAccountEmail: emailOf(silentResolver(stack, stack.id("vpc")), "phi"),
          ...labelled("phi"),
          ...more,
        }),
      );
    },
    { ipConfiguration: "WORKER_IP_PRIVATE" },
  ),
  "gcp network with code in the PHI zone, without a response policy": {
    base: gcpBase,
    told: (stack) => machine(silentResolver(stack, stack.id("vpc")), "phi"),
    left: (stack) => machine(stack, "phi"),
  },
  "gcp proxy without sslPolicy": leaving(gcpBase, ofEntrance(of("proxy")), {
    sslPolicy: "projects/hospital-ai/global/sslPolicies/newest",
  }),
  "gcp TLS policy without minTlsVersion": leaving(gcpBase, ofEntrance(of("newest")), {
    minTlsVersion: "TLS_1_3",
  }),
  "gcp proxy without serverTlsPolicy": leaving(gcpBase, ofEntrance(of("proxy")), {
    serverTlsPolicy: "projects/hospital-ai/locations/global/serverTlsPolicies/clients",
  }),
  "gcp server TLS policy without mtlsPolicy": {
    base: gcpBase,
    told: gcpEntrance,
    left: (stack) => amend(gcpEntrance(stack), "clients", { mtlsPolicy: undefined }),
  },
  "gcp proxy without tlsEarlyData": leaving(gcpBase, ofEntrance(of("proxy")), { tlsEarlyData: "PERMISSIVE" }),
  "gcp forwarding rule without portRange": leaving(gcpBase, ofEntrance(of("entrance")), { portRange: "443" }),
  "gcp backend service without protocol": {
    base: gcpBase,
    told: gcpEntrance,
    left: (stack) => amend(gcpEntrance(stack), "behind", { protocol: undefined, tlsSettings: undefined }),
  },
  "gcp backend service without tlsSettings": {
    base: gcpBase,
    told: gcpEntrance,
    left: (stack) => amend(gcpEntrance(stack), "behind", { tlsSettings: undefined }),
  },
  "gcp backend authentication without clientCertificate": {
    base: gcpBase,
    told: gcpEntrance,
    left: (stack) => amend(gcpEntrance(stack), "behind-tls", { clientCertificate: undefined }),
  },
  "gcp backend authentication without wellKnownRoots": leaving(gcpBase, ofEntrance(of("behind-tls")), {
    wellKnownRoots: "PUBLIC_ROOTS",
  }),
  "gcp private certificate without lifetime": leaving(gcpBase, certificate, { lifetime: "7776000s" }),
  "gcp pool of authorities without maximumLifetime": leaving(gcpBase, authority, {
    maximumLifetime: "7776000s",
  }),
  "gcp subnet without logConfig": {
    base: gcpBase,
    told: (stack) => flowLogs(stack, {}),
    left: () => undefined,
  },
  "gcp flow logs without flowSampling": leaving(gcpBase, flowLogs, { flowSampling: 1 }),
  "gcp log bucket without retentionDays": leaving(gcpBaseOfPerimeter, log, { retentionDays: 2557 }),
  "gcp log bucket without locked": leaving(gcpBaseOfPerimeter, log, { locked: true }),
  "gcp audit configuration without exemptedMembers": {
    base: gcpBaseOfPerimeter,
    told: (stack) => audit(stack, ["user:somebody@clinic.example"]),
    left: (stack) => audit(stack, undefined),
  },
  "gcp organisation policy without spec": {
    base: gcpBaseOfPerimeter,
    told: (stack) => policy(stack, "spec"),
    left: (stack) => policy(stack, "dryRunSpec"),
  },
  "gcp key without rotationPeriod": leaving(gcpBaseOfPerimeter, (stack, more) => key(stack, "phi", more), {
    rotationPeriod: "7776000s",
  }),
};

function audit(stack: Sketch, exemptedMembers: readonly string[] | undefined): unknown {
  return stack.add(gcp("projects", "IAMAuditConfig"), "audit", {
    project: phiProject,
    service: "allServices",
    auditLogConfigs: ["ADMIN_READ", "DATA_READ", "DATA_WRITE"].map((logType) =>
      said({ logType, exemptedMembers }),
    ),
  });
}

function policy(stack: Sketch, spec: "spec" | "dryRunSpec"): unknown {
  return stack.add(gcp("orgpolicy", "Policy"), "no-addresses", {
    name: `projects/${phiProject}/policies/compute.vmExternalIpAccess`,
    parent: `projects/${phiProject}`,
    [spec]: { rules: [{ denyAll: "TRUE" }] },
  });
}
