import { describe, expect, it } from "vitest";

import { absences } from "../../docs/absences";
import { gcpAbsences } from "../../docs/gcp-absences";
import type { Finding } from "../../policy-pack/finding";

import { azureBase } from "./corpus/azure-base";
import { giveSubnet, networkInterface, removeRules } from "./corpus/azure-network-pieces";
import { models, search, storage, vault } from "./corpus/azure-service-pieces";
import { amend } from "./corpus/changed-case";
import { base, inZone } from "./corpus/corpus-case";
import { findingKey } from "./finding-key";
import { judge } from "./judge-on-a-day";
import { leavingsOnGoogle } from "./leavings-on-google";
import type { Knowledge, Sketch } from "./stack-sketch";

type Change = (stack: Sketch) => unknown;

const image = { ami: "ami-0123456789abcdef0", instanceType: "m7g.large" };
const defaultGroup: Change = (stack) =>
  stack.add("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default-group", { vpcId: stack.id("vpc") });
const balancer =
  (inputs: Readonly<Record<string, unknown>>): Change =>
  (stack) =>
    stack.add("aws:lb/loadBalancer:LoadBalancer", "balancer", {
      subnets: [stack.id("phi-subnet")],
      securityGroups: [stack.id("phi-group")],
      ...inputs,
    });
const instance: Change = (stack) =>
  stack.add("aws:ec2/instance:Instance", "instance", { ...image, subnetId: stack.id("phi-subnet") });
const inGroup = (stack: Sketch): Readonly<Record<string, unknown>> => ({
  subnetIds: [stack.id("phi-subnet")],
  securityGroupIds: [stack.id("phi-group")],
});

/** What leaves the property of each row away, in a stack that is right otherwise. */
const leavings: Readonly<Record<string, Change>> = {
  "aws security group without egress": (stack) =>
    stack.add("aws:ec2/securityGroup:SecurityGroup", "group", {
      vpcId: stack.id("vpc"),
      tags: inZone("phi"),
    }),
  "aws-native security group without egress": (stack) =>
    stack.add("aws-native:ec2:SecurityGroup", "group", {
      vpcId: stack.id("vpc"),
      groupDescription: "stores",
      tags: [{ key: "bulkhead-zone", value: "phi" }],
    }),
  "aws instance without a security group": instance,
  "aws instance without a security group, default group emptied": (stack) => {
    defaultGroup(stack);
    instance(stack);
  },
  "aws network load balancer without a security group": balancer({
    internal: true,
    loadBalancerType: "network",
    securityGroups: undefined,
  }),
  "aws load balancer without internal": balancer({}),
  "aws subnet without a network ACL": () => undefined,
  "aws network ACL without entries": (stack) =>
    stack.add("aws:ec2/networkAclAssociation:NetworkAclAssociation", "acl-association", {
      subnetId: stack.id("phi-subnet"),
      networkAclId: stack.add("aws:ec2/networkAcl:NetworkAcl", "acl", { vpcId: stack.id("vpc") }),
    }),
  "aws subnet without a route table": (stack) => stack.remove("phi-association"),
  "aws subnet without a route table, in a network that is only read": (stack) =>
    stack
      .remove("phi-association")
      .change("phi-subnet", (inputs) => ({ ...inputs, vpcId: "vpc-0123456789abcdef0" })),
  "aws subnet without a route table, main table emptied": (stack) => {
    stack.remove("phi-association");
    stack.add("aws:ec2/defaultRouteTable:DefaultRouteTable", "main", {
      defaultRouteTableId: `${stack.id("vpc")}.defaultRouteTableId`,
      routes: [],
    });
  },
  "aws subnet without mapPublicIpOnLaunch": () => undefined,
  "aws network without enableDnsSupport, and code in the PHI zone": (stack) => {
    stack.change("vpc", ({ cidrBlock }) => ({ cidrBlock }));
    stack.add("aws:ec2/instance:Instance", "instance", {
      ...image,
      subnetId: stack.id("phi-subnet"),
      vpcSecurityGroupIds: [stack.id("phi-group")],
    });
  },
  "aws endpoint without a policy": (stack) =>
    stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
      vpcId: stack.id("vpc"),
      vpcEndpointType: "Interface",
      serviceName: "com.amazonaws.us-east-1.s3",
      ...inGroup(stack),
    }),
  "aws function without vpcConfig": (stack) =>
    stack.add("aws:lambda/function:Function", "function", { role: "role", tags: inZone("phi") }),
  "aws search domain without vpcOptions": (stack) =>
    stack.add("aws:opensearch/domain:Domain", "search", { tags: inZone("phi") }),
  "aws database without publiclyAccessible": (stack) =>
    stack.add("aws:rds/instance:Instance", "database", {
      instanceClass: "db.t4g.micro",
      storageEncrypted: true,
      dbSubnetGroupName: stack.add("aws:rds/subnetGroup:SubnetGroup", "subnets", {
        subnetIds: [stack.id("phi-subnet")],
      }),
      vpcSecurityGroupIds: [stack.id("phi-group")],
    }),
  "aws notebook without directInternetAccess": (stack) =>
    stack.add("aws:sagemaker/notebookInstance:NotebookInstance", "notebook", {
      instanceType: "ml.t3.medium",
      roleArn: "role",
      subnetId: stack.id("phi-subnet"),
      securityGroups: [stack.id("phi-group")],
    }),
  "tls key on a curve that is not named": (stack) =>
    stack.add("tls:index/privateKey:PrivateKey", "key", { algorithm: "ECDSA" }),
  "tls certificate that is not renewed early": (stack) =>
    stack.add("tls:index/locallySignedCert:LocallySignedCert", "leaf", {
      validityPeriodHours: 2160,
      allowedUses: ["digital_signature", "server_auth", "client_auth"],
    }),
};

/** A property of the PHI subnet, left away. */
const fromSubnet =
  (...keys: readonly string[]): Change =>
  (stack) =>
    giveSubnet(stack, "phi", Object.fromEntries(keys.map((key) => [key, undefined])));

/** The same on Azure. */
const leavingsOnAzure: Readonly<Record<string, Change>> = {
  "azure subnet without a network security group": fromSubnet("networkSecurityGroup"),
  "azure network security group without rules": (stack) =>
    amend(stack, "phi-nsg", { securityRules: undefined }),
  "azure network security group whose last denial is missing": (stack) => removeRules(stack, "deny-out"),
  "azure subnet without defaultOutboundAccess": fromSubnet("defaultOutboundAccess"),
  "azure subnet without a route table": fromSubnet("routeTable"),
  "azure subnet without a route table and without defaultOutboundAccess": fromSubnet(
    "routeTable",
    "defaultOutboundAccess",
  ),
  "azure subnet without privateEndpointNetworkPolicies": (stack) => {
    storage(stack, "phi");
    fromSubnet("privateEndpointNetworkPolicies")(stack);
  },
  "azure route table without disableBgpRoutePropagation": (stack) =>
    amend(stack, "phi-routes", { disableBgpRoutePropagation: undefined }),
  "azure network interface without a network security group": (stack) => networkInterface(stack, "phi"),
  "azure network without dhcpOptions": () => undefined,
  "azure storage account without publicNetworkAccess": (stack) =>
    storage(stack, "phi", { publicNetworkAccess: undefined }),
  "azure storage account without allowSharedKeyAccess": (stack) =>
    storage(stack, "phi", { allowSharedKeyAccess: undefined }),
  "azure storage account without allowedCopyScope": (stack) =>
    storage(stack, "phi", { allowedCopyScope: undefined }),
  "azure search service without publicNetworkAccess": (stack) =>
    search(stack, "phi", { publicNetworkAccess: undefined }),
  "azure search service without dataExfiltrationProtections": (stack) =>
    search(stack, "phi", { dataExfiltrationProtections: undefined }),
  "azure AI account without restrictOutboundNetworkAccess": (stack) =>
    models(stack, "phi", { restrictOutboundNetworkAccess: undefined }),
  "azure vault without networkAcls": (stack) => vault(stack, "phi", { networkAcls: undefined }),
};

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

it("has a stack for each row of the table, and for no other", () => {
  expect([...Object.keys(leavings), ...Object.keys(leavingsOnAzure)].sort()).toEqual(
    absences.map(({ id }) => id).sort(),
  );
  expect(Object.keys(leavingsOnGoogle).sort()).toEqual(gcpAbsences.map(({ id }) => id).sort());
});

describe.each(knowledges)("absence, %s", (knowledge) => {
  it.each(absences)("of $id is $verdict", ({ id, provider, verdict }) => {
    const isOnAzure = provider === "azure-native";
    const stack = isOnAzure ? azureBase(knowledge) : base(knowledge);
    (isOnAzure ? leavingsOnAzure : leavings)[id]?.(stack);
    const refusing = judge(stack.resources(), { dryRun: knowledge === "preview" }).findings.filter(
      ({ level, summary }) => level === "mandatory" && (isOnAzure || !/TLS|signed/.test(summary)),
    );
    if (verdict === "closed") {
      expect(refusing).toEqual([]);
    } else {
      expect(refusing.map((finding) => finding.verdict)).toContain(verdict);
    }
  });
});

/** What the verdict does not hang on, whether it is said or not. */
const sameEitherWay: readonly string[] = ["gcp subnet without privateIpGoogleAccess"];

describe.each(knowledges)("absence on Google Cloud, %s", (knowledge) => {
  const found = (id: string, side: "told" | "left"): readonly Finding[] => {
    const leaving = leavingsOnGoogle[id];
    const stack = leaving?.base(knowledge);
    if (leaving === undefined || stack === undefined) {
      throw new Error(`no stack of ${id}`);
    }
    leaving[side](stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" }).findings;
  };
  const without = (findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] => {
    const known = new Set(others.map(findingKey));
    return findings.filter((finding) => !known.has(findingKey(finding)));
  };
  const refusing = (findings: readonly Finding[]): readonly Finding[] =>
    findings.filter(({ level }) => level === "mandatory");

  it.each(gcpAbsences)("of $id is $verdict, and what says it otherwise is not", ({ id, verdict }) => {
    const left = found(id, "left");
    const told = found(id, "told");
    const [accepted, other] = verdict === "closed" || verdict === "advised" ? [left, told] : [told, left];
    expect(refusing(accepted)).toEqual([]);
    if (verdict === "closed") {
      expect(without(other, accepted).length > 0).toBe(!sameEitherWay.includes(id));
    } else if (verdict === "advised") {
      expect(refusing(other)).toEqual([]);
      expect(without(accepted, other)).not.toEqual([]);
    } else {
      expect(refusing(other).map((finding) => finding.verdict)).toContain(verdict);
    }
  });
});
