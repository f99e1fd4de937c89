import { unknownText, type Sketch } from "./stack-sketch";
import type { Case } from "./stranger-corpus";

type Inputs = Readonly<Record<string, unknown>>;

const gateway = { "bulkhead-zone": "gateway" };
const processing = { "bulkhead-zone": "processing" };

export const listenerType = "aws:lb/listener:Listener";
export const targetGroupType = "aws:lb/targetGroup:TargetGroup";
export const foreign =
  "arn:aws:elasticloadbalancing:us-east-1:444455556666:truststore/other/0123456789abcdef";

/** A load balancer of the gateway zone that verifies its clients, and encrypts what it sends on; adds to it. */
export function withListener(stack: Sketch, inputs: Inputs = {}): Sketch {
  const vpc = stack.id("vpc");
  const subnet = stack.add("aws:ec2/subnet:Subnet", "gateway-subnet", {
    vpcId: vpc,
    cidrBlock: "10.0.10.0/24",
    tags: gateway,
  });
  const routes = stack.add("aws:ec2/routeTable:RouteTable", "gateway-routes", { vpcId: vpc });
  stack.add("aws:ec2/routeTableAssociation:RouteTableAssociation", "gateway-association", {
    subnetId: subnet,
    routeTableId: routes,
  });
  const group = stack.add("aws:ec2/securityGroup:SecurityGroup", "gateway-group", {
    vpcId: vpc,
    tags: gateway,
  });
  const balancer = stack.add("aws:lb/loadBalancer:LoadBalancer", "balancer", {
    loadBalancerType: "application",
    internal: true,
    subnets: [subnet],
    securityGroups: [group],
  });
  const store = stack.add("aws:lb/trustStore:TrustStore", "store", {
    caCertificatesBundleS3Bucket: "authorities-1",
    caCertificatesBundleS3Key: "authorities.pem",
    caCertificatesBundleS3ObjectVersion: "1",
  });
  stack.add("aws:lb/trustStoreRevocation:TrustStoreRevocation", "revocation", {
    trustStoreArn: store,
    revocationsS3Bucket: "authorities-1",
    revocationsS3Key: "revoked.pem",
  });
  const targets = stack.add(targetGroupType, "targets", {
    vpcId: vpc,
    targetType: "ip",
    port: 443,
    protocol: "HTTPS",
    healthCheck: { protocol: "HTTPS" },
  });
  stack.add(listenerType, "listener", {
    loadBalancerArn: balancer,
    port: 443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
    mutualAuthentication: { mode: "verify", trustStoreArn: store, ignoreClientCertificateExpiry: false },
    defaultActions: [{ type: "forward", targetGroupArn: targets }],
    ...inputs,
  });
  return stack;
}

/** Takes a property away. */
function without(stack: Sketch, name: string, key: string): void {
  stack.change(name, (inputs) =>
    Object.fromEntries(Object.entries(inputs).filter(([candidate]) => candidate !== key)),
  );
}

function changed(stack: Sketch, name: string, inputs: Inputs): Sketch {
  return stack.change(name, (others) => ({ ...others, ...inputs }));
}

/** The listener's settings of mutual authentication, changed. */
function authenticating(stack: Sketch, inputs: Inputs): void {
  withListener(stack).change("listener", (others) => ({
    ...others,
    mutualAuthentication: { ...(others["mutualAuthentication"] as Inputs), ...inputs },
  }));
}

/** A second group of targets, in plain text or not. */
function otherTargets(stack: Sketch, protocol: string): string {
  return stack.add(targetGroupType, "other-targets", {
    vpcId: stack.id("vpc"),
    targetType: "ip",
    port: 443,
    protocol,
    healthCheck: { protocol: "HTTPS" },
  });
}

function weighted(stack: Sketch, protocol: string): void {
  withListener(stack);
  const other = otherTargets(stack, protocol);
  changed(stack, "listener", {
    defaultActions: [
      {
        type: "forward",
        forward: {
          targetGroups: [
            { arn: stack.id("targets"), weight: 9 },
            { arn: other, weight: 1 },
          ],
        },
      },
    ],
  });
}

function ruled(stack: Sketch, protocol: string): void {
  withListener(stack);
  const other = otherTargets(stack, protocol);
  stack.add("aws:lb/listenerRule:ListenerRule", "rule", {
    listenerArn: stack.id("listener"),
    priority: 1,
    conditions: [{ pathPattern: { values: ["/other/*"] } }],
    actions: [{ type: "forward", targetGroupArn: other }],
  });
}

/** A network load balancer in the place of the application load balancer. */
function network(stack: Sketch, listener: Inputs, targets: Inputs): void {
  withListener(stack, { protocol: "TLS", ...listener });
  changed(stack, "balancer", { loadBalancerType: "network" });
  changed(stack, "targets", { protocol: "TLS", healthCheck: { protocol: "TCP" }, ...targets });
}

const signIn = {
  type: "authenticate-oidc",
  order: 1,
  authenticateOidc: { issuer: "https://sign-in.example", onUnauthenticatedRequest: "authenticate" },
};

function classic(stack: Sketch, tags: Inputs): void {
  stack.add("aws:elb/loadBalancer:LoadBalancer", "classic", {
    listeners: [{ lbPort: 443, lbProtocol: "https", instancePort: 443, instanceProtocol: "https" }],
    tags,
  });
}

function httpApi(stack: Sketch, api: Inputs, domain: Inputs): void {
  stack.add("aws:apigatewayv2/api:Api", "api", {
    protocolType: "HTTP",
    disableExecuteApiEndpoint: true,
    tags: gateway,
    ...api,
  });
  stack.add("aws:apigatewayv2/domainName:DomainName", "domain", {
    domainName: "api.hospital.example",
    domainNameConfiguration: { endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    mutualTlsAuthentication: { truststoreUri: "s3://authorities-1/authorities.pem", truststoreVersion: "1" },
    ...domain,
  });
  stack.add("aws:apigatewayv2/apiMapping:ApiMapping", "mapping", {
    apiId: stack.id("api"),
    domainName: stack.id("domain"),
    stage: "live",
  });
}

function restApi(stack: Sketch, api: Inputs, domain: Inputs): void {
  stack.add("aws:apigateway/restApi:RestApi", "api", {
    disableExecuteApiEndpoint: true,
    tags: gateway,
    ...api,
  });
  stack.add("aws:apigateway/domainName:DomainName", "domain", {
    domainName: "api.hospital.example",
    securityPolicy: "TLS_1_2",
    mutualTlsAuthentication: { truststoreUri: "s3://authorities-1/authorities.pem", truststoreVersion: "1" },
    tags: gateway,
    ...domain,
  });
}

/** An API that says no zone, in front of what a link leads to. */
function linkedApi(stack: Sketch, api: Inputs): void {
  withListener(stack);
  stack.add("aws:apigatewayv2/vpcLink:VpcLink", "link", {
    subnetIds: [stack.id("gateway-subnet")],
    securityGroupIds: [],
  });
  stack.add("aws:apigatewayv2/api:Api", "api", { protocolType: "HTTP", ...api });
  stack.add("aws:apigatewayv2/integration:Integration", "integration", {
    apiId: stack.id("api"),
    integrationType: "HTTP_PROXY",
    connectionType: "VPC_LINK",
    connectionId: stack.id("link"),
  });
}

function distribution(stack: Sketch, inputs: Inputs): void {
  const store = stack.add("aws:cloudfront/trustStore:TrustStore", "edge-store", { name: "edge" });
  stack.add("aws:cloudfront/distribution:Distribution", "distribution", {
    enabled: true,
    defaultCacheBehavior: { viewerProtocolPolicy: "https-only" },
    orderedCacheBehaviors: [{ pathPattern: "/a/*", viewerProtocolPolicy: "https-only" }],
    origins: [
      {
        originId: "hospital",
        domainName: "origin.hospital.example",
        customOriginConfig: { originProtocolPolicy: "https-only" },
      },
    ],
    viewerCertificate: { minimumProtocolVersion: "TLSv1.3_2025" },
    viewerMtlsConfig: {
      mode: "required",
      trustStoreConfig: { trustStoreId: store, ignoreCertificateExpiry: false },
    },
    tags: gateway,
    ...inputs,
  });
}

function lattice(
  stack: Sketch,
  { service, listener, targets }: { service?: Inputs; listener?: Inputs; targets?: Inputs },
): void {
  const id = stack.add("aws:vpclattice/service:Service", "service", {
    authType: "AWS_IAM",
    tags: processing,
    ...service,
  });
  stack.add("aws:vpclattice/authPolicy:AuthPolicy", "service-policy", {
    resourceIdentifier: id,
    policy: JSON.stringify({ Statement: [] }),
  });
  const group = stack.add("aws:vpclattice/targetGroup:TargetGroup", "service-targets", {
    type: "IP",
    config: { protocol: "TCP", port: 443, vpcIdentifier: stack.id("vpc") },
    ...targets,
  });
  stack.add("aws:vpclattice/listener:Listener", "service-listener", {
    serviceIdentifier: id,
    protocol: "TLS_PASSTHROUGH",
    port: 443,
    defaultAction: { forwards: [{ targetGroups: [{ targetGroupIdentifier: group }] }] },
    ...listener,
  });
}

function serviceNetwork(stack: Sketch, inputs: Inputs): void {
  const id = stack.add("aws:vpclattice/serviceNetwork:ServiceNetwork", "services", {
    tags: processing,
    ...inputs,
  });
  stack.add("aws:vpclattice/authPolicy:AuthPolicy", "services-policy", {
    resourceIdentifier: id,
    policy: JSON.stringify({ Statement: [] }),
  });
}

function ecs(stack: Sketch, inputs: Inputs): void {
  withListener(stack);
  stack.add("aws:ecs/service:Service", "rag", {
    networkConfiguration: { subnets: [stack.id("gateway-subnet")], securityGroups: [] },
    ...inputs,
  });
}

function meshed(stack: Sketch, listener: Inputs, inputs: Inputs = {}): void {
  const mesh = stack.add("aws:appmesh/mesh:Mesh", "mesh", { name: "mesh", tags: processing });
  stack.add("aws:appmesh/virtualNode:VirtualNode", "node", {
    meshName: mesh,
    spec: {
      listeners: [
        {
          portMapping: { port: 443, protocol: "http" },
          tls: {
            mode: "STRICT",
            certificate: { sds: { secretName: "node" } },
            validation: { trust: { sds: { secretName: "authorities" } } },
          },
          ...listener,
        },
      ],
      ...inputs,
    },
  });
}

export function cache(stack: Sketch, inputs: Inputs): void {
  withListener(stack);
  stack.add("aws:elasticache/subnetGroup:SubnetGroup", "cache-subnets", {
    subnetIds: [stack.id("gateway-subnet")],
  });
  stack.add("aws:elasticache/replicationGroup:ReplicationGroup", "cache", {
    subnetGroupName: stack.id("cache-subnets"),
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    ...inputs,
  });
}

export function search(stack: Sketch, inputs: Inputs): void {
  withListener(stack);
  stack.add("aws:opensearch/domain:Domain", "search", {
    vpcOptions: { subnetIds: [stack.id("gateway-subnet")] },
    domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
    nodeToNodeEncryption: { enabled: true },
    ...inputs,
  });
}

function kafka(stack: Sketch, inputs: Inputs): void {
  withListener(stack);
  stack.add("aws:msk/cluster:Cluster", "kafka", {
    brokerNodeGroupInfo: { clientSubnets: [stack.id("gateway-subnet")], securityGroups: [] },
    encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } },
    clientAuthentication: { sasl: { iam: true }, unauthenticated: false },
    ...inputs,
  });
}

function database(stack: Sketch, parameters: Inputs): void {
  withListener(stack);
  stack.add("aws:rds/clusterParameterGroup:ClusterParameterGroup", "parameters", {
    family: "aurora-postgresql16",
    ...parameters,
  });
  stack.add("aws:rds/subnetGroup:SubnetGroup", "database-subnets", {
    subnetIds: [stack.id("gateway-subnet")],
  });
  stack.add("aws:rds/cluster:Cluster", "database", {
    engine: "aurora-postgresql",
    dbSubnetGroupName: stack.id("database-subnets"),
    dbClusterParameterGroupName: stack.id("parameters"),
  });
}

const forced = { name: "rds.force_ssl", value: "1" };

/** Ways to leave an end of a connection unproved, each beside the nearest configuration that proves both. */
export const transportCorpus: readonly Case[] = [
  ...(["HTTP", "UDP", "TCP_UDP", "TCP", "QUIC"] as const).map((protocol): Case => ({
    name: `a listener that speaks ${protocol}`,
    bad: (s) => withListener(s, { protocol }),
    good: (s) => withListener(s, { protocol: "https" }),
  })),
  {
    name: "a listener that names no protocol",
    bad: (s) => {
      without(withListener(s), "listener", "protocol");
    },
    good: (s) => withListener(s),
  },
  {
    name: "a listener on port 80 that only sends clients elsewhere",
    bad: (s) => {
      withListener(s).add(listenerType, "redirect", {
        loadBalancerArn: s.id("balancer"),
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
        ],
      });
    },
    good: (s) =>
      withListener(s, {
        defaultActions: [
          { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } },
        ],
      }),
  },
  {
    name: "a listener that verifies its clients on port 80",
    bad: (s) => withListener(s, { port: 80 }),
    good: (s) => withListener(s, { port: 8443 }),
  },
  {
    name: "a listener that passes TCP through",
    bad: (s) => {
      network(s, { protocol: "TCP" }, { protocol: "TCP" });
    },
    good: (s) => {
      network(s, {}, {});
    },
  },
  {
    name: "a network load balancer that asks no client for a certificate",
    bad: (s) => {
      network(s, { mutualAuthentication: undefined }, {});
    },
    good: (s) => {
      network(s, {}, {});
    },
  },
  {
    name: "a network load balancer that sends on what it decrypts",
    bad: (s) => {
      network(s, {}, { protocol: "TCP" });
    },
    good: (s) => {
      network(s, {}, { protocol: "tls" });
    },
  },
  {
    name: "a listener that asks no client for a certificate",
    bad: (s) => {
      without(withListener(s), "listener", "mutualAuthentication");
    },
    good: (s) => withListener(s),
  },
  ...(["off", "passthrough", "Verify", undefined] as const).map((mode): Case => ({
    name: `a listener with mutual authentication ${mode ?? "without a mode"}`,
    bad: (s) => {
      authenticating(s, { mode });
    },
    good: (s) => {
      authenticating(s, { mode: "verify", advertiseTrustStoreCaNames: "on" });
    },
  })),
  {
    name: "a listener that takes expired certificates",
    bad: (s) => {
      authenticating(s, { ignoreClientCertificateExpiry: true });
    },
    good: (s) => {
      authenticating(s, { ignoreClientCertificateExpiry: undefined });
    },
  },
  ...([undefined, foreign] as const).map((trustStoreArn): Case => ({
    name:
      trustStoreArn === undefined ? "a listener without a trust store" : "a trust store of somebody else's",
    bad: (s) => {
      authenticating(s, { trustStoreArn });
    },
    good: (s) => withListener(s),
  })),
  {
    name: "a listener that lets people sign in instead",
    bad: (s) => {
      withListener(s, { mutualAuthentication: undefined });
      changed(s, "listener", {
        defaultActions: [signIn, { type: "forward", order: 2, targetGroupArn: s.id("targets") }],
      });
    },
    good: (s) => {
      withListener(s);
      changed(s, "listener", {
        defaultActions: [signIn, { type: "forward", order: 2, targetGroupArn: s.id("targets") }],
      });
    },
  },
  ...(
    [
      [undefined, "ELBSecurityPolicy-TLS13-1-3-2021-06"],
      ["ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04"],
      ["ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"],
      ["ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09"],
      ["ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04", "ELBSecurityPolicy-TLS13-1-3-2021-06"],
      ["mine-TLS13-1-3", "ELBSecurityPolicy-TLS13-1-3-2021-06"],
    ] as const
  ).map(([old, recent]): Case => ({
    name: `a listener with ${old ?? "no"} policy of TLS`,
    bad: (s) => withListener(s, { sslPolicy: old }),
    good: (s) => withListener(s, { sslPolicy: recent }),
  })),
  ...(["HTTP", "UDP", undefined] as const).map((protocol): Case => ({
    name: `targets that are spoken to ${protocol === undefined ? "as nothing says" : `over ${protocol}`}`,
    bad: (s) => changed(withListener(s), "targets", { protocol }),
    good: (s) => changed(withListener(s), "targets", { protocol: "https" }),
  })),
  {
    name: "a health check in plain text on the port of the traffic",
    bad: (s) => changed(withListener(s), "targets", { healthCheck: { protocol: "HTTP" } }),
    good: (s) => changed(withListener(s), "targets", { healthCheck: { protocol: "HTTP", port: "9901" } }),
  },
  {
    name: "a health check that names no protocol",
    bad: (s) => {
      without(withListener(s), "targets", "healthCheck");
    },
    good: (s) => withListener(s),
  },
  {
    name: "a health check in plain text that names the port of the traffic",
    bad: (s) => changed(withListener(s), "targets", { healthCheck: { protocol: "http", port: "443" } }),
    good: (s) => changed(withListener(s), "targets", { healthCheck: { protocol: "HTTPS", port: "443" } }),
  },
  {
    name: "one of two weighted groups of targets in plain text",
    bad: (s) => {
      weighted(s, "HTTP");
    },
    good: (s) => {
      weighted(s, "HTTPS");
    },
  },
  {
    name: "a rule that forwards to targets in plain text",
    bad: (s) => {
      ruled(s, "HTTP");
    },
    good: (s) => {
      ruled(s, "HTTPS");
    },
  },
  {
    name: "targets that the stack does not show",
    bad: (s) => withListener(s, { defaultActions: [{ type: "forward", targetGroupArn: foreign }] }),
    good: (s) => withListener(s),
  },
  {
    name: "targets of the gateway zone in plain text, to which nothing forwards yet",
    bad: (s) => s.add(targetGroupType, "waiting", { port: 80, protocol: "HTTP", tags: gateway }),
    good: (s) => s.add(targetGroupType, "waiting", { port: 80, protocol: "HTTP" }),
  },
  {
    name: "a listener of the gateway zone that no load balancer of the stack has",
    bad: (s) =>
      s.add(listenerType, "waiting", { loadBalancerArn: foreign, port: 80, protocol: "HTTP", tags: gateway }),
    good: (s) => {
      const other = s.add("aws:lb/loadBalancer:LoadBalancer", "elsewhere", { internal: true });
      s.add(listenerType, "waiting", { loadBalancerArn: other, port: 80, protocol: "HTTP" });
    },
  },
  {
    name: "a listener of a load balancer that is not in the stack",
    bad: (s) => s.add(listenerType, "waiting", { loadBalancerArn: foreign, port: 80, protocol: "HTTP" }),
    good: (s) => {
      const store = s.add("aws:lb/trustStore:TrustStore", "store", {});
      s.add(listenerType, "waiting", {
        loadBalancerArn: foreign,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
        mutualAuthentication: { mode: "verify", trustStoreArn: store },
      });
    },
  },
  {
    name: "a classic load balancer",
    bad: (s) => {
      classic(s, gateway);
    },
    good: (s) => {
      classic(s, {});
    },
  },
  {
    name: "a classic load balancer in a subnet of a zone",
    bad: (s) => {
      classic(withListener(s), {});
      changed(s, "classic", { subnets: [s.id("gateway-subnet")] });
    },
    good: (s) => {
      classic(withListener(s), {});
    },
  },
  {
    name: "a domain of an HTTP API that asks no client for a certificate",
    bad: (s) => {
      httpApi(s, {}, { mutualTlsAuthentication: undefined });
    },
    good: (s) => {
      httpApi(s, {}, {});
    },
  },
  {
    name: "a domain of an HTTP API with an old policy of TLS",
    bad: (s) => {
      httpApi(s, {}, { domainNameConfiguration: { securityPolicy: "TLS_1_0" } });
    },
    good: (s) => {
      httpApi(s, {}, {});
    },
  },
  {
    name: "an HTTP API that answers past its domain",
    bad: (s) => {
      httpApi(s, { disableExecuteApiEndpoint: undefined }, {});
    },
    good: (s) => {
      httpApi(s, {}, {});
    },
  },
  {
    name: "an API that says no zone itself, under a domain of one",
    bad: (s) => {
      httpApi(s, { tags: undefined, disableExecuteApiEndpoint: false }, { tags: gateway });
    },
    good: (s) => {
      httpApi(s, { tags: undefined, disableExecuteApiEndpoint: false }, { tags: {} });
    },
  },
  {
    name: "an API that answers everybody in front of a zone",
    bad: (s) => {
      linkedApi(s, {});
    },
    good: (s) => {
      linkedApi(s, { disableExecuteApiEndpoint: true });
    },
  },
  {
    name: "a domain of a REST API that asks no client for a certificate",
    bad: (s) => {
      restApi(s, {}, { mutualTlsAuthentication: undefined });
    },
    good: (s) => {
      restApi(s, {}, {});
    },
  },
  {
    name: "a domain of a REST API without a policy of TLS",
    bad: (s) => {
      restApi(s, {}, { securityPolicy: undefined });
    },
    good: (s) => {
      restApi(s, {}, {});
    },
  },
  {
    name: "a REST API that answers past its domain",
    bad: (s) => {
      restApi(s, { disableExecuteApiEndpoint: false }, {});
    },
    good: (s) => {
      restApi(s, {}, {});
    },
  },
  ...(
    [
      ["without viewers' certificates", { viewerMtlsConfig: undefined }],
      [
        "with somebody else's trust store",
        { viewerMtlsConfig: { mode: "required", trustStoreConfig: { trustStoreId: "ts-0123" } } },
      ],
      ["with TLS 1.2", { viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2021" } }],
      ["with the cloud's own certificate", { viewerCertificate: { cloudfrontDefaultCertificate: true } }],
      ["that answers without TLS", { defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" } }],
      [
        "that answers without TLS on some paths",
        { orderedCacheBehaviors: [{ pathPattern: "/a/*", viewerProtocolPolicy: "allow-all" }] },
      ],
      [
        "that asks its origin in plain text",
        { origins: [{ originId: "a", customOriginConfig: { originProtocolPolicy: "http-only" } }] },
      ],
    ] as const
  ).map(([what, inputs]): Case => ({
    name: `a distribution ${what}`,
    bad: (s) => {
      distribution(s, inputs);
    },
    good: (s) => {
      distribution(s, { defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" } });
    },
  })),
  {
    name: "a distribution that asks viewers for certificates, and takes those without",
    bad: (s) => {
      distribution(s, {});
      s.change("distribution", (inputs) => ({
        ...inputs,
        viewerMtlsConfig: { ...(inputs["viewerMtlsConfig"] as Inputs), mode: "optional" },
      }));
    },
    good: (s) => {
      distribution(s, {});
    },
  },
  ...(["HTTP", "HTTPS", undefined] as const).map((protocol): Case => ({
    name: `a listener of VPC Lattice with ${protocol ?? "no protocol"}`,
    bad: (s) => {
      lattice(s, { listener: { protocol } });
    },
    good: (s) => {
      lattice(s, {});
    },
  })),
  ...(["NONE", undefined] as const).map((authType): Case => ({
    name: `a service of VPC Lattice with authorisation ${authType ?? "left out"}`,
    bad: (s) => {
      lattice(s, { service: { authType } });
    },
    good: (s) => {
      lattice(s, { service: { authType: "NONE", tags: {} } });
    },
  })),
  {
    name: "a network of services without authorisation",
    bad: (s) => {
      serviceNetwork(s, {});
    },
    good: (s) => {
      serviceNetwork(s, { authType: "AWS_IAM" });
    },
  },
  ...(["HTTP", undefined] as const).map((protocol): Case => ({
    name: `targets of VPC Lattice with ${protocol ?? "no protocol"}`,
    bad: (s) => {
      lattice(s, { targets: { config: { protocol, port: 443 } } });
    },
    good: (s) => {
      lattice(s, { targets: { config: { protocol: "HTTPS", port: 443 } } });
    },
  })),
  {
    name: "a service that others call by Service Connect in plain text",
    bad: (s) => {
      ecs(s, { serviceConnectConfiguration: { enabled: true, services: [{ portName: "https" }] } });
    },
    good: (s) => {
      ecs(s, { serviceConnectConfiguration: { enabled: false, services: [{ portName: "https" }] } });
    },
  },
  {
    name: "a service that others call by Service Connect with TLS, which is one-way",
    bad: (s) => {
      ecs(s, {
        serviceConnectConfiguration: {
          enabled: true,
          services: [{ portName: "https", tls: { issuerCertAuthority: { awsPcaAuthorityArn: foreign } } }],
        },
      });
    },
    good: (s) => {
      ecs(s, { serviceConnectConfiguration: { enabled: true, services: [] } });
    },
  },
  ...(
    [
      ["without TLS", { tls: undefined }, {}],
      ["that may speak without TLS", { tls: { mode: "PERMISSIVE", validation: { trust: {} } } }, {}],
      ["that asks for no certificate", { tls: { mode: "STRICT" } }, {}],
      [
        "that calls without TLS where it has to",
        {},
        { backendDefaults: { clientPolicy: { tls: { enforce: false } } } },
      ],
    ] as const
  ).map(([what, listener, inputs]): Case => ({
    name: `a proxy of App Mesh ${what}`,
    bad: (s) => {
      meshed(s, listener, inputs);
    },
    good: (s) => {
      meshed(s, {}, { backendDefaults: { clientPolicy: { tls: { validation: {} } } } });
    },
  })),
  ...(
    [
      ["without encryption in transit", { transitEncryptionEnabled: undefined }],
      ["with encryption for those who like", { transitEncryptionMode: "preferred" }],
    ] as const
  ).map(([what, inputs]): Case => ({
    name: `a cache ${what}`,
    bad: (s) => {
      cache(s, inputs);
    },
    good: (s) => {
      cache(s, { transitEncryptionMode: undefined });
    },
  })),
  ...(
    [
      ["that takes HTTP", { domainEndpointOptions: undefined }],
      ["with an old policy", { domainEndpointOptions: { tlsSecurityPolicy: "Policy-Min-TLS-1-0-2019-07" } }],
      ["whose nodes speak plainly", { nodeToNodeEncryption: { enabled: false } }],
    ] as const
  ).map(([what, inputs]): Case => ({
    name: `a search domain ${what}`,
    bad: (s) => {
      search(s, inputs);
    },
    good: (s) => {
      search(s, { domainEndpointOptions: { tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" } });
    },
  })),
  ...(
    [
      [
        "that take plain text",
        { encryptionInfo: { encryptionInTransit: { clientBroker: "TLS_PLAINTEXT" } } },
      ],
      ["that speak plainly to each other", { encryptionInfo: { encryptionInTransit: { inCluster: false } } }],
      ["that take anybody", { clientAuthentication: { sasl: { iam: true }, unauthenticated: true } }],
    ] as const
  ).map(([what, inputs]): Case => ({
    name: `brokers ${what}`,
    bad: (s) => {
      kafka(s, inputs);
    },
    good: (s) => {
      kafka(s, { encryptionInfo: undefined });
    },
  })),
  ...(
    [
      ["leave TLS to clients", { parameters: [] }],
      ["forbid nothing", { parameters: [{ name: "rds.force_ssl", value: "0" }] }],
      ["say two things", { parameters: [forced, { name: "rds.force_ssl", value: "0" }] }],
    ] as const
  ).map(([what, inputs]): Case => ({
    name: `parameters of a database that ${what}`,
    bad: (s) => {
      database(s, inputs);
    },
    good: (s) => {
      database(s, { parameters: [{ name: "log_connections", value: "1" }, forced] });
    },
  })),
];

/** What only a platform of ours has to have, or nothing is open without. */
export const transportAdvice: readonly Case[] = [
  {
    name: "a trust store of which no version is named",
    bad: (s) => {
      without(withListener(s), "store", "caCertificatesBundleS3ObjectVersion");
    },
    good: (s) => withListener(s),
  },
  {
    name: "a trust store without a list of revoked certificates",
    bad: (s) => withListener(s).remove("revocation"),
    good: (s) => withListener(s),
  },
  {
    name: "a service of VPC Lattice without a policy",
    bad: (s) => {
      lattice(s, {});
      s.remove("service-policy");
    },
    good: (s) => {
      lattice(s, {});
    },
  },
  {
    name: "brokers of which nothing says how clients prove who they are",
    bad: (s) => {
      kafka(s, { clientAuthentication: undefined });
    },
    good: (s) => {
      kafka(s, {});
    },
  },
  {
    name: "a database without parameters of the stack",
    bad: (s) => {
      database(s, { parameters: [forced] });
      without(s, "database", "dbClusterParameterGroupName");
    },
    good: (s) => {
      database(s, { parameters: [forced] });
    },
  },
  {
    name: "a bundle of authorities of which no version is named",
    bad: (s) => {
      httpApi(s, {}, { mutualTlsAuthentication: { truststoreUri: "s3://authorities-1/authorities.pem" } });
    },
    good: (s) => {
      httpApi(s, {}, {});
    },
  },
];

/** Values that decide: hidden, nothing proves that both ends are proved. By resource, and the keys that lead to it. */
export const decisive: readonly {
  readonly what: string;
  readonly build: (stack: Sketch) => unknown;
  readonly hidden: readonly (readonly [string, string])[];
}[] = [
  {
    what: "an application load balancer",
    build: (s) => withListener(s),
    hidden: [
      ["listener", "port"],
      ["listener", "protocol"],
      ["listener", "sslPolicy"],
      ["listener", "mutualAuthentication"],
      ["listener", "mutualAuthentication.mode"],
      ["listener", "mutualAuthentication.ignoreClientCertificateExpiry"],
      ["targets", "protocol"],
      ["targets", "healthCheck"],
      ["targets", "healthCheck.protocol"],
    ],
  },
  {
    what: "targets whose port for health checks is another",
    build: (s) => changed(withListener(s), "targets", { healthCheck: { protocol: "HTTP", port: "9901" } }),
    hidden: [
      ["targets", "port"],
      ["targets", "healthCheck.port"],
    ],
  },
  {
    what: "an HTTP API",
    build: (s) => {
      httpApi(s, {}, {});
    },
    hidden: [
      ["api", "disableExecuteApiEndpoint"],
      ["domain", "mutualTlsAuthentication"],
      ["domain", "domainNameConfiguration.securityPolicy"],
    ],
  },
  {
    what: "a REST API",
    build: (s) => {
      restApi(s, {}, {});
    },
    hidden: [
      ["api", "disableExecuteApiEndpoint"],
      ["domain", "mutualTlsAuthentication.truststoreUri"],
      ["domain", "securityPolicy"],
    ],
  },
  {
    what: "a distribution",
    build: (s) => {
      distribution(s, {});
    },
    hidden: [
      ["distribution", "viewerMtlsConfig"],
      ["distribution", "viewerMtlsConfig.mode"],
      ["distribution", "viewerMtlsConfig.trustStoreConfig.ignoreCertificateExpiry"],
      ["distribution", "viewerCertificate.minimumProtocolVersion"],
      ["distribution", "defaultCacheBehavior.viewerProtocolPolicy"],
      ["distribution", "orderedCacheBehaviors"],
      ["distribution", "origins.0.customOriginConfig.originProtocolPolicy"],
    ],
  },
  {
    what: "a service of VPC Lattice",
    build: (s) => {
      lattice(s, {});
    },
    hidden: [
      ["service", "authType"],
      ["service-listener", "protocol"],
      ["service-targets", "config"],
      ["service-targets", "config.protocol"],
    ],
  },
  {
    what: "a service without Service Connect",
    build: (s) => {
      ecs(s, { serviceConnectConfiguration: { enabled: false, services: [{ portName: "https" }] } });
    },
    hidden: [
      ["rag", "serviceConnectConfiguration"],
      ["rag", "serviceConnectConfiguration.enabled"],
    ],
  },
  {
    what: "a proxy of App Mesh",
    build: (s) => {
      meshed(s, {});
    },
    hidden: [
      ["node", "spec"],
      ["node", "spec.listeners"],
      ["node", "spec.listeners.0.tls.mode"],
      ["node", "spec.listeners.0.tls.validation"],
    ],
  },
  {
    what: "a cache",
    build: (s) => {
      cache(s, {});
    },
    hidden: [
      ["cache", "transitEncryptionEnabled"],
      ["cache", "transitEncryptionMode"],
    ],
  },
  {
    what: "a search domain",
    build: (s) => {
      search(s, {});
    },
    hidden: [
      ["search", "domainEndpointOptions"],
      ["search", "domainEndpointOptions.enforceHttps"],
      ["search", "domainEndpointOptions.tlsSecurityPolicy"],
      ["search", "nodeToNodeEncryption.enabled"],
    ],
  },
  {
    what: "brokers",
    build: (s) => {
      kafka(s, {});
    },
    hidden: [
      ["kafka", "encryptionInfo.encryptionInTransit.clientBroker"],
      ["kafka", "encryptionInfo.encryptionInTransit.inCluster"],
      ["kafka", "clientAuthentication.unauthenticated"],
    ],
  },
  {
    what: "a database",
    build: (s) => {
      database(s, { parameters: [forced] });
    },
    hidden: [
      ["parameters", "family"],
      ["parameters", "parameters"],
      ["parameters", "parameters.0.name"],
      ["parameters", "parameters.0.value"],
    ],
  },
];

/** A listener whose trust store, targets or load balancer come from something that is not known. */
export const unreadable: readonly Case[] = [
  {
    name: "a trust store that is not known",
    bad: (s) => {
      authenticating(s, { trustStoreArn: unknownText });
      s.remove("revocation").remove("store");
    },
    good: (s) => withListener(s),
  },
  {
    name: "targets that are not known",
    bad: (s) => withListener(s, { defaultActions: [{ type: "forward", targetGroupArn: unknownText }] }),
    good: (s) => withListener(s),
  },
  {
    name: "actions that are not known",
    bad: (s) => withListener(s, { defaultActions: unknownText }),
    good: (s) => withListener(s),
  },
  {
    name: "a listener in plain text of a load balancer that is not known",
    bad: (s) => s.add(listenerType, "waiting", { loadBalancerArn: unknownText, port: 80, protocol: "HTTP" }),
    good: (s) => withListener(s),
  },
  {
    name: "a rule of a listener that is not known, to targets in plain text",
    bad: (s) => {
      ruled(s, "HTTP");
      changed(s, "rule", { listenerArn: unknownText });
    },
    good: (s) => {
      ruled(s, "HTTPS");
      changed(s, "rule", { listenerArn: unknownText });
    },
  },
];
