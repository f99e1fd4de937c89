import type { Sketch } from "../stack-sketch";
import { amend, type Inputs } from "./changed-case";
import { inZone } from "./corpus-case";

/** A certificate that another stack looks after. */
export const certificateArn =
  "arn:aws:acm:us-east-1:111122223333:certificate/6f9b1a52-3c77-4d1c-9a35-0f1f4b9f3d11";

/** What a listener that ends no TLS of its own cannot have. */
export const noTls: Inputs = {
  sslPolicy: undefined,
  certificateArn: undefined,
  mutualAuthentication: undefined,
};

/** The certificate authorities that a load balancer trusts, with what they have revoked. */
function trustStore(stack: Sketch): string {
  const store = stack.add("aws:lb/trustStore:TrustStore", "trust-store", {
    caCertificatesBundleS3Bucket: "clinic-authorities",
    caCertificatesBundleS3Key: "authorities.pem",
    caCertificatesBundleS3ObjectVersion: "qXk3P2yVn0c1T8hZ",
    tags: inZone("gateway"),
  });
  stack.add("aws:lb/trustStoreRevocation:TrustStoreRevocation", "revocations", {
    trustStoreArn: `${store}.arn`,
    revocationsS3Bucket: "clinic-authorities",
    revocationsS3Key: "revoked.pem",
    revocationsS3ObjectVersion: "c8Yd0QmS4uR7LwBe",
  });
  return store;
}

/** The same types of resource under other names. */
interface Spelling {
  readonly loadBalancer: string;
  readonly targetGroup: string;
  readonly listener: string;
}

/** How `aws.lb` spells them. */
const lb: Spelling = {
  loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  listener: "aws:lb/listener:Listener",
};

/**
 * An entrance that is right: a load balancer in the gateway zone that speaks TLS 1.3 alone, verifies the certificates
 * of its clients, and encrypts again what it sends to its targets.
 *
 * Names: `load-balancer`, `targets`, `trust-store`, `revocations`, `listener`.
 */
export function entrance(stack: Sketch, spelling: Spelling = lb): Sketch {
  const balancer = stack.add(spelling.loadBalancer, "load-balancer", {
    loadBalancerType: "application",
    internal: false,
    subnets: [stack.id("gateway-subnet")],
    securityGroups: [stack.id("gateway-group")],
    dropInvalidHeaderFields: true,
    tags: inZone("gateway"),
  });
  const targets = stack.add(spelling.targetGroup, "targets", {
    protocol: "HTTPS",
    port: 443,
    targetType: "ip",
    vpcId: stack.id("vpc"),
    healthCheck: { protocol: "HTTPS", path: "/healthz" },
    tags: inZone("processing"),
  });
  stack.add(spelling.listener, "listener", {
    loadBalancerArn: `${balancer}.arn`,
    protocol: "HTTPS",
    port: 443,
    sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
    certificateArn,
    mutualAuthentication: {
      mode: "verify",
      trustStoreArn: `${trustStore(stack)}.arn`,
      ignoreClientCertificateExpiry: false,
      advertiseTrustStoreCaNames: "on",
    },
    defaultActions: [{ type: "forward", targetGroupArn: `${targets}.arn` }],
    tags: inZone("gateway"),
  });
  return stack;
}

/** The entrance as a network load balancer, whose TLS listener verifies its clients as well. */
export function networkEntrance(stack: Sketch): Sketch {
  entrance(stack);
  amend(stack, "load-balancer", { loadBalancerType: "network", dropInvalidHeaderFields: undefined });
  return amend(amend(stack, "targets", { protocol: "TLS" }), "listener", { protocol: "TLS" });
}

/**
 * The entrance in Cloud Control's provider, under CloudFormation's names. Its names are those of {@link entrance}.
 */
export function nativeEntrance(stack: Sketch): Sketch {
  const balancer = stack.add("aws-native:elasticloadbalancingv2:LoadBalancer", "load-balancer", {
    type: "application",
    scheme: "internet-facing",
    subnets: [stack.id("gateway-subnet")],
    securityGroups: [stack.id("gateway-group")],
    tags: [{ key: "bulkhead-zone", value: "gateway" }],
  });
  const targets = stack.add("aws-native:elasticloadbalancingv2:TargetGroup", "targets", {
    protocol: "HTTPS",
    port: 443,
    targetType: "ip",
    vpcId: stack.id("vpc"),
    healthCheckProtocol: "HTTPS",
    healthCheckPath: "/healthz",
    tags: [{ key: "bulkhead-zone", value: "processing" }],
  });
  stack.add("aws-native:elasticloadbalancingv2:Listener", "listener", {
    loadBalancerArn: `${balancer}.loadBalancerArn`,
    protocol: "HTTPS",
    port: 443,
    sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
    certificates: [{ certificateArn }],
    mutualAuthentication: { mode: "verify", trustStoreArn: `${trustStore(stack)}.arn` },
    defaultActions: [{ type: "forward", targetGroupArn: `${targets}.targetGroupArn` }],
  });
  return stack;
}

/** A network of an office that is in no zone: `office-vpc`, `office-subnet` and `office-group`. */
export function office(stack: Sketch): Sketch {
  const vpc = stack.add("aws:ec2/vpc:Vpc", "office-vpc", {
    cidrBlock: "10.9.0.0/16",
    enableDnsSupport: false,
  });
  stack.add("aws:ec2/subnet:Subnet", "office-subnet", { vpcId: vpc, cidrBlock: "10.9.1.0/24" });
  stack.add("aws:ec2/securityGroup:SecurityGroup", "office-group", { vpcId: vpc });
  return stack;
}
