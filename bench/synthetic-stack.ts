import type { StackResource } from "../policy-pack/stack-resource";

/** The seed's recurrence is that of "Numerical Recipes"; the bench needs the same stack each time, no more. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
}

const zones = ["gateway", "processing", "phi"] as const;

/**
 * A stranger's AWS stack of about a given size: VPCs of three zones with two subnets each, their route tables and
 * associations, and for each zone security groups with standalone rules between neighbours on 443. It is accepted.
 */
export function syntheticStack(size: number): readonly StackResource[] {
  const resources: StackResource[] = [];
  const next = numbers(7);
  const add = (type: string, name: string, inputs: Readonly<Record<string, unknown>>): string => {
    const id = `${name}-id`;
    resources.push({
      urn: `urn:pulumi:bench::bench::${type}::${name}`,
      type,
      name,
      inputs,
      outputs: { ...inputs, id },
      parent: undefined,
      dependencies: [],
      propertyDependencies: {},
      ignoreChanges: [],
      protect: false,
      providerInputs: { region: "us-east-1" },
    });
    return id;
  };
  for (let network = 0; resources.length < size; network += 1) {
    const vpc = add("aws:ec2/vpc:Vpc", `vpc-${String(network)}`, {
      cidrBlock: `10.${String(network % 256)}.0.0/16`,
    });
    const groups = new Map<string, readonly string[]>();
    zones.forEach((zone, index) => {
      const tags = { "bulkhead-zone": zone };
      for (const half of [0, 1]) {
        const name = `${zone}-${String(network)}-${String(half)}`;
        const subnet = add("aws:ec2/subnet:Subnet", `subnet-${name}`, {
          vpcId: vpc,
          cidrBlock: `10.${String(network % 256)}.${String(index * 2 + half)}.0/24`,
          mapPublicIpOnLaunch: false,
          tags,
        });
        const table = add("aws:ec2/routeTable:RouteTable", `table-${name}`, { vpcId: vpc, tags });
        add("aws:ec2/routeTableAssociation:RouteTableAssociation", `association-${name}`, {
          subnetId: subnet,
          routeTableId: table,
        });
      }
      groups.set(
        zone,
        Array.from({ length: 12 }, (_, member) =>
          add("aws:ec2/securityGroup:SecurityGroup", `group-${zone}-${String(network)}-${String(member)}`, {
            vpcId: vpc,
            tags,
          }),
        ),
      );
    });
    for (const [from, to] of [
      ["gateway", "processing"],
      ["processing", "processing"],
      ["processing", "phi"],
    ] as const) {
      for (let rule = 0; rule < 20 && resources.length < size; rule += 1) {
        const pick = (zone: string): string => {
          const ofZone = groups.get(zone) ?? [];
          return ofZone[next() % ofZone.length] ?? "";
        };
        const [source, destination] = [pick(from), pick(to)];
        const name = `${from}-${to}-${String(network)}-${String(rule)}`;
        const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
        add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `in-${name}`, {
          ...https,
          securityGroupId: destination,
          referencedSecurityGroupId: source,
        });
        add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", `out-${name}`, {
          ...https,
          securityGroupId: source,
          referencedSecurityGroupId: destination,
        });
      }
    }
  }
  return resources;
}
