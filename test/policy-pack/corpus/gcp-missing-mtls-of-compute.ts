import { unknownText, type Sketch } from "../stack-sketch";

import { addressesOf, labelled, type Zone } from "./gcp-base";
import { besideNetworks, gcpEntrance } from "./gcp-entrance";
import { gcp, setting } from "./gcp-network-pieces";
import { either, ofKind, said, sqlWith, wrongly, type Service } from "./gcp-service-pieces";
import type { Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** A cluster of processing whose services talk to each other by a mesh. */
function meshed(stack: Sketch, cluster: Inputs = {}, member: Inputs | "none" = {}): Sketch {
  const id = stack.add(
    gcp("container", "Cluster"),
    "cluster",
    said({
      name: "cluster",
      location: "us-central1",
      network: stack.id("vpc"),
      subnetwork: stack.id("processing-subnet"),
      initialNodeCount: 1,
      deletionProtection: true,
      privateClusterConfig: {
        enablePrivateNodes: true,
        enablePrivateEndpoint: true,
        masterIpv4CidrBlock: "10.30.0.0/28",
      },
      masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: addressesOf.processing }] },
      workloadIdentityConfig: { workloadPool: "hospital-ai.svc.id.goog" },
      meshCertificates: { enableCertificates: true },
      resourceLabels: labelled("processing")["labels"],
      ...cluster,
    }),
  );
  const membership = stack.add(gcp("gkehub", "Membership"), "membership", {
    membershipId: "cluster",
    endpoint: { gkeCluster: { resourceLink: `//container.googleapis.com/${id}` } },
  });
  const feature = stack.add(gcp("gkehub", "Feature"), "mesh", { name: "servicemesh", location: "global" });
  if (member !== "none") {
    stack.add(
      gcp("gkehub", "FeatureMembership"),
      "mesh-of-cluster",
      said({
        location: "global",
        feature: `${feature}.name`,
        membership: `${membership}.membershipId`,
        mesh: { management: "MANAGEMENT_AUTOMATIC" },
        ...member,
      }),
    );
  }
  return stack;
}

function clusterCase(name: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return setting("GM-07", `a cluster ${name}`, (stack, cluster: Inputs) => meshed(stack, cluster), bad, good);
}

const clusters: readonly CorpusCase[] = [
  clusterCase("whose mesh has no certificates", { meshCertificates: { enableCertificates: false } }),
  clusterCase("that says nothing of certificates of its mesh", { meshCertificates: undefined }),
  clusterCase("of which nobody knows whether its mesh has certificates", {
    meshCertificates: { enableCertificates: unknownText },
  }),
  setting(
    "GM-07",
    "a cluster whose mesh nobody looks after",
    (stack, management: string) => meshed(stack, {}, { mesh: { management } }),
    "MANAGEMENT_MANUAL",
    "MANAGEMENT_AUTOMATIC",
  ),
  setting<Inputs | "none">(
    "GM-07",
    "a cluster that is in no mesh",
    (stack, member) => meshed(stack, {}, member),
    "none",
    {},
  ),
  setting(
    "GM-07",
    "a cluster in a mesh that says nothing",
    (stack, mesh: Inputs | undefined) => meshed(stack, {}, { mesh }),
    undefined,
    { management: "MANAGEMENT_AUTOMATIC" },
  ),
];

const containers: readonly Inputs[] = [
  { image: "us-docker.pkg.dev/hospital-ai/images/rag@sha256:0", ports: { name: "h2c", containerPort: 8080 } },
];

function service(stack: Sketch, zone: Zone | undefined, more: Inputs): string {
  return stack.add(
    gcp("cloudrunv2", "Service"),
    "service",
    said({
      name: "service",
      location: "us-central1",
      ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY",
      template: { containers },
      ...(zone === undefined ? {} : labelled(zone)),
      ...more,
    }),
  );
}

const services: readonly CorpusCase[] = [
  ...(
    [
      ["that everybody may call", { ingress: "INGRESS_TRAFFIC_ALL" }],
      ["that does not say who may call it", { ingress: undefined }],
      ["of which nobody knows who may call it", { ingress: unknownText }],
      ["that only the network may call, with a name of its own", { defaultUriDisabled: false }],
      [
        "that only load balancers may call",
        { ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", defaultUriDisabled: true },
      ],
      ["that takes who is not signed in", { invokerIamDisabled: true }],
    ] as const
  ).map(([name, more]) =>
    setting(
      "GM-08",
      `a service of processing, or of nobody, ${name}`,
      (stack, zone: Zone | undefined) => service(stack, zone, more),
      "processing",
      undefined,
    ),
  ),
  setting(
    "GM-08",
    "a function of processing, or of nobody",
    (stack, zone: Zone | undefined) =>
      stack.add(gcp("cloudfunctionsv2", "Function"), "function", {
        name: "function",
        location: "us-central1",
        buildConfig: {
          runtime: "nodejs22",
          entryPoint: "handler",
          source: { storageSource: { bucket: "code-of-functions", object: "function.zip" } },
        },
        serviceConfig: { ingressSettings: "ALLOW_ALL" },
        ...(zone === undefined ? {} : labelled(zone)),
      }),
    "processing",
    undefined,
  ),
];

function sqlCase(name: string, bad: Inputs): CorpusCase {
  return either(
    "GM-11",
    `a database of PHI ${name}`,
    (stack, more: Inputs) => sqlWith(stack, "phi", more),
    bad,
    {
      sslMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
    },
  );
}

const fast: Service = (stack, kind, more = {}) => {
  const cluster = stack.add(gcp("alloydb", "Cluster"), `${kind}-alloy-cluster`, {
    clusterId: `${kind}-alloy-cluster`,
    location: "us-central1",
    pscConfig: { pscEnabled: true },
    ...ofKind(kind),
  });
  return stack.add(
    gcp("alloydb", "Instance"),
    `${kind}-alloy`,
    said({
      instanceId: `${kind}-alloy`,
      cluster,
      instanceType: "PRIMARY",
      clientConnectionConfig: { requireConnectors: true, sslConfig: { sslMode: "ENCRYPTED_ONLY" } },
      networkConfig: { enablePublicIp: false, enableOutboundPublicIp: false },
      ...(kind === "phi" ? labelled("phi") : {}),
      ...more,
    }),
  );
};

const cache: Service = (stack, kind, more = {}) =>
  stack.add(
    gcp("redis", "Instance"),
    `${kind}-cache`,
    said({
      name: `${kind}-cache`,
      region: "us-central1",
      memorySizeGb: 1,
      tier: "STANDARD_HA",
      authEnabled: true,
      transitEncryptionMode: "SERVER_AUTHENTICATION",
      ...ofKind(kind),
      ...more,
    }),
  );

const cacheCluster: Service = (stack, kind, more = {}) =>
  stack.add(
    gcp("redis", "Cluster"),
    `${kind}-caches`,
    said({
      name: `${kind}-caches`,
      region: "us-central1",
      shardCount: 3,
      project: ofKind(kind)["project"],
      authorizationMode: "AUTH_MODE_IAM_AUTH",
      transitEncryptionMode: "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
      ...(kind === "phi" ? labelled("phi") : {}),
      ...more,
    }),
  );

const databases: readonly CorpusCase[] = [
  sqlCase("that takes plain text", { sslMode: "ALLOW_UNENCRYPTED_AND_ENCRYPTED" }),
  sqlCase("that does not say whether it takes plain text", { sslMode: undefined }),
  sqlCase("that asks nobody who they are", { sslMode: "ENCRYPTED_ONLY" }),
  sqlCase("of which nobody knows what it takes", { sslMode: unknownText }),
  wrongly("GM-11", "a fast database of PHI that takes plain text", fast, {
    clientConnectionConfig: { sslConfig: { sslMode: "ALLOW_UNENCRYPTED_AND_ENCRYPTED" } },
  }),
  wrongly("GM-11", "a fast database of PHI of which nobody knows what it takes", fast, {
    clientConnectionConfig: { sslConfig: { sslMode: unknownText } },
  }),
  ...(
    [
      ["takes plain text", "DISABLED"],
      ["does not say whether it takes plain text", undefined],
      ["nobody knows of", unknownText],
    ] as const
  ).map(([name, transitEncryptionMode]) =>
    wrongly("GM-11", `a cache of PHI that ${name}`, cache, { transitEncryptionMode }),
  ),
  ...(
    [
      ["takes plain text", "TRANSIT_ENCRYPTION_MODE_DISABLED"],
      ["does not say whether it takes plain text", undefined],
      ["nobody knows of", unknownText],
    ] as const
  ).map(([name, transitEncryptionMode]) =>
    wrongly("GM-11", `a cluster of caches of PHI that ${name}`, cacheCluster, { transitEncryptionMode }),
  ),
];

/** Who decides on each request at the entrance. */
function decided(stack: Sketch, policy: Inputs = {}, extension: Inputs = {}): Sketch {
  gcpEntrance(stack);
  const decisions = stack.add(
    gcp("networkservices", "AuthzExtension"),
    "decisions",
    said({
      name: "decisions",
      location: "global",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      authority: "decisions.clinic.internal",
      service: `${stack.id("behind")}.selfLink`,
      timeout: "0.1s",
      failOpen: false,
      ...extension,
    }),
  );
  stack.add(
    gcp("networksecurity", "AuthzPolicy"),
    "decided",
    said({
      name: "decided",
      location: "global",
      action: "CUSTOM",
      target: {
        loadBalancingScheme: "EXTERNAL_MANAGED",
        resources: [`${stack.id("entrance")}.selfLink`],
      },
      customProvider: { authzExtension: { resources: [decisions] } },
      ...policy,
    }),
  );
  return stack;
}

const fromClinic: Inputs = {
  action: "ALLOW",
  customProvider: undefined,
  httpRules: [
    {
      from: {
        sources: [
          {
            principals: [
              {
                principalSelector: "CLIENT_CERT_URI_SAN",
                principal: { exact: "spiffe://clinic.example/client/portal" },
              },
            ],
          },
        ],
      },
      to: { operations: [{ paths: [{ prefix: "/v1/" }] }] },
    },
  ],
};

function traffic(stack: Sketch, failOpen: boolean | string | undefined): string {
  gcpEntrance(stack);
  return stack.add(gcp("networkservices", "LbTrafficExtension"), "guard", {
    name: "guard",
    location: "global",
    loadBalancingScheme: "EXTERNAL_MANAGED",
    forwardingRules: [`${stack.id("entrance")}.selfLink`],
    extensionChains: [
      {
        name: "guard",
        matchCondition: { celExpression: "true" },
        extensions: [
          said({
            name: "guard",
            authority: "guard.clinic.internal",
            service: `${stack.id("behind")}.selfLink`,
            timeout: "0.1s",
            supportedEvents: ["REQUEST_HEADERS"],
            failOpen,
          }),
        ],
      },
    ],
  });
}

const decisions: readonly CorpusCase[] = [
  ...([true, unknownText] as const).map((failOpen) =>
    setting(
      "GM-13",
      `a decision that lets pass when nobody decides: ${String(failOpen === true)}`,
      (stack, extension: Inputs) => decided(stack, {}, extension),
      { failOpen },
      { failOpen: undefined },
    ),
  ),
  setting(
    "GM-13",
    "a decision that is left to nobody",
    (stack, policy: Inputs) => decided(stack, policy),
    { customProvider: undefined },
    {},
  ),
  setting(
    "GM-13",
    "a decision that lets everybody pass",
    (stack, policy: Inputs) => decided(stack, policy),
    { ...fromClinic, httpRules: [{ to: { operations: [{ paths: [{ prefix: "/" }] }] } }] },
    fromClinic,
  ),
  setting(
    "GM-13",
    "a decision of which nobody knows whom it lets pass",
    (stack, policy: Inputs) => decided(stack, policy),
    { ...fromClinic, httpRules: unknownText },
    fromClinic,
  ),
  ...([true, unknownText] as const).map((failOpen) =>
    setting(
      "GM-13",
      `a guard of requests that lets pass when it is not there: ${String(failOpen === true)}`,
      traffic,
      failOpen as boolean | string,
      false,
    ),
  ),
];

/** The checklist of what skips mutual TLS on Google Cloud, as to compute, databases and decisions. */
export const gcpMissingMtlsOfCompute: readonly CorpusCase[] = [
  ...clusters,
  ...services,
  ...databases,
  ...decisions.map(besideNetworks),
];
