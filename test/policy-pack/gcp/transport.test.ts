import { describe, expect, it } from "vitest";

import { amend } from "../corpus/changed-case";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { inGoogleZone, trustConfig, type Inputs } from "./entrance";
import { networkType, subnetType, zoneMembers } from "./trail-of";
import { faultsOf, gcpHopsOf, hopsOf } from "./transport-of";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const processing = inGoogleZone("processing");

/** A network of the processing zone. */
function base(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  const network = stack.add(networkType, "net", { name: "net" });
  stack.add(subnetType, "work", { name: "work", network, ipCidrRange: "10.0.2.0/24" });
  return zoneMembers(stack, { processing: [`${networkType}::net`, `${subnetType}::work`] });
}

describe.each(knowledges)("what accepts connections on Google Cloud, %s", (knowledge) => {
  const factsOf = (change: Change): ReturnType<typeof gcpHopsOf> => {
    const stack = base(knowledge);
    change(stack);
    return gcpHopsOf(stack);
  };
  const faults = (change: Change): readonly string[] => faultsOf(factsOf(change));
  const hops = (change: Change): readonly string[] => hopsOf(factsOf(change));

  describe("in a mesh without sidecars of its own", () => {
    const mesh = (stack: Sketch): Sketch => {
      const clientTlsPolicy = stack.add("gcp:networksecurity/clientTlsPolicy:ClientTlsPolicy", "callers", {
        name: "callers",
        location: "global",
        clientCertificate: { certificateProviderInstance: { pluginInstance: "google_cloud_private_spiffe" } },
        serverValidationCas: [
          { certificateProviderInstance: { pluginInstance: "google_cloud_private_spiffe" } },
        ],
      });
      stack.add("gcp:compute/backendService:BackendService", "inner", {
        name: "inner",
        loadBalancingScheme: "INTERNAL_SELF_MANAGED",
        protocol: "GRPC",
        securitySettings: { clientTlsPolicy, subjectAltNames: ["spiffe://p/ns/rag/sa/rag"] },
      });
      const serverTlsPolicy = stack.add("gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy", "called", {
        name: "called",
        location: "global",
        serverCertificate: { certificateProviderInstance: { pluginInstance: "google_cloud_private_spiffe" } },
        mtlsPolicy: {
          clientValidationCas: [
            { certificateProviderInstance: { pluginInstance: "google_cloud_private_spiffe" } },
          ],
        },
      });
      stack.add("gcp:networkservices/endpointPolicy:EndpointPolicy", "endpoint", {
        name: "endpoint",
        ...processing,
        type: "GRPC_SERVER",
        serverTlsPolicy,
        endpointMatcher: {},
      });
      stack.remove("zones");
      return zoneMembers(stack, { processing: ["gcp:compute/backendService:BackendService::inner"] });
    };
    const of =
      (name: string, inputs: Inputs): Change =>
      (stack) =>
        amend(mesh(stack), name, inputs);

    it("proves both ends where both ask", () => {
      expect(faults(mesh)).toEqual([]);
      expect(hops(mesh)).toEqual([
        "mtls BackendService inner and its targets",
        "mtls clients and endpoints of EndpointPolicy endpoint",
      ]);
    });

    it.each<readonly [string, string, Inputs, string]>([
      [
        "its clients are told of no TLS",
        "inner",
        { securitySettings: undefined },
        "open its clients call it without TLS",
      ],
      [
        "nobody knows what its clients are told",
        "inner",
        { securitySettings: unknownText },
        "perhaps its clients call it without TLS",
      ],
      [
        "its clients show no certificate",
        "callers",
        { clientCertificate: undefined },
        "open clients with it show no certificate",
      ],
      [
        "its clients take any",
        "callers",
        { serverValidationCas: [] },
        "open clients with it take whichever certificate they are shown",
      ],
      [
        "endpoints take plain text",
        "endpoint",
        { serverTlsPolicy: undefined },
        "open what is behind it takes connections without TLS",
      ],
      [
        "endpoints may take plain text",
        "endpoint",
        { serverTlsPolicy: unknownText },
        "perhaps what is behind it takes connections without TLS",
      ],
      [
        "endpoints ask nobody",
        "called",
        { mtlsPolicy: undefined },
        "open what is in the mesh asks no client for a certificate",
      ],
      [
        "endpoints take plain text besides",
        "called",
        { allowOpen: true },
        "open what asks by it takes connections without TLS as well",
      ],
    ])("does not where %s", (_what, name, inputs, expected) => {
      expect(faults(of(name, inputs))).toContain(expected);
      expect(hops(of(name, inputs)).some((hop) => hop.startsWith("unproved"))).toBe(true);
    });
  });

  it("in a cluster is in a mesh, or is not", () => {
    const without = "open what runs in it is given no certificates to show to each other";
    const unmeshed =
      "open no mesh that Google looks after makes what runs in it show certificates to each other";
    const given: Inputs = { meshCertificates: { enableCertificates: true } };
    const cluster =
      (inputs: Inputs = {}, more: Change = () => undefined): Change =>
      (stack) => {
        stack.add("gcp:container/cluster:Cluster", "cluster", {
          name: "cluster",
          location: "us-central1",
          network: stack.id("net"),
          subnetwork: "work",
          ...inputs,
        });
        more(stack);
      };
    expect(faults(cluster())).toEqual([without]);
    expect(faults(cluster(given))).toEqual([]);
    expect(faults(cluster({ meshCertificates: { enableCertificates: false } }))).toEqual([without]);
    expect(faults(cluster({ meshCertificates: unknownText }))).toEqual([without.replace("open", "perhaps")]);
    const member =
      (management: unknown, membership = "member"): Change =>
      (stack) => {
        stack.add("gcp:gkehub/membership:Membership", "member", {
          membershipId: "member",
          endpoint: { gkeCluster: { resourceLink: `//container.googleapis.com/${stack.id("cluster")}` } },
        });
        stack.add("gcp:gkehub/featureMembership:FeatureMembership", "mesh", {
          feature: "servicemesh",
          location: "global",
          membership,
          mesh: { management },
        });
      };
    expect(faults(cluster(given, member("MANAGEMENT_AUTOMATIC")))).toEqual([]);
    expect(faults(cluster({}, member("MANAGEMENT_AUTOMATIC")))).toEqual([without]);
    expect(faults(cluster(given, member("MANAGEMENT_MANUAL")))).toEqual([unmeshed]);
    expect(faults(cluster(given, member("MANAGEMENT_AUTOMATIC", "another")))).toEqual([unmeshed]);
    const alone =
      (mesh: unknown): Change =>
      (stack) =>
        stack.add("gcp:gkehub/featureMembership:FeatureMembership", "mesh", {
          feature: "servicemesh",
          location: "global",
          membership: "member",
          mesh,
        });
    expect(faults(cluster(given, alone({ management: "MANAGEMENT_MANUAL" })))).toEqual([unmeshed]);
    expect(faults(cluster(given, alone({ management: "MANAGEMENT_AUTOMATIC" })))).toEqual([]);
    expect(faults(cluster(given, alone(undefined)))).toEqual([]);
    const fleet: Change = (stack) =>
      stack.add("gcp:gkehub/feature:Feature", "mesh", {
        name: "servicemesh",
        location: "global",
        fleetDefaultMemberConfig: { mesh: { management: "MANAGEMENT_AUTOMATIC" } },
      });
    const both =
      (one: Change, other: Change): Change =>
      (stack) => {
        one(stack);
        other(stack);
      };
    const inFleet: Inputs = { ...given, fleet: { project: "hospital-ai" } };
    const byHand = alone({ management: "MANAGEMENT_MANUAL" });
    expect(faults(cluster(inFleet, fleet))).toEqual([]);
    expect(
      faults(
        cluster(
          inFleet,
          both(byHand, (stack) => stack.remove("mesh")),
        ),
      ),
    ).toEqual([]);
    expect(hops(cluster())).toEqual(["unproved workloads of Cluster cluster"]);
  });

  it("for an app that Google runs is Google, which asks nobody for a certificate", () => {
    const ends = "open Google ends TLS before it, and asks no client for a certificate";
    const past = "it is called from outside by its own address, past the load balancer";
    const app = (inputs: Inputs): readonly string[] =>
      faults((stack) =>
        stack.add("gcp:cloudrunv2/service:Service", "app", {
          name: "app",
          location: "us-central1",
          template: { vpcAccess: { networkInterfaces: [{ subnetwork: "work" }] } },
          defaultUriDisabled: true,
          ...inputs,
        }),
      );
    expect(app({ ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" })).toEqual([ends]);
    expect(app({ ingress: "INGRESS_TRAFFIC_ALL" })).toEqual([ends, `open ${past}`]);
    expect(app({})).toEqual([ends, `open ${past}`]);
    expect(app({ ingress: unknownText })).toEqual([ends, `perhaps ${past}`]);
    expect(app({ ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY", defaultUriDisabled: undefined })).toEqual([
      "open (our platform) it answers to the address that Google gives it, besides those of its load balancer",
      ends,
    ]);
    const functionIn = (type: string, inputs: Inputs): readonly string[] =>
      faults((stack) => stack.add(type, "app", { name: "app", ...processing, ...inputs }));
    expect(functionIn("gcp:cloudfunctions/function:Function", { ingressSettings: "ALLOW_ALL" })).toEqual([
      ends,
      `open ${past}`,
    ]);
    expect(
      functionIn("gcp:cloudfunctionsv2/function:Function", {
        serviceConfig: { ingressSettings: "ALLOW_INTERNAL_AND_GCLB" },
      }),
    ).toEqual([ends]);
  });

  it.each<readonly [string, string, Inputs, readonly string[]]>([
    [
      "gcp:sql/databaseInstance:DatabaseInstance",
      "mtls",
      {
        settings: {
          ipConfiguration: { privateNetwork: "net", sslMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED" },
        },
      },
      [],
    ],
    [
      "gcp:sql/databaseInstance:DatabaseInstance",
      "provider-tls+iam",
      { settings: { ipConfiguration: { privateNetwork: "net", sslMode: "ENCRYPTED_ONLY" } } },
      ["open it asks no client for a certificate"],
    ],
    [
      "gcp:sql/databaseInstance:DatabaseInstance",
      "unproved",
      { settings: { ipConfiguration: { privateNetwork: "net" } } },
      ["open it lets its clients speak in plain text"],
    ],
    [
      "gcp:sql/databaseInstance:DatabaseInstance",
      "unproved",
      {
        settings: { ipConfiguration: { privateNetwork: "net", sslMode: "ALLOW_UNENCRYPTED_AND_ENCRYPTED" } },
      },
      ["open it lets its clients speak in plain text"],
    ],
    [
      "gcp:sql/databaseInstance:DatabaseInstance",
      "unproved",
      { settings: { ipConfiguration: { privateNetwork: "net", sslMode: unknownText } } },
      ["perhaps it lets its clients speak in plain text"],
    ],
    [
      "gcp:redis/instance:Instance",
      "unproved",
      { authorizedNetwork: "net" },
      ["open it lets its clients speak in plain text"],
    ],
    [
      "gcp:redis/instance:Instance",
      "provider-tls+iam",
      { authorizedNetwork: "net", transitEncryptionMode: "SERVER_AUTHENTICATION" },
      [],
    ],
    [
      "gcp:redis/cluster:Cluster",
      "unproved",
      {
        pscConfigs: [{ network: "projects/hospital-ai/global/networks/net" }],
        transitEncryptionMode: "TRANSIT_ENCRYPTION_MODE_DISABLED",
      },
      ["open it lets its clients speak in plain text"],
    ],
    [
      "gcp:redis/cluster:Cluster",
      "provider-tls+iam",
      {
        pscConfigs: [{ network: "projects/hospital-ai/global/networks/net" }],
        transitEncryptionMode: "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
      },
      [],
    ],
    [
      "gcp:memorystore/instance:Instance",
      "unproved",
      { desiredAutoCreatedEndpoints: [{ network: "projects/hospital-ai/global/networks/net" }] },
      ["open it lets its clients speak in plain text"],
    ],
    [
      "gcp:memcache/instance:Instance",
      "unproved",
      { authorizedNetwork: "net" },
      ["open it lets its clients speak in plain text"],
    ],
  ])("for a database, %s, is %s", (type, transport, inputs, expected) => {
    const change: Change = (stack) => stack.add(type, "database", inputs);
    expect(faults(change)).toEqual(expected);
    expect(hops(change).map((hop) => hop.split(" ")[0])).toEqual([transport]);
  });

  it("for a database that is a part of a cluster is where the cluster is", () => {
    const alloy =
      (inputs: Inputs): Change =>
      (stack) => {
        const cluster = stack.add("gcp:alloydb/cluster:Cluster", "databases", {
          clusterId: "databases",
          location: "us-central1",
          networkConfig: { network: stack.id("net") },
        });
        stack.add("gcp:alloydb/instance:Instance", "database", {
          instanceId: "database",
          cluster,
          ...inputs,
        });
      };
    expect(hops(alloy({}))).toEqual(["provider-tls+iam clients and Instance database"]);
    expect(
      faults(
        alloy({ clientConnectionConfig: { sslConfig: { sslMode: "ALLOW_UNENCRYPTED_AND_ENCRYPTED" } } }),
      ),
    ).toEqual(["open it lets its clients speak in plain text"]);
  });

  it("for a store is Google, with a token of the caller's", () => {
    const stores: Change = (stack) => {
      stack.add("gcp:storage/bucket:Bucket", "documents", { name: "documents", ...inGoogleZone("phi") });
      stack.add("gcp:storage/bucket:Bucket", "elsewhere", { name: "elsewhere" });
    };
    expect(hops(stores)).toEqual(["provider-tls+iam clients and Bucket documents"]);
  });

  it("asks others of requests, and lets none by without an answer", () => {
    const failing = "it lets requests through about which it could ask nobody";
    const asking =
      (extension: Inputs, policy: Inputs = {}): Change =>
      (stack) => {
        const rule = stack.add("gcp:compute/globalForwardingRule:GlobalForwardingRule", "entrance", {
          name: "entrance",
          ...processing,
          portRange: "443",
          target: "vpc-sc",
        });
        const asked = stack.add("gcp:networkservices/authzExtension:AuthzExtension", "decisions", {
          name: "decisions",
          location: "global",
          ...extension,
        });
        stack.add("gcp:networksecurity/authzPolicy:AuthzPolicy", "policy", {
          name: "policy",
          location: "global",
          action: "CUSTOM",
          target: { resources: [rule] },
          customProvider: { authzExtension: { resources: [asked] } },
          ...policy,
        });
      };
    expect(faults(asking({ failOpen: false }))).toEqual([]);
    expect(faults(asking({}))).toEqual([]);
    expect(faults(asking({ failOpen: true }))).toEqual([`open ${failing}`]);
    expect(faults(asking({ failOpen: unknownText }))).toEqual([`perhaps ${failing}`]);
    expect(faults(asking({}, { customProvider: undefined }))).toEqual([
      "open it asks nobody about requests, though it says that somebody decides",
    ]);
    const anybody = "open it lets requests through of whoever sends them";
    expect(faults(asking({}, { action: "ALLOW", httpRules: [{ to: {} }] }))).toEqual([anybody]);
    expect(faults(asking({}, { action: "ALLOW" }))).toEqual([anybody]);
    expect(faults(asking({}, { action: "DENY" }))).toEqual([]);
    const perhaps = anybody.replace("open", "perhaps");
    expect(faults(asking({}, { action: "ALLOW", httpRules: unknownText }))).toEqual([perhaps]);
    expect(faults(asking({}, { action: unknownText }))).toEqual([perhaps]);
    expect(
      faults(
        asking(
          {},
          { action: "ALLOW", httpRules: [{ from: { sources: [{ principals: [{ exact: "a" }] }] } }] },
        ),
      ),
    ).toEqual([]);
    const callout = (failOpen: unknown): readonly string[] =>
      faults((stack) => {
        asking({})(stack);
        stack.add("gcp:networkservices/lbTrafficExtension:LbTrafficExtension", "callout", {
          name: "callout",
          forwardingRules: [`${stack.id("entrance")}.selfLink`],
          extensionChains: [{ extensions: [{ failOpen: false }, { failOpen }] }],
        });
      });
    expect(callout(false)).toEqual([]);
    expect(callout(true)).toEqual([`open ${failing}`]);
  });

  it("says of what nothing uses that it proves nothing, and refuses nobody for it", () => {
    const alone: Change = (stack) => {
      stack.add("gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy", "idle", {
        name: "idle",
        location: "global",
        ...processing,
        mtlsPolicy: {
          clientValidationMode: "REJECT_INVALID",
          clientValidationTrustConfig: trustConfig(stack, "authorities", processing),
        },
      });
      trustConfig(stack, "others", processing);
    };
    expect(faults(alone)).toEqual([
      "open (no stack) no proxy of the stack asks by it, so that it proves nobody's certificate",
      "open (no stack) nothing of the stack takes its authorities, so that it proves nobody's certificate",
    ]);
  });
});
