import { describe, expect, it } from "vitest";

import { amend } from "./corpus/changed-case";
import { base, inZone } from "./corpus/corpus-case";
import { cluster, database, foreignAccount, ownAccount, place, type Place } from "./corpus/stranger-pieces";
import { refusals } from "./refusals";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const reached = (verdict: "open" | "undetermined", by: string, what: string): string =>
  `${verdict} ${by}: The PHI zone's network is joined to others: ${what}.`;

describe.each(knowledges)("a network in a service network of VPC Lattice, %s", (knowledge) => {
  const associated = (
    vpcIdentifier: string,
    stack = base(knowledge),
    more: Inputs = {},
  ): readonly string[] => {
    stack.add("aws:vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation", "association", {
      serviceNetworkIdentifier: "sn-0123456789abcdef0",
      vpcIdentifier,
      ...more,
    });
    return refusals(stack);
  };
  const calls = "what is in it calls the services of a service network";

  it("is refused where it holds a subnet of the PHI zone, and accepted where it does not", () => {
    const stack = base(knowledge);
    expect(associated(place(stack, "elsewhere").vpc, stack)).toEqual([]);
    expect(associated(base(knowledge).id("vpc"))).toEqual([reached("open", "association", calls)]);
  });

  it("is refused where it holds nothing of the PHI zone but a filter", () => {
    const stack = base(knowledge);
    const { vpc, group } = place(stack, "elsewhere");
    expect(group).toBe(stack.id("other-group"));
    amend(stack, "other-group", { tags: inZone("phi") });
    expect(associated(vpc, stack)).toEqual([reached("open", "association", calls)]);
  });

  it("is refused where it holds nothing of the PHI zone but a subnet", () => {
    const stack = base(knowledge);
    const { vpc } = place(stack, "elsewhere");
    amend(stack, "other-subnet", { tags: inZone("phi") });
    expect(associated(vpc, stack)).toContain(reached("open", "association", calls));
  });

  it("is refused where the stack does not make it, and the PHI zone is in it", () => {
    const stack = base(knowledge);
    for (const name of ["phi-subnet", "phi-routes", "phi-group"]) {
      amend(stack, name, { vpcId: "vpc-0123456789abcdef0" });
    }
    expect(associated("vpc-0123456789abcdef0", stack.copy())).toContain(
      reached("open", "association", calls),
    );
    expect(associated("vpc-11111111111111111", stack.copy())).not.toContain(
      reached("open", "association", calls),
    );
  });

  it("is undetermined where it is not known which it is", () => {
    expect(associated(unknownText)).toEqual([reached("undetermined", "association", calls)]);
  });

  it("is refused where the association says that it is the PHI zone's", () => {
    const stack = base(knowledge);
    expect(associated(place(stack, "elsewhere").vpc, stack, { tags: inZone("phi") })).toEqual([
      reached("open", "association", calls),
    ]);
  });
});

describe.each(knowledges)("a resource for service networks, %s", (knowledge) => {
  /** A stack that offers something by a gateway, and has a database in the PHI zone and one elsewhere. */
  const offered = (
    definition: unknown,
    where: Place = "elsewhere",
    change: (stack: Sketch) => unknown = () => undefined,
    endpoints: Readonly<Record<string, string>> = {},
  ): readonly string[] => {
    const stack = base(knowledge);
    cluster(stack, "phi");
    cluster(stack, "plain");
    const { vpc, subnet, group } = place(stack, where);
    stack.add("aws:vpclattice/resourceGateway:ResourceGateway", "resource-gateway", {
      vpcId: vpc,
      subnetIds: [subnet],
      securityGroupIds: [group],
    });
    stack.add("aws:vpclattice/resourceConfiguration:ResourceConfiguration", "resource", {
      resourceGatewayIdentifier: stack.id("resource-gateway"),
      resourceConfigurationDefinition: definition,
    });
    change(stack);
    return refusals(stack, (resources) =>
      resources.map((resource) =>
        resource.name in endpoints
          ? { ...resource, outputs: { ...resource.outputs, endpoint: endpoints[resource.name] } }
          : resource,
      ),
    );
  };
  const arn = (name: string, account = ownAccount): unknown => ({
    arnResource: { arn: `arn:aws:rds:us-east-1:${account}:cluster:${name}` },
  });
  const host = (domainName: string): unknown => ({ dnsResource: { domainName, ipAddressType: "IPV4" } });
  const ip = (ipAddress: string): unknown => ({ ipResource: { ipAddress } });
  const ofDatabase = (kind: string): string =>
    `${kind}-cluster.cluster-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com`;
  const isPhi = [reached("open", "resource", "Cluster phi-cluster is offered to service networks")];
  const mayBePhi = [reached("undetermined", "resource", "what is in it may be offered to service networks")];

  it.each([
    ["the ARN of a database in it", arn("phi-cluster"), isPhi],
    ["the ARN of a database in it, in other letters", arn("PHI-Cluster"), isPhi],
    ["the host of a database in it", host(ofDatabase("phi")), isPhi],
    ["the ARN of another database", arn("plain-cluster"), []],
    ["the ARN of another account's database", arn("phi-cluster", foreignAccount), []],
    ["the host of another database", host(ofDatabase("plain")), []],
    ["a host that is nobody's, by a gateway that does not reach it", host("records.example.com"), []],
    ["an address, by a gateway that does not reach it", ip("10.0.3.7"), []],
    ["an ARN that is not known", { arnResource: { arn: unknownText } }, mayBePhi],
    ["a host that is not known", host(unknownText), mayBePhi],
    ["an address that is not known", ip(unknownText), mayBePhi],
    ["something that is not known", unknownText, mayBePhi],
    ["nothing", undefined, []],
  ])("outside of the PHI zone names %s", (_name, definition, expected) => {
    expect(offered(definition)).toEqual(expected);
  });

  it.each([
    ["the ARN of another database", arn("plain-cluster"), []],
    ["the host of another database", host(ofDatabase("plain")), []],
    ["a host that may be anybody's", host("records.example.com"), mayBePhi],
    [
      "an address in the PHI zone",
      ip("10.0.3.7"),
      [reached("open", "resource", "10.0.3.7 is offered to service networks")],
    ],
    ["an address outside of the PHI zone", ip("10.0.2.7"), []],
  ])("by a gateway in the PHI zone's network names %s", (_name, definition, expected) => {
    expect(offered(definition, "processing")).toEqual(expected);
  });

  it("may be a database whose name is not known", () => {
    const renamed = (stack: Sketch): unknown =>
      amend(stack, "phi-cluster", { clusterIdentifier: unknownText });
    expect(offered(arn("records"), "elsewhere", renamed)).toEqual([
      reached("undetermined", "resource", "Cluster phi-cluster is offered to service networks"),
    ]);
    expect(offered(arn("plain-cluster"), "elsewhere", renamed)).toEqual([]);
  });

  it("is what the database is from which its ARN comes, whether or not that is known", () => {
    const by = (kind: string, where: Place): readonly string[] =>
      offered({ arnResource: { arn: `aws:rds/cluster:Cluster::${kind}-cluster-id.arn` } }, where);
    expect(by("phi", "elsewhere")).toEqual(isPhi);
    expect(by("plain", "elsewhere")).toEqual([]);
    expect(by("plain", "processing")).toEqual([]);
  });

  it("is a database in the PHI zone by its instance as well", () => {
    const named = (name: string): readonly string[] =>
      offered(
        { arnResource: { arn: `arn:aws:rds:us-east-1:${ownAccount}:db:${name}` } },
        "elsewhere",
        (stack) => database(stack, "phi"),
      );
    expect(named("phi-db")).toEqual([
      reached("open", "resource", "Instance phi-db is offered to service networks"),
    ]);
    expect(named("plain-db")).toEqual([]);
  });

  it("is what the database is whose endpoint it names, by whatever name", () => {
    const named = host("records.example.com");
    expect(offered(named, "elsewhere", undefined, { "phi-cluster": "records.example.com" })).toEqual(isPhi);
    expect(offered(named, "processing", undefined, { "plain-cluster": "records.example.com" })).toEqual([]);
  });

  it("may be anything where its name comes from something that is no database", () => {
    const byRecord = (where: Place): readonly string[] =>
      offered(host("aws:route53/record:Record::record-id.fqdn"), where, (stack) =>
        stack.add("aws:route53/record:Record", "record", { name: "records", type: "CNAME", ttl: 60 }),
      );
    expect(byRecord("processing")).toEqual(mayBePhi);
    expect(byRecord("elsewhere")).toEqual([]);
  });

  it("by a gateway that is not known may be in the PHI zone", () => {
    const by = (resourceGatewayIdentifier: string): readonly string[] =>
      offered(host("records.example.com"), "elsewhere", (stack) =>
        amend(stack, "resource", { resourceGatewayIdentifier }),
      );
    expect(by(unknownText)).toEqual(mayBePhi);
    expect(by("rgw-0123456789abcdef0")).toEqual([]);
    const inExistingNetwork = offered(host("records.example.com"), "elsewhere", (stack) => {
      amend(stack, "phi-subnet", { vpcId: "vpc-0123456789abcdef0" });
      amend(stack, "resource", { resourceGatewayIdentifier: "rgw-0123456789abcdef0" });
    });
    expect(inExistingNetwork).toContain(mayBePhi[0]);
  });

  it("says itself that it is the PHI zone's", () => {
    expect(
      offered(arn("plain-cluster"), "elsewhere", (stack) =>
        amend(stack, "resource", { tags: inZone("phi") }),
      ),
    ).toEqual([reached("open", "resource", "ResourceConfiguration resource is offered to service networks")]);
  });
});
