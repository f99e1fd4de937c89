import { ownProject, type Sketch } from "../stack-sketch";

import { emailText, https, labelled, ownNumber } from "./gcp-base";
import {
  firewall,
  gcp,
  machine,
  onFirewalls,
  onNetworks,
  onPerimeter,
  pair,
  policyRule,
  route,
  setting,
  silentResolver,
} from "./gcp-network-pieces";
import { amend } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** What a program may call a network of the stack's, besides its id. */
const namesOfNetworks: Readonly<Record<string, (name: string) => string>> = {
  "its name": (name) => name,
  "its whole name": (name) => `projects/${ownProject}/global/networks/${name}`,
  "its place in its project": (name) => `global/networks/${name}`,
  "its address": (name) =>
    `https://www.googleapis.com/compute/v1/projects/${ownProject}/global/networks/${name}`,
  "its address of another version": (name) =>
    `https://www.googleapis.com/compute/beta/projects/${ownProject}/global/networks/${name}`,
  "its address at the service": (name) =>
    `https://compute.googleapis.com/compute/v1/projects/${ownProject}/global/networks/${name}`,
  "its name among all resources": (name) =>
    `//compute.googleapis.com/projects/${ownProject}/global/networks/${name}`,
  "the number of its project": (name) => `projects/${ownNumber}/global/networks/${name}`,
};

/** What is put into a network that is called by some name: the network of PHI, or that of the others. */
function called(
  id: string,
  name: string,
  add: (stack: Sketch, network: string) => unknown,
): readonly CorpusCase[] {
  return Object.entries(namesOfNetworks).map(([how, spell]) =>
    onNetworks(
      setting(
        id,
        `${name} of a network by ${how}`,
        (stack, network: string) => add(stack, spell(network)),
        "phi-vpc",
        "vpc",
      ),
    ),
  );
}

const networks: readonly CorpusCase[] = [
  ...called("GE-08", "a route to the Internet", (stack, network) => route(stack, network)),
  ...called("GE-14", "a peering", (stack, network) =>
    stack.add(gcp("compute", "NetworkPeering"), "peering", {
      name: "peering",
      network,
      peerNetwork: "projects/somebody-else/global/networks/theirs",
    }),
  ),
  ...called("GE-10", "a denial that is in force after a rule", (stack, network) => {
    amend(stack, "phi-vpc", { networkFirewallPolicyEnforcementOrder: undefined });
    firewall(stack, { network, targetServiceAccounts: undefined, destinationRanges: ["203.0.113.0/24"] });
  }),
  ...called("GE-11", "a translation", (stack, network) => {
    stack.add(gcp("compute", "Router"), "router", { name: "router", network, region: "us-central1" });
    stack.add(gcp("compute", "RouterNat"), "nat", {
      name: "nat",
      router: "router",
      region: "us-central1",
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    });
  }),
];

/** A policy is bound to a network that is called by some name: bound to another, it denies nothing here. */
const bindings: readonly CorpusCase[] = Object.entries(namesOfNetworks)
  .filter(([how]) => how !== "the number of its project")
  .map(([how, spell]) =>
    onNetworks(
      pair(
        "GE-10",
        `a policy that is bound to a network by ${how}`,
        (stack) => amend(stack, "phi-association", { attachmentTarget: spell("vpc") }),
        (stack) => amend(stack, "phi-association", { attachmentTarget: spell("phi-vpc") }),
      ),
    ),
  );

const namesOfSubnets: Readonly<Record<string, (name: string) => string>> = {
  "its name": (name) => name,
  "its whole name": (name) => `projects/${ownProject}/regions/us-central1/subnetworks/${name}`,
  "its place in its project": (name) => `regions/us-central1/subnetworks/${name}`,
  "its address": (name) =>
    `https://www.googleapis.com/compute/v1/projects/${ownProject}/regions/us-central1/subnetworks/${name}`,
  "its address of another version": (name) =>
    `https://www.googleapis.com/compute/beta/projects/${ownProject}/regions/us-central1/subnetworks/${name}`,
};

const subnets: readonly CorpusCase[] = Object.entries(namesOfSubnets).map(([how, spell]) =>
  setting(
    "GE-12",
    `a machine of no zone with a public address, in a subnet by ${how}`,
    (stack, subnet: string) => {
      silentResolver(stack, stack.id("vpc"));
      machine(stack, "gateway", {
        labels: {},
        serviceAccount: { email: emailText("gateway"), scopes: [] },
        networkInterfaces: [{ subnetwork: spell(subnet), accessConfigs: [{}] }],
      });
    },
    "phi-subnet",
    "gateway-subnet",
  ),
);

/** What a program may call the project of PHI, and another. */
const projects: readonly CorpusCase[] = (
  [
    ["by its id", "hospital-phi", "hospital-ai"],
    ["by its number", "333333333333", "222222222222"],
  ] as const
).map(([how, phi, other]) =>
  onPerimeter(
    setting(
      "GE-07",
      `a network with default routes in a project ${how}`,
      (stack, project: string) =>
        stack.add(gcp("compute", "Network"), "more-vpc", {
          name: "more-vpc",
          project,
          autoCreateSubnetworks: false,
        }),
      phi,
      other,
    ),
  ),
);

const phiTag = "tagValues/281483307043001";
const gatewayTag = "tagValues/281483307043002";

/** Tags that are bound to a machine by a resource of their own. */
const boundTags: readonly CorpusCase[] = [
  setting(
    "GE-09",
    "a secure tag that another resource binds to a machine of PHI, or of the gateway",
    (stack, zone: "gateway" | "phi") => {
      policyRule(stack, { targetServiceAccounts: undefined, targetSecureTags: [{ name: phiTag }] });
      silentResolver(stack, stack.id("vpc"));
      machine(stack, "phi");
      machine(stack, "gateway", {}, "front");
      stack.add(gcp("tags", "LocationTagBinding"), "bound", {
        location: "us-central1-a",
        tagValue: phiTag,
        parent: `//compute.googleapis.com/projects/${ownNumber}/zones/us-central1-a/instances/${zone === "phi" ? "machine" : "front"}`,
      });
    },
    "phi",
    "gateway",
  ),
  setting(
    "GE-09",
    "a rule for machines with a secure tag of the stack's own, which a machine of PHI has, or one of the gateway",
    (stack, zone: "gateway" | "phi") => {
      const key = stack.add(gcp("tags", "TagKey"), "key", {
        parent: "organizations/666666666666",
        shortName: "way-out",
        purpose: "GCE_FIREWALL",
        purposeData: { network: `${ownProject}/vpc` },
      });
      const value = stack.add(gcp("tags", "TagValue"), "value", { parent: key, shortName: "open" });
      policyRule(stack, { targetServiceAccounts: undefined, targetSecureTags: [{ name: value }] });
      silentResolver(stack, stack.id("vpc"));
      machine(stack, "phi");
      machine(stack, "gateway", {}, "front");
      stack.add(gcp("tags", "LocationTagBinding"), "bound", {
        location: "us-central1-a",
        tagValue: value,
        parent: `//compute.googleapis.com/projects/${ownProject}/zones/us-central1-a/instances/${zone === "phi" ? "machine" : "front"}`,
      });
    },
    "phi",
    "gateway",
  ),
  setting(
    "GE-09",
    "a rule for machines with a secure tag of the network's, into PHI from the gateway's or from processing's",
    (stack, value: string) => {
      const keyOfTags = "tagKeys/281478395625001";
      policyRule(
        stack,
        { direction: "INGRESS", targetServiceAccounts: [emailText("phi")] },
        { destIpRanges: undefined, srcSecureTags: [{ name: value }], layer4Configs: https },
      );
      machine(stack, "gateway", { params: { resourceManagerTags: { [keyOfTags]: gatewayTag } } }, "front");
      machine(stack, "processing", { params: { resourceManagerTags: { [keyOfTags]: phiTag } } }, "worker");
    },
    gatewayTag,
    phiTag,
  ),
  onFirewalls(
    setting(
      "GE-09",
      "a rule of the network into PHI from an account, the gateway's or that of processing",
      (stack, zone: "gateway" | "processing") =>
        firewall(stack, {
          direction: "INGRESS",
          destinationRanges: undefined,
          sourceServiceAccounts: [emailText(zone)],
          targetServiceAccounts: [emailText("phi")],
        }),
      "gateway",
      "processing",
    ),
  ),
  onFirewalls(
    setting(
      "GE-09",
      "a rule of the network for two kinds of packets, of which one is allowed out of PHI",
      (stack, zone: "gateway" | "phi") => {
        firewall(
          stack,
          {
            targetServiceAccounts: [emailText("phi")],
            allows: undefined,
            denies: [{ protocol: "udp" }],
            priority: 900,
          },
          "first",
        );
        firewall(stack, {
          targetServiceAccounts: [emailText(zone)],
          allows: [{ protocol: "udp" }, { protocol: "tcp", ports: ["8080-8090"] }],
        });
      },
      "phi",
      "gateway",
    ),
  ),
];

/** A machine whose zone is only what its label says, in a network that all zones share. */
const labelledAlone: readonly CorpusCase[] = [
  setting(
    "GE-09",
    "a machine that calls itself PHI, in the subnet of the gateway, and a rule for its account that lets out",
    (stack, zone: "gateway" | "phi") => {
      silentResolver(stack, stack.id("vpc"));
      stack.add(gcp("serviceaccount", "Account"), "batch-account", { accountId: "batch" });
      machine(stack, "gateway", {
        ...labelled(zone),
        serviceAccount: { email: "batch@hospital-ai.iam.gserviceaccount.com", scopes: [] },
      });
      policyRule(stack, { targetServiceAccounts: ["batch@hospital-ai.iam.gserviceaccount.com"] });
    },
    "phi",
    "gateway",
  ),
];

/** Other names for the same things, in rows of filters, routes, translations and peerings. */
export const gcpSpellings: readonly CorpusCase[] = [
  ...networks,
  ...bindings,
  ...subnets,
  ...projects,
  ...boundTags,
  ...labelledAlone,
];
