import { Sketch } from "../stack-sketch";
import { amend, changed, type Inputs } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";
import { certificateArn, entrance, nativeEntrance, networkEntrance, noTls, office } from "./entrance";

const gateway = inZone("gateway");
const processing = inZone("processing");
const phi = inZone("phi");

/** A case in which the listener of an entrance has other inputs. */
function listener(id: string, name: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return changed(id, name, entrance, "listener", bad, good);
}

/** The entrance of an office, which is in no zone. */
function officeEntrance(stack: Sketch): Sketch {
  entrance(office(stack));
  const untagged = { tags: undefined };
  amend(stack, "load-balancer", {
    subnets: [stack.id("office-subnet")],
    securityGroups: [stack.id("office-group")],
    ...untagged,
  });
  amend(stack, "targets", { vpcId: stack.id("office-vpc"), ...untagged });
  amend(stack, "trust-store", untagged);
  return amend(stack, "listener", untagged);
}

/** Plain HTTP that says nowhere that it is in a zone: only where its load balancer is says so. */
function plainListenerOf(loadBalancer: (stack: Sketch) => Inputs): (stack: Sketch) => Sketch {
  return (stack) =>
    amend(
      amend(officeEntrance(stack), "load-balancer", { subnets: undefined, ...loadBalancer(stack) }),
      "listener",
      { protocol: "HTTP", ...noTls },
    );
}

const atOffice = (stack: Sketch): Inputs => ({ subnets: [stack.id("office-subnet")] });

const alb = {
  loadBalancer: "aws:alb/loadBalancer:LoadBalancer",
  targetGroup: "aws:alb/targetGroup:TargetGroup",
  listener: "aws:alb/listener:Listener",
};

function legacy(service: string): typeof alb {
  return {
    loadBalancer: `aws:${service}/loadBalancer:LoadBalancer`,
    targetGroup: `aws:${service}/targetGroup:TargetGroup`,
    listener: `aws:${service}/listener:Listener`,
  };
}

const forward = (stack: Sketch): Inputs => ({
  type: "forward",
  targetGroupArn: `${stack.id("targets")}.arn`,
});

/** A second group of targets, beside those that are right. */
function moreTargets(stack: Sketch, protocol: string): string {
  return stack.add("aws:lb/targetGroup:TargetGroup", "more-targets", {
    protocol,
    port: 443,
    targetType: "ip",
    vpcId: stack.id("vpc"),
    healthCheck: { protocol: "HTTPS" },
    tags: processing,
  });
}

function weighted(protocol: string): (stack: Sketch) => Sketch {
  return (stack) => {
    entrance(stack);
    const more = moreTargets(stack, protocol);
    const targetGroups = [stack.id("targets"), more].map((group) => ({ arn: `${group}.arn`, weight: 50 }));
    return amend(stack, "listener", { defaultActions: [{ type: "forward", forward: { targetGroups } }] });
  };
}

function ruled(protocol: string): (stack: Sketch) => unknown {
  return (stack) => {
    entrance(stack);
    return stack.add("aws:lb/listenerRule:ListenerRule", "rule", {
      listenerArn: `${stack.id("listener")}.arn`,
      priority: 10,
      conditions: [{ pathPattern: { values: ["/fhir/*"] } }],
      actions: [{ type: "forward", targetGroupArn: `${moreTargets(stack, protocol)}.arn` }],
    });
  };
}

const authorities = { truststoreUri: "s3://clinic-authorities/authorities.pem", truststoreVersion: "7" };

/** An HTTP API that is right: one name, which verifies its clients, and no way around it. */
function httpApi(stack: Sketch): Sketch {
  const api = stack.add("aws:apigatewayv2/api:Api", "api", {
    protocolType: "HTTP",
    disableExecuteApiEndpoint: true,
    tags: gateway,
  });
  const stage = stack.add("aws:apigatewayv2/stage:Stage", "stage", { apiId: api, name: "live" });
  const name = stack.add("aws:apigatewayv2/domainName:DomainName", "domain-name", {
    domainName: "api.clinic.example",
    domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    mutualTlsAuthentication: authorities,
    tags: gateway,
  });
  stack.add("aws:apigatewayv2/apiMapping:ApiMapping", "mapping", {
    apiId: api,
    domainName: name,
    stage,
  });
  return stack;
}

/** The same for a REST API. A name that verifies its clients can have no newer TLS policy than this one. */
function restApi(stack: Sketch): Sketch {
  const api = stack.add("aws:apigateway/restApi:RestApi", "api", {
    endpointConfiguration: { types: "REGIONAL" },
    disableExecuteApiEndpoint: true,
    tags: gateway,
  });
  const name = stack.add("aws:apigateway/domainName:DomainName", "domain-name", {
    domainName: "api.clinic.example",
    regionalCertificateArn: certificateArn,
    securityPolicy: "TLS_1_2",
    endpointConfiguration: { types: "REGIONAL" },
    mutualTlsAuthentication: authorities,
    tags: gateway,
  });
  stack.add("aws:apigateway/basePathMapping:BasePathMapping", "mapping", {
    restApi: api,
    domainName: name,
    stageName: "live",
  });
  return stack;
}

const https = {
  httpPort: 80,
  httpsPort: 443,
  originProtocolPolicy: "https-only",
  originSslProtocols: ["TLSv1.2"],
};

const cached = {
  targetOriginId: "entrance",
  viewerProtocolPolicy: "https-only",
  allowedMethods: ["GET", "HEAD"],
  cachedMethods: ["GET", "HEAD"],
  cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
};

const viewerTrustStore = "aws:cloudfront/trustStore:TrustStore";
const viewerTrust = { trustStoreId: Sketch.idOf(viewerTrustStore, "viewers") };

/** A distribution that is right: viewers show a certificate, on TLS 1.3, and the origin is reached over TLS. */
function distribution(stack: Sketch): Sketch {
  stack.add(viewerTrustStore, "viewers", {
    caCertificatesBundleSource: {
      caCertificatesBundleS3Location: {
        bucket: "clinic-authorities",
        key: "authorities.pem",
        region: "us-east-1",
        version: "qXk3P2yVn0c1T8hZ",
      },
    },
    tags: gateway,
  });
  stack.add("aws:cloudfront/distribution:Distribution", "distribution", {
    enabled: true,
    aliases: ["portal.clinic.example"],
    httpVersion: "http2",
    origins: [{ originId: "entrance", domainName: "origin.clinic.example", customOriginConfig: https }],
    defaultCacheBehavior: cached,
    viewerCertificate: {
      acmCertificateArn: certificateArn,
      sslSupportMethod: "sni-only",
      minimumProtocolVersion: "TLSv1.3_2025",
    },
    viewerMtlsConfig: { mode: "required", trustStoreConfig: viewerTrust },
    restrictions: { geoRestriction: { restrictionType: "none" } },
    tags: gateway,
  });
  return stack;
}

function viewerTls(minimumProtocolVersion: string): Inputs {
  const certificate = { acmCertificateArn: certificateArn, sslSupportMethod: "sni-only" };
  return { viewerCertificate: { ...certificate, minimumProtocolVersion } };
}

/** A classic load balancer, which can verify no client whatever it listens for. */
function classic(
  type: string,
  lbProtocol: "HTTP" | "HTTPS" | "TCP" | "SSL",
  zone: "gateway" | "office",
): (stack: Sketch) => unknown {
  const isPlain = lbProtocol === "HTTP" || lbProtocol === "TCP";
  return (stack) =>
    office(stack).add(type, "classic", {
      subnets: [stack.id(`${zone}-subnet`)],
      securityGroups: [stack.id(`${zone}-group`)],
      listeners: [
        {
          lbPort: 443,
          lbProtocol,
          instancePort: 443,
          instanceProtocol: lbProtocol,
          ...(isPlain ? {} : { sslCertificateId: certificateArn }),
        },
      ],
    });
}

function classicCase(
  name: string,
  lbProtocol: "HTTP" | "HTTPS" | "TCP" | "SSL",
  service = "elb",
): CorpusCase {
  const type = `aws:${service}/loadBalancer:LoadBalancer`;
  return {
    id: "AM-05",
    name,
    expected: "refused",
    bad: classic(type, lbProtocol, "gateway"),
    good: classic(type, lbProtocol, "office"),
  };
}

const allowProcessing = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111122223333:role/rag-service" },
      Action: "vpc-lattice-svcs:Invoke",
      Resource: "*",
    },
  ],
});

/** The tags of what is in the processing zone; what is in no zone has none. */
const zoned: Inputs = { tags: processing };

/** A Lattice service, or a network of such, that asks who calls. It listens for nothing yet. */
function lattice(
  token: "service:Service" | "serviceNetwork:ServiceNetwork",
  where = zoned,
): (stack: Sketch) => Sketch {
  return (stack) => {
    const service = stack.add(`aws:vpclattice/${token}`, "lattice", { authType: "AWS_IAM", ...where });
    stack.add("aws:vpclattice/authPolicy:AuthPolicy", "lattice-policy", {
      resourceIdentifier: `${service}.arn`,
      policy: allowProcessing,
    });
    return stack;
  };
}

const latticeService = lattice("service:Service");

function latticeListener(name: string, protocol: string): CorpusCase {
  const listening = (where: Inputs) => (stack: Sketch) =>
    lattice(
      "service:Service",
      where,
    )(stack).add("aws:vpclattice/listener:Listener", "lattice-listener", {
      serviceIdentifier: stack.id("lattice"),
      protocol,
      port: 443,
      defaultAction: { fixedResponse: { statusCode: 404 } },
      ...where,
    });
  return { id: "AM-06", name, expected: "refused", bad: listening(zoned), good: listening({}) };
}

function latticeTargets(protocol: string): (stack: Sketch) => unknown {
  return (stack) =>
    stack.add("aws:vpclattice/targetGroup:TargetGroup", "lattice-targets", {
      type: "IP",
      config: { protocol, port: 443, vpcIdentifier: stack.id("vpc") },
      ...zoned,
    });
}

/** A service of containers in the processing zone. */
function containers(stack: Sketch): Sketch {
  stack.add("aws:ecs/service:Service", "rag-service", {
    cluster: "arn:aws:ecs:us-east-1:111122223333:cluster/clinic",
    taskDefinition: "arn:aws:ecs:us-east-1:111122223333:task-definition/rag-service:7",
    launchType: "FARGATE",
    desiredCount: 2,
    networkConfiguration: {
      subnets: [stack.id("processing-subnet")],
      securityGroups: [stack.id("processing-group")],
      assignPublicIp: false,
    },
    tags: processing,
  });
  return stack;
}

function serviceConnect(service: Inputs): Inputs {
  return {
    serviceConnectConfiguration: {
      enabled: true,
      namespace: "arn:aws:servicediscovery:us-east-1:111122223333:namespace/ns-7k3vq2m5n8p4r6t9",
      services: [{ portName: "https", clientAlias: [{ port: 443 }], ...service }],
    },
  };
}

const connectOff: Inputs = { serviceConnectConfiguration: { enabled: false } };

const meshCertificate = {
  file: { certificateChain: "/certs/chain.pem", privateKey: "/certs/key.pem" },
};
const meshTrust = { trust: { file: { certificateChain: "/certs/authorities.pem" } } };

/** A case of App Mesh: the same mesh in the processing zone, and in none. */
function mesh(
  name: string,
  token: "virtualNode:VirtualNode" | "virtualGateway:VirtualGateway",
  spec: Inputs,
): CorpusCase {
  const meshed = (where: Inputs) => (stack: Sketch) => {
    const meshName = stack.add("aws:appmesh/mesh:Mesh", "mesh", {
      spec: { egressFilter: { type: "DROP_ALL" } },
      ...where,
    });
    return stack.add(`aws:appmesh/${token}`, "mesh-member", { meshName, spec, ...where });
  };
  return { id: "AM-08", name, expected: "refused", bad: meshed(zoned), good: meshed({}) };
}

const meshPort = { portMapping: { port: 443, protocol: "http2" } };

/** A database in the PHI zone whose parameter group may or may not insist on TLS. */
function database(
  family: string,
  engine: string,
  parameter: string,
  value: string,
): (stack: Sketch) => Sketch {
  return (stack) => {
    const subnets = stack.add("aws:rds/subnetGroup:SubnetGroup", "database-subnets", {
      subnetIds: [stack.id("phi-subnet")],
      tags: phi,
    });
    const parameters = stack.add("aws:rds/clusterParameterGroup:ClusterParameterGroup", "parameters", {
      family,
      parameters: [{ name: parameter, value }],
      tags: phi,
    });
    stack.add("aws:rds/cluster:Cluster", "database", {
      engine,
      storageEncrypted: true,
      manageMasterUserPassword: true,
      masterUsername: "clinic",
      dbSubnetGroupName: `${subnets}.name`,
      dbClusterParameterGroupName: `${parameters}.name`,
      vpcSecurityGroupIds: [stack.id("phi-group")],
      tags: phi,
    });
    return stack;
  };
}

const postgres = database("aurora-postgresql14", "aurora-postgresql", "rds.force_ssl", "1");
const mysql = database("aurora-mysql8.0", "aurora-mysql", "require_secure_transport", "ON");

function instanceDatabase(stack: Sketch): Sketch {
  const subnets = stack.add("aws:rds/subnetGroup:SubnetGroup", "database-subnets", {
    subnetIds: [stack.id("phi-subnet")],
    tags: phi,
  });
  const parameters = stack.add("aws:rds/parameterGroup:ParameterGroup", "parameters", {
    family: "postgres14",
    parameters: [{ name: "rds.force_ssl", value: "1" }],
    tags: phi,
  });
  stack.add("aws:rds/instance:Instance", "database", {
    engine: "postgres",
    instanceClass: "db.m7g.large",
    allocatedStorage: 100,
    storageEncrypted: true,
    manageMasterUserPassword: true,
    username: "clinic",
    publiclyAccessible: false,
    dbSubnetGroupName: `${subnets}.name`,
    parameterGroupName: `${parameters}.name`,
    vpcSecurityGroupIds: [stack.id("phi-group")],
    tags: phi,
  });
  return stack;
}

function cache(stack: Sketch): Sketch {
  const subnets = stack.add("aws:elasticache/subnetGroup:SubnetGroup", "cache-subnets", {
    subnetIds: [stack.id("phi-subnet")],
    tags: phi,
  });
  stack.add("aws:elasticache/replicationGroup:ReplicationGroup", "cache", {
    description: "Vectors of documents",
    engine: "valkey",
    nodeType: "cache.r7g.large",
    numCacheClusters: 2,
    subnetGroupName: `${subnets}.name`,
    securityGroupIds: [stack.id("phi-group")],
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    tags: phi,
  });
  return stack;
}

const searchEndpoint = { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" };

function search(type: string): (stack: Sketch) => Sketch {
  return (stack) => {
    stack.add(type, "search", {
      vpcOptions: { subnetIds: [stack.id("phi-subnet")], securityGroupIds: [stack.id("phi-group")] },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: searchEndpoint,
      tags: phi,
    });
    return stack;
  };
}

const openSearch = search("aws:opensearch/domain:Domain");

const brokerClients = {
  tls: {
    certificateAuthorityArns: [
      "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/0b8c2f4e-7d19-4a55-8a7e-3c6d1e9f2b40",
    ],
  },
};

function brokers(stack: Sketch): Sketch {
  stack.add("aws:msk/cluster:Cluster", "brokers", {
    kafkaVersion: "3.8.x",
    numberOfBrokerNodes: 2,
    brokerNodeGroupInfo: {
      instanceType: "kafka.m7g.large",
      clientSubnets: [stack.id("phi-subnet")],
      securityGroups: [stack.id("phi-group")],
    },
    encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } },
    clientAuthentication: brokerClients,
    tags: phi,
  });
  return stack;
}

function inTransit(clientBroker: string, inCluster = true): Inputs {
  return { encryptionInfo: { encryptionInTransit: { clientBroker, inCluster } } };
}

const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const onHttps = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };

/** The entrance with a filter of its own around its targets, `server-group`, which admits the load balancer alone. */
function guardedTargets(stack: Sketch): Sketch {
  entrance(stack);
  const group = stack.add("aws:ec2/securityGroup:SecurityGroup", "server-group", {
    vpcId: stack.id("vpc"),
    tags: processing,
  });
  stack.add(ingressRule, "server-from-gateway", {
    securityGroupId: group,
    ...onHttps,
    referencedSecurityGroupId: stack.id("gateway-group"),
  });
  stack.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "gateway-to-server", {
    securityGroupId: stack.id("gateway-group"),
    ...onHttps,
    referencedSecurityGroupId: group,
  });
  stack.add("aws:ec2/securityGroup:SecurityGroup", "bastion-group", {
    vpcId: stack.id("vpc"),
    tags: gateway,
  });
  return stack;
}

/** Targets that are machines. */
function machines(stack: Sketch): Sketch {
  amend(guardedTargets(stack), "targets", { targetType: "instance" });
  const server = stack.add("aws:ec2/instance:Instance", "server", {
    ami: "ami-0a1b2c3d4e5f60718",
    instanceType: "m7g.large",
    subnetId: stack.id("processing-subnet"),
    vpcSecurityGroupIds: [stack.id("server-group")],
    associatePublicIpAddress: false,
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    tags: processing,
  });
  stack.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", "server-attachment", {
    targetGroupArn: `${stack.id("targets")}.arn`,
    targetId: server,
  });
  return stack;
}

/** Targets that are containers. */
function tasks(stack: Sketch): Sketch {
  return amend(containers(guardedTargets(stack)), "rag-service", {
    networkConfiguration: {
      subnets: [stack.id("processing-subnet")],
      securityGroups: [stack.id("server-group")],
      assignPublicIp: false,
    },
    loadBalancers: [
      { targetGroupArn: `${stack.id("targets")}.arn`, containerName: "rag-service", containerPort: 443 },
    ],
  });
}

function admits(
  name: string,
  targets: (stack: Sketch) => Sketch,
  source: (stack: Sketch) => Inputs,
): CorpusCase {
  return {
    id: "AM-16",
    name,
    expected: "refused",
    bad: (stack) => {
      targets(stack).add(ingressRule, "server-from-elsewhere", {
        securityGroupId: stack.id("server-group"),
        ...onHttps,
        ...source(stack),
      });
    },
    good: targets,
  };
}

function inlineIngress(...names: readonly string[]): (stack: Sketch) => Sketch {
  return (stack) =>
    amend(machines(stack).remove("server-from-gateway"), "server-group", {
      ingress: [
        { protocol: "tcp", fromPort: 443, toPort: 443, securityGroups: names.map((name) => stack.id(name)) },
      ],
    });
}

const bastion = (stack: Sketch): Inputs => ({ referencedSecurityGroupId: stack.id("bastion-group") });

/** The checklist of what skips mutual TLS, as to listeners, targets, meshes and stores. */
export const missingMtls: readonly CorpusCase[] = [
  listener("AM-01", "a listener in plain HTTP on 443", { protocol: "HTTP", ...noTls }),
  listener("AM-01", "a listener in plain HTTP on 80", { protocol: "HTTP", port: 80, ...noTls }),
  listener("AM-01", "a listener without a protocol, which is HTTP", { protocol: undefined, ...noTls }),
  {
    id: "AM-01",
    name: "port 80 that only redirects to the listener that is right",
    expected: "refused",
    bad: (stack) => {
      entrance(stack).add("aws:lb/listener:Listener", "redirect", {
        loadBalancerArn: `${stack.id("load-balancer")}.arn`,
        protocol: "HTTP",
        port: 80,
        defaultActions: [
          { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
        ],
        tags: gateway,
      });
    },
    good: entrance,
  },
  ...["TCP", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"].map((protocol) =>
    changed("AM-01", `a network listener that passes ${protocol} through`, networkEntrance, "listener", {
      protocol,
      ...noTls,
    }),
  ),
  changed("AM-01", "a network listener with TLS that asks for no certificate", networkEntrance, "listener", {
    mutualAuthentication: undefined,
  }),
  {
    id: "AM-01",
    name: "plain HTTP on a load balancer whose subnets alone are in a zone",
    expected: "refused",
    bad: plainListenerOf((stack) => ({ subnets: [stack.id("gateway-subnet")], securityGroups: undefined })),
    good: plainListenerOf(atOffice),
  },
  {
    id: "AM-01",
    name: "plain HTTP on a load balancer whose subnet mappings alone are in a zone",
    expected: "refused",
    bad: plainListenerOf((stack) => ({
      subnetMappings: [{ subnetId: stack.id("gateway-subnet") }],
      securityGroups: undefined,
    })),
    good: plainListenerOf((stack) => ({ subnetMappings: [{ subnetId: stack.id("office-subnet") }] })),
  },
  {
    id: "AM-01",
    name: "plain HTTP on a load balancer whose security group alone is in a zone",
    expected: "refused",
    bad: plainListenerOf((stack) => {
      const subnet = { vpcId: stack.id("vpc"), cidrBlock: "10.0.8.0/24" };
      return {
        subnets: [stack.add("aws:ec2/subnet:Subnet", "unnamed-subnet", subnet)],
        securityGroups: [stack.id("gateway-group")],
      };
    }),
    good: plainListenerOf(atOffice),
  },
  {
    id: "AM-01",
    name: "plain HTTP on an internal load balancer of the processing zone",
    expected: "refused",
    bad: plainListenerOf((stack) => ({
      internal: true,
      subnets: [stack.id("processing-subnet")],
      securityGroups: [stack.id("processing-group")],
    })),
    good: plainListenerOf((stack) => ({ internal: true, ...atOffice(stack) })),
  },
  changed(
    "AM-01",
    "plain HTTP of a zone on a load balancer of another stack",
    (stack) => {
      amend(entrance(stack), "listener", {
        loadBalancerArn:
          "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/clinic/50dc6c495c0c9188",
      });
      return stack.remove("load-balancer");
    },
    "listener",
    { protocol: "HTTP", ...noTls },
  ),

  listener("AM-02", "no word of client certificates", { mutualAuthentication: undefined }),
  listener("AM-02", "client certificates off", { mutualAuthentication: { mode: "off" } }),
  listener("AM-02", "client certificates passed through, and verified by nobody", {
    mutualAuthentication: { mode: "passthrough" },
  }),
  {
    id: "AM-02",
    name: "client certificates that may have expired",
    expected: "refused",
    bad: (stack) =>
      amend(entrance(stack), "listener", {
        mutualAuthentication: {
          mode: "verify",
          trustStoreArn: `${stack.id("trust-store")}.arn`,
          ignoreClientCertificateExpiry: true,
        },
      }),
    good: (stack) =>
      amend(entrance(stack), "listener", {
        mutualAuthentication: { mode: "verify", trustStoreArn: `${stack.id("trust-store")}.arn` },
      }),
  },
  listener("AM-02", "client certificates verified against nothing", {
    mutualAuthentication: { mode: "verify" },
  }),
  listener("AM-02", "client certificates verified against another account's trust store", {
    mutualAuthentication: {
      mode: "verify",
      trustStoreArn: "arn:aws:elasticloadbalancing:us-east-1:999988887777:truststore/theirs/6d0ecf831eec9f09",
    },
  }),
  listener("AM-02", "a mode that is not one", { mutualAuthentication: { mode: "required" } }),
  {
    id: "AM-02",
    name: "client certificates as old state has them",
    expected: "refused",
    bad: (stack) => entrance(stack).withOptions("listener", { ignoreChanges: ["mutualAuthentication"] }),
    good: (stack) => entrance(stack).withOptions("listener", { ignoreChanges: ["tcpIdleTimeoutSeconds"] }),
  },
  {
    id: "AM-02",
    name: "a second listener of the same load balancer that asks for no certificate",
    expected: "refused",
    bad: (stack) => {
      entrance(stack).add("aws:lb/listener:Listener", "second-listener", {
        loadBalancerArn: `${stack.id("load-balancer")}.arn`,
        protocol: "HTTPS",
        port: 8443,
        sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
        certificateArn,
        defaultActions: [forward(stack)],
      });
    },
    good: entrance,
  },
  ...Object.entries({
    "authenticate-oidc": {
      authenticateOidc: {
        issuer: "https://login.clinic.example",
        authorizationEndpoint: "https://login.clinic.example/authorize",
        tokenEndpoint: "https://login.clinic.example/token",
        userInfoEndpoint: "https://login.clinic.example/userinfo",
        clientId: "portal",
        clientSecret: "from-the-vault",
        onUnauthenticatedRequest: "authenticate",
      },
    },
    "authenticate-cognito": {
      authenticateCognito: {
        userPoolArn: "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_Ab12Cd34E",
        userPoolClientId: "4h57k9m2n3p4q5r6s7t8u9v0w1",
        userPoolDomain: "clinic",
        onUnauthenticatedRequest: "authenticate",
      },
    },
    "jwt-validation": {
      jwtValidation: {
        issuer: "https://login.clinic.example",
        jwksEndpoint: "https://login.clinic.example/.well-known/jwks.json",
      },
    },
  }).map(([type, action]): CorpusCase => ({
    id: "AM-02",
    name: `${type} in the place of client certificates`,
    expected: "refused",
    bad: (stack) =>
      amend(entrance(stack), "listener", {
        mutualAuthentication: undefined,
        defaultActions: [
          { type, order: 1, ...action },
          { order: 2, ...forward(stack) },
        ],
      }),
    good: (stack) =>
      amend(entrance(stack), "listener", {
        defaultActions: [
          { type, order: 1, ...action },
          { order: 2, ...forward(stack) },
        ],
      }),
  })),

  listener("AM-03", "no TLS policy, which is that of 2016", { sslPolicy: undefined }),
  ...[
    ["ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-3-2021-06"],
    ["ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04"],
    ["ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"],
    ["ELBSecurityPolicy-TLS13-1-0-2021-06", "ELBSecurityPolicy-TLS13-1-3-2021-06"],
    ["ELBSecurityPolicy-FS-1-2-Res-2020-10", "ELBSecurityPolicy-TLS13-1-3-2021-06"],
  ].map(([bad = "", good = ""]) =>
    listener("AM-03", `the TLS policy ${bad}`, { sslPolicy: bad }, { sslPolicy: good }),
  ),
  changed("AM-03", "an older TLS policy on a network listener", networkEntrance, "listener", {
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  }),

  changed("AM-04", "targets in plain HTTP", entrance, "targets", { protocol: "HTTP" }),
  changed("AM-04", "targets without a protocol", entrance, "targets", { protocol: undefined }),
  changed("AM-04", "TLS that ends at the load balancer, and TCP to its targets", networkEntrance, "targets", {
    protocol: "TCP",
  }),
  changed(
    "AM-04",
    "health checks of the traffic port in plain HTTP",
    entrance,
    "targets",
    { healthCheck: { protocol: "HTTP", port: "traffic-port" } },
    { healthCheck: { protocol: "HTTPS", port: "traffic-port" } },
  ),
  changed("AM-04", "health checks without a protocol, which is HTTP", entrance, "targets", {
    healthCheck: undefined,
  }),
  {
    id: "AM-04",
    name: "half of the requests to targets in plain HTTP",
    expected: "refused",
    bad: weighted("HTTP"),
    good: weighted("HTTPS"),
  },
  {
    id: "AM-04",
    name: "a rule of the listener that forwards to targets in plain HTTP",
    expected: "refused",
    bad: ruled("HTTP"),
    good: ruled("HTTPS"),
  },

  changed("AM-05", "plain HTTP on an alb listener", (stack) => entrance(stack, alb), "listener", {
    protocol: "HTTP",
    ...noTls,
  }),
  changed("AM-05", "no client certificates on an alb listener", (stack) => entrance(stack, alb), "listener", {
    mutualAuthentication: undefined,
  }),
  changed("AM-05", "alb targets in plain HTTP", (stack) => entrance(stack, alb), "targets", {
    protocol: "HTTP",
  }),
  ...["elasticloadbalancingv2", "applicationloadbalancing"].flatMap((service) => {
    const aliased = (stack: Sketch): Sketch => entrance(stack, legacy(service));
    return [
      changed("AM-05", `no client certificates on a listener of ${service}`, aliased, "listener", {
        mutualAuthentication: undefined,
      }),
      changed("AM-05", `targets in plain HTTP of ${service}`, aliased, "targets", { protocol: "HTTP" }),
    ];
  }),
  changed("AM-05", "no client certificates on an aws-native listener", nativeEntrance, "listener", {
    mutualAuthentication: { mode: "off" },
  }),
  changed("AM-05", "an older TLS policy on an aws-native listener", nativeEntrance, "listener", {
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  }),
  changed("AM-05", "plain HTTP on an aws-native listener", nativeEntrance, "listener", {
    protocol: "HTTP",
    certificates: undefined,
    sslPolicy: undefined,
    mutualAuthentication: undefined,
  }),
  changed("AM-05", "aws-native targets in plain HTTP", nativeEntrance, "targets", { protocol: "HTTP" }),
  changed("AM-05", "health checks of aws-native targets in plain HTTP", nativeEntrance, "targets", {
    healthCheckProtocol: "HTTP",
  }),
  classicCase("a classic load balancer in plain HTTP", "HTTP"),
  classicCase("a classic load balancer with HTTPS, which verifies no client", "HTTPS"),
  classicCase("a classic load balancer that passes TCP through", "TCP"),
  classicCase("a classic load balancer with SSL under its older name", "SSL", "elasticloadbalancing"),
  changed("AM-05", "a name of an HTTP API without client certificates", httpApi, "domain-name", {
    mutualTlsAuthentication: undefined,
  }),
  changed("AM-05", "a name of an HTTP API on TLS 1.0", httpApi, "domain-name", {
    domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_0" },
  }),
  changed("AM-05", "an HTTP API that answers under its first name as well", httpApi, "api", {
    disableExecuteApiEndpoint: undefined,
  }),
  changed("AM-05", "an HTTP API whose first name is left on", httpApi, "api", {
    disableExecuteApiEndpoint: false,
  }),
  changed("AM-05", "a name of a REST API without client certificates", restApi, "domain-name", {
    mutualTlsAuthentication: undefined,
  }),
  changed("AM-05", "a name of a REST API on TLS 1.0", restApi, "domain-name", { securityPolicy: "TLS_1_0" }),
  changed("AM-05", "a REST API that answers under its first name as well", restApi, "api", {
    disableExecuteApiEndpoint: undefined,
  }),
  changed("AM-05", "a distribution without client certificates", distribution, "distribution", {
    viewerMtlsConfig: undefined,
  }),
  changed("AM-05", "a distribution to which certificates are optional", distribution, "distribution", {
    viewerMtlsConfig: { mode: "optional", trustStoreConfig: viewerTrust },
  }),
  changed("AM-05", "a distribution that takes expired certificates", distribution, "distribution", {
    viewerMtlsConfig: {
      mode: "required",
      trustStoreConfig: { ...viewerTrust, ignoreCertificateExpiry: true },
    },
  }),
  changed("AM-05", "a distribution on TLS 1.0", distribution, "distribution", viewerTls("TLSv1")),
  changed("AM-05", "a distribution on TLS 1.2", distribution, "distribution", viewerTls("TLSv1.2_2021")),
  changed("AM-05", "a distribution that takes plain HTTP", distribution, "distribution", {
    defaultCacheBehavior: { ...cached, viewerProtocolPolicy: "allow-all" },
  }),
  changed("AM-05", "a distribution that takes plain HTTP on one path", distribution, "distribution", {
    orderedCacheBehaviors: [{ ...cached, pathPattern: "/public/*", viewerProtocolPolicy: "allow-all" }],
  }),
  changed("AM-05", "a distribution with an origin in plain HTTP", distribution, "distribution", {
    origins: [
      {
        originId: "entrance",
        domainName: "origin.clinic.example",
        customOriginConfig: { ...https, originProtocolPolicy: "http-only" },
      },
    ],
  }),

  latticeListener("a Lattice listener in plain HTTP", "HTTP"),
  latticeListener("a Lattice listener with HTTPS, which verifies no client", "HTTPS"),
  changed("AM-06", "a Lattice service that anybody may call", latticeService, "lattice", {
    authType: "NONE",
  }),
  changed("AM-06", "a Lattice service without a word of who may call", latticeService, "lattice", {
    authType: undefined,
  }),
  changed(
    "AM-06",
    "a Lattice service network that anybody may call",
    lattice("serviceNetwork:ServiceNetwork"),
    "lattice",
    {
      authType: "NONE",
    },
  ),
  {
    id: "AM-06",
    name: "Lattice targets in plain HTTP",
    expected: "refused",
    bad: latticeTargets("HTTP"),
    good: latticeTargets("HTTPS"),
  },
  {
    id: "AM-06",
    name: "a Lattice service that refuses every caller for want of a policy",
    expected: "advised",
    bad: (stack) => latticeService(stack).remove("lattice-policy"),
    good: latticeService,
  },

  changed("AM-07", "Service Connect without TLS", containers, "rag-service", serviceConnect({}), connectOff),
  changed(
    "AM-07",
    "Service Connect with TLS, which verifies no client",
    containers,
    "rag-service",
    serviceConnect({
      tls: { issuerCertAuthority: { awsPcaAuthorityArn: brokerClients.tls.certificateAuthorityArns[0] } },
    }),
    connectOff,
  ),

  mesh("a virtual node without TLS", "virtualNode:VirtualNode", { listeners: [meshPort] }),
  mesh("a virtual node to which TLS is optional", "virtualNode:VirtualNode", {
    listeners: [
      { ...meshPort, tls: { mode: "PERMISSIVE", certificate: meshCertificate, validation: meshTrust } },
    ],
  }),
  mesh("a virtual node that verifies no client", "virtualNode:VirtualNode", {
    listeners: [{ ...meshPort, tls: { mode: "STRICT", certificate: meshCertificate } }],
  }),
  mesh("a virtual node that does not insist on TLS where it calls", "virtualNode:VirtualNode", {
    listeners: [
      { ...meshPort, tls: { mode: "STRICT", certificate: meshCertificate, validation: meshTrust } },
    ],
    backendDefaults: { clientPolicy: { tls: { enforce: false, validation: meshTrust } } },
  }),
  mesh("a virtual gateway without TLS", "virtualGateway:VirtualGateway", { listeners: [meshPort] }),
  mesh("a virtual gateway to which TLS is disabled", "virtualGateway:VirtualGateway", {
    listeners: [{ ...meshPort, tls: { mode: "DISABLED", certificate: meshCertificate } }],
  }),

  changed("AM-15", "a PostgreSQL cluster that takes plaintext", postgres, "parameters", {
    parameters: [{ name: "rds.force_ssl", value: "0" }],
  }),
  changed("AM-15", "a PostgreSQL cluster without a word of TLS", postgres, "parameters", { parameters: [] }),
  changed("AM-15", "a MySQL cluster that takes plaintext", mysql, "parameters", {
    parameters: [{ name: "require_secure_transport", value: "OFF" }],
  }),
  changed("AM-15", "a PostgreSQL instance that takes plaintext", instanceDatabase, "parameters", {
    parameters: [{ name: "rds.force_ssl", value: "0" }],
  }),
  changed("AM-15", "a cache in plaintext", cache, "cache", {
    transitEncryptionEnabled: false,
    transitEncryptionMode: undefined,
  }),
  changed("AM-15", "a cache without a word of TLS", cache, "cache", {
    transitEncryptionEnabled: undefined,
    transitEncryptionMode: undefined,
  }),
  changed("AM-15", "a cache to which TLS is optional", cache, "cache", {
    transitEncryptionMode: "preferred",
  }),
  changed("AM-15", "a search domain on TLS 1.0", openSearch, "search", {
    domainEndpointOptions: { ...searchEndpoint, tlsSecurityPolicy: "Policy-Min-TLS-1-0-2019-07" },
  }),
  changed("AM-15", "a search domain in plain HTTP", openSearch, "search", {
    domainEndpointOptions: { ...searchEndpoint, enforceHttps: false },
  }),
  changed("AM-15", "a search domain whose nodes speak plaintext", openSearch, "search", {
    nodeToNodeEncryption: { enabled: false },
  }),
  changed("AM-15", "a search domain without a word of its nodes", openSearch, "search", {
    nodeToNodeEncryption: undefined,
  }),
  changed(
    "AM-15",
    "an Elasticsearch domain on TLS 1.0",
    search("aws:elasticsearch/domain:Domain"),
    "search",
    {
      domainEndpointOptions: { ...searchEndpoint, tlsSecurityPolicy: "Policy-Min-TLS-1-0-2019-07" },
    },
  ),
  changed("AM-15", "brokers in plaintext", brokers, "brokers", inTransit("PLAINTEXT")),
  changed("AM-15", "brokers to which TLS is optional", brokers, "brokers", inTransit("TLS_PLAINTEXT")),
  changed("AM-15", "brokers that speak plaintext to each other", brokers, "brokers", inTransit("TLS", false)),
  changed("AM-15", "brokers that any client may call", brokers, "brokers", {
    clientAuthentication: { ...brokerClients, unauthenticated: true },
  }),

  admits("targets that another group of the gateway may call", machines, bastion),
  admits("targets that the whole network may call", machines, () => ({ cidrIpv4: "10.0.0.0/16" })),
  admits("targets that the world may call", machines, () => ({ cidrIpv4: "0.0.0.0/0" })),
  admits("containers that another group of the gateway may call", tasks, bastion),
  {
    id: "AM-16",
    name: "targets that another group may call by a legacy rule",
    expected: "refused",
    bad: (stack) => {
      machines(stack).add("aws:ec2/securityGroupRule:SecurityGroupRule", "server-from-elsewhere", {
        type: "ingress",
        securityGroupId: stack.id("server-group"),
        protocol: "tcp",
        fromPort: 443,
        toPort: 443,
        sourceSecurityGroupId: stack.id("bastion-group"),
      });
    },
    good: machines,
  },
  {
    id: "AM-16",
    name: "targets that another group may call by a rule within their own",
    expected: "refused",
    bad: inlineIngress("gateway-group", "bastion-group"),
    good: inlineIngress("gateway-group"),
  },
];
