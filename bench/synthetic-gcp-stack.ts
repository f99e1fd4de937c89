import type { StackResource } from "../policy-pack/stack-resource";

const zones = ["gateway", "processing", "phi"] as const;
type Zone = (typeof zones)[number];

const project = "hospital-ai";
const region = "us-central1";
const subnetsOfZone = 4;
const instancesOfSubnet = 4;
const bucketsOfNetwork = 8;

/** Who calls whom: the subnets of a zone with those of the next, on 443. */
const next: Readonly<Record<Zone, Zone | undefined>> = {
  gateway: "processing",
  processing: "phi",
  phi: undefined,
};

interface WrittenRule {
  readonly what: string;
  readonly priority: number;
  readonly direction: "EGRESS" | "INGRESS";
  readonly action: "allow" | "deny";
  readonly range: string;
  readonly account?: string;
}

/**
 * A stranger's stack on Google Cloud of about a given size: networks of three zones, each with a firewall policy whose
 * rules are bound to service accounts, subnets with instances, and buckets of the PHI zone that nobody lets out of it. It
 * is accepted.
 */
export function syntheticGcpStack(size: number): readonly StackResource[] {
  const resources: StackResource[] = [];
  const add = (
    type: string,
    id: string,
    name: string,
    inputs: Readonly<Record<string, unknown>>,
  ): { readonly id: string; readonly urn: string } => {
    const urn = `urn:pulumi:bench::bench::${type}::${name}`;
    resources.push({
      urn,
      type,
      name,
      inputs: { project, ...inputs },
      outputs: { project, ...inputs, id },
      parent: undefined,
      dependencies: [],
      propertyDependencies: {},
      ignoreChanges: [],
      protect: false,
      providerInputs: { project, region },
    });
    return { id, urn };
  };
  const members: Record<Zone, string[]> = { gateway: [], processing: [], phi: [] };
  for (let network = 0; resources.length < size; network += 1) {
    const block = `10.${String(network % 256)}`;
    const prefix = (zone: Zone, index: number): string =>
      `${block}.${String(zones.indexOf(zone) * subnetsOfZone + index)}.0/24`;
    const accountOf = (zone: Zone, index: number): string =>
      `${zone}-${String(network)}-${String(index)}@${project}.iam.gserviceaccount.com`;
    for (const zone of zones) {
      const called = `${zone}-${String(network)}`;
      const { id: networkId, urn } = add(
        "gcp:compute/network:Network",
        `projects/${project}/global/networks/${called}`,
        called,
        {
          name: called,
          autoCreateSubnetworks: false,
          deleteDefaultRoutesOnCreate: true,
          networkFirewallPolicyEnforcementOrder: "BEFORE_CLASSIC_FIREWALL",
          enableUlaInternalIpv6: false,
        },
      );
      members[zone].push(urn);
      const policy = `policy-${called}`;
      add(
        "gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy",
        `projects/${project}/global/firewallPolicies/${policy}`,
        policy,
        { name: policy },
      );
      add(
        "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation",
        `projects/${project}/global/firewallPolicies/${policy}/associations/${policy}`,
        `in-force-${called}`,
        { name: policy, firewallPolicy: policy, attachmentTarget: networkId },
      );
      const servers = next[zone];
      const rules: readonly WrittenRule[] = [
        ...Array.from({ length: subnetsOfZone }, (_, index): readonly WrittenRule[] => [
          ...zones
            .filter((from) => next[from] === zone)
            .map((from): WrittenRule => ({
              what: `from-clients-${String(index)}`,
              priority: 100 + index,
              direction: "INGRESS",
              action: "allow",
              range: prefix(from, index),
              account: accountOf(zone, index),
            })),
          ...(servers === undefined
            ? []
            : [
                {
                  what: `to-servers-${String(index)}`,
                  priority: 200 + index,
                  direction: "EGRESS",
                  action: "allow",
                  range: prefix(servers, index),
                  account: accountOf(zone, index),
                } as const,
              ]),
        ]).flat(),
        ...(["EGRESS", "INGRESS"] as const).flatMap((direction, order) =>
          ["0.0.0.0/0", "::/0"].map((range, family): WrittenRule => ({
            what: `deny-${direction.toLowerCase()}-${String(family)}`,
            priority: 2_000_000_000 + 2 * order + family,
            direction,
            action: "deny",
            range,
          })),
        ),
      ];
      for (const { what, priority, direction, action, range, account } of rules) {
        add(
          "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
          `projects/${project}/global/firewallPolicies/${policy}/rules/${String(priority)}`,
          `${what}-${called}`,
          {
            firewallPolicy: policy,
            direction,
            priority,
            action,
            disabled: false,
            enableLogging: true,
            match: {
              ...(direction === "EGRESS" ? { destIpRanges: [range] } : { srcIpRanges: [range] }),
              layer4Configs: [
                action === "allow" ? { ipProtocol: "tcp", ports: ["443"] } : { ipProtocol: "all" },
              ],
            },
            ...(account === undefined ? {} : { targetServiceAccounts: [account] }),
          },
        );
      }
      for (let index = 0; index < subnetsOfZone; index += 1) {
        const subnet = `subnet-${called}-${String(index)}`;
        const { id: subnetwork } = add(
          "gcp:compute/subnetwork:Subnetwork",
          `projects/${project}/regions/${region}/subnetworks/${subnet}`,
          subnet,
          {
            name: subnet,
            region,
            network: networkId,
            ipCidrRange: prefix(zone, index),
            stackType: "IPV4_ONLY",
            privateIpGoogleAccess: false,
          },
        );
        for (let instance = 0; zone !== "phi" && instance < instancesOfSubnet; instance += 1) {
          const name = `instance-${called}-${String(index)}-${String(instance)}`;
          add(
            "gcp:compute/instance:Instance",
            `projects/${project}/zones/${region}-a/instances/${name}`,
            name,
            {
              name,
              zone: `${region}-a`,
              machineType: "e2-small",
              canIpForward: false,
              networkInterfaces: [{ network: networkId, subnetwork }],
              serviceAccount: { email: accountOf(zone, index), scopes: ["cloud-platform"] },
              labels: { "bulkhead-zone": zone },
            },
          );
        }
      }
    }
    for (let index = 0; index < bucketsOfNetwork; index += 1) {
      const name = `records-${String(network)}-${String(index)}`;
      add("gcp:storage/bucket:Bucket", name, name, {
        name,
        location: "US-CENTRAL1",
        publicAccessPrevention: "enforced",
        uniformBucketLevelAccess: true,
        labels: { "bulkhead-zone": "phi" },
      });
    }
  }
  // Networks have no labels: a component says whose they are.
  resources.push({
    urn: "urn:pulumi:bench::bench::hospital:index:Zones::zones",
    type: "hospital:index:Zones",
    name: "zones",
    inputs: {},
    outputs: { zoneMembers: members },
    parent: undefined,
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    protect: false,
    providerInputs: undefined,
  });
  return resources;
}
