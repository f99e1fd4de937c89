import { edgeClients } from "../../components/mesh/edge-clients";
import { beforeAll, describe, expect, it } from "vitest";

import { PhysicalNames } from "../../components/aws/physical-names";
import { containerDefinitions } from "../../components/aws/task-definition";
import { envoyConfiguration } from "../../components/mesh/envoy-configuration";
import { podOf, type PodPlace } from "../../components/mesh/pod";
import type { EnvoyMesh } from "../../model/mesh";
import type { PlatformFile } from "../../model/platform-file";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import type { Workload } from "../../model/workload";
import { named, renderedPlatform, surroundingsOf, target } from "../policy-pack/rendered-stack";
import type { Sketch } from "../policy-pack/stack-sketch";

import { smallPlatform } from "./small-platform";

type Properties = Readonly<Record<string, unknown>>;

const account = "111122223333";
const shared = { "bulkhead-platform": "bulkhead", "bulkhead-zone": "shared" };
const role = (name: string, platform = "bulkhead"): string =>
  `arn:aws:iam::${account}:role/${platform}/${platform}-${name}`;

function inputsOf(stack: Sketch, name: string): Properties {
  return named(stack, name).inputs ?? {};
}

function statementsOf(stack: Sketch, name: string): unknown {
  const policy = JSON.parse(String(inputsOf(stack, name)["policy"])) as { readonly Statement: unknown };
  return policy.Statement;
}

function containersOf(stack: Sketch, workload: string, platform = "bulkhead"): readonly Properties[] {
  const { containerDefinitions: text } = inputsOf(stack, `${platform}-${workload}-task`);
  return JSON.parse(String(text)) as readonly Properties[];
}

function typesUnder(stack: Sketch, parent: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type, parent: of } of stack.resources()) {
    if (of?.endsWith(`::${parent}`) === true) {
      const short = type.slice(type.lastIndexOf(":") + 1);
      counts[short] = (counts[short] ?? 0) + 1;
    }
  }
  return counts;
}

describe("the workloads of the reference platform on AWS", () => {
  let stack: Sketch;
  const spec = platformSpec(referencePlatform);
  const id = (name: string): string => stack.id(name);
  const tagsOf = (workload: string): Properties => ({
    "bulkhead-platform": "bulkhead",
    "bulkhead-zone": workload === "ai-gateway" ? "gateway" : "processing",
    "bulkhead-workload": workload,
  });
  beforeAll(async () => {
    stack = await renderedPlatform(referencePlatform, "deployed");
  });

  it("are exactly these resources", () => {
    const count = spec.workloads.length;
    expect(typesUnder(stack, "bulkhead-workloads")).toEqual({
      Cluster: 1,
      PrivateDnsNamespace: 1,
      // Of Cloud Map and of ECS.
      Service: 2 * count,
      TaskDefinition: count,
      Topic: 1,
      TopicPolicy: 1,
      LogMetricFilter: 2 * count,
      MetricAlarm: 2 * count,
    });
    expect(typesUnder(stack, "bulkhead-workload-credentials")).toEqual({
      Secret: count,
      SecretPolicy: count,
      SecretVersion: count,
    });
  });

  it("share a cluster, whose disks are under the platform's key", () => {
    expect(inputsOf(stack, "bulkhead-cluster")).toEqual({
      name: "bulkhead",
      settings: [{ name: "containerInsights", value: "enabled" }],
      configuration: {
        managedStorageConfiguration: {
          fargateEphemeralStorageKmsKeyId: `${id("bulkhead-platform-key")}.arn`,
        },
      },
      tags: shared,
    });
  });

  it("are services of their zone's subnets, behind their own filter, with no public address and no shell", () => {
    expect(inputsOf(stack, "bulkhead-rag-service-service")).toEqual({
      name: "rag-service",
      cluster: `${id("bulkhead-cluster")}.arn`,
      taskDefinition: `${id("bulkhead-rag-service-task")}.arn`,
      launchType: "FARGATE",
      platformVersion: "1.4.0",
      schedulingStrategy: "REPLICA",
      desiredCount: 3,
      availabilityZoneRebalancing: "ENABLED",
      deploymentController: { type: "ECS" },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      networkConfiguration: {
        assignPublicIp: false,
        subnets: [id("bulkhead-processing-workload-a"), id("bulkhead-processing-workload-b")],
        securityGroups: [id("bulkhead-rag-service-filter")],
      },
      serviceRegistries: { registryArn: `${id("bulkhead-rag-service-discovery")}.arn` },
      tags: tagsOf("rag-service"),
    });
    const services = stack.resources().filter(({ type }) => type === "aws:ecs/service:Service");
    expect(services.map(({ name, inputs }) => `${name} ${String(inputs?.["desiredCount"])}`).sort()).toEqual([
      "bulkhead-agent-tools-service 2",
      "bulkhead-ai-gateway-service 3",
      "bulkhead-async-ai-workers-service 4",
      "bulkhead-decision-point-service 3",
      "bulkhead-embedding-service-service 2",
      "bulkhead-fhir-proxy-service 3",
      "bulkhead-rag-service-service 3",
    ]);
  });

  it("are registered with both entrances, by their proxy, only if the load balancer calls them", () => {
    const { loadBalancers, healthCheckGracePeriodSeconds, networkConfiguration } = inputsOf(
      stack,
      "bulkhead-ai-gateway-service",
    );
    expect(loadBalancers).toEqual(
      ["machine", "clinician"].map((client) => ({
        targetGroupArn: `${id(`bulkhead-${client}-targets`)}.arn`,
        containerName: "envoy",
        containerPort: 443,
      })),
    );
    expect(healthCheckGracePeriodSeconds).toBe(180);
    expect(networkConfiguration).toEqual({
      assignPublicIp: false,
      subnets: [id("bulkhead-gateway-workload-a"), id("bulkhead-gateway-workload-b")],
      securityGroups: [id("bulkhead-ai-gateway-filter")],
    });
  });

  it("are found in a private namespace of the network, which is the trust domain", () => {
    expect(inputsOf(stack, "bulkhead-discovery")).toEqual({
      name: "ai.hospital.example",
      description: "Workloads of bulkhead",
      vpc: id("bulkhead-network"),
      tags: shared,
    });
    expect(inputsOf(stack, "bulkhead-fhir-proxy-discovery")).toEqual({
      name: "fhir-proxy.processing",
      dnsConfig: {
        namespaceId: id("bulkhead-discovery"),
        routingPolicy: "MULTIVALUE",
        dnsRecords: [{ type: "A", ttl: 10 }],
      },
      healthCheckCustomConfig: {},
      tags: tagsOf("fhir-proxy"),
    });
  });

  it("run under their own role, and are started by another", () => {
    const { containerDefinitions: containers, ...inputs } = inputsOf(stack, "bulkhead-fhir-proxy-task");
    expect(containers).toEqual(expect.any(String));
    expect(inputs).toEqual({
      family: "bulkhead-fhir-proxy",
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
      cpu: "1024",
      memory: "2048",
      taskRoleArn: `${id("bulkhead-fhir-proxy-workload-role")}.arn`,
      executionRoleArn: `${id("bulkhead-fhir-proxy-execution-role")}.arn`,
      volumes: [{ name: "certificates" }],
      skipDestroy: true,
      tags: tagsOf("fhir-proxy"),
    });
  });

  it("are an agent, a proxy and a program, each with a read-only file system and no capability", () => {
    const logged = (prefix: string): Properties => ({
      logDriver: "awslogs",
      options: {
        "awslogs-group": "/bulkhead/workload/async-ai-workers",
        "awslogs-region": "us-east-1",
        "awslogs-stream-prefix": prefix,
        mode: "blocking",
      },
    });
    const registry = `${account}.dkr.ecr.us-east-1.amazonaws.com/bulkhead`;
    const confined = {
      essential: true,
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: true },
    };
    const spiffeId = "spiffe://ai.hospital.example/zone/processing/workload/async-ai-workers";
    const workload = spec.workloads.find((one) => one.id === "async-ai-workers");
    const edge = edgeClients(spec, target, surroundingsOf(spec).entrance);
    const [agent, proxy, program] = containersOf(stack, "async-ai-workers");
    expect(agent).toEqual({
      ...confined,
      name: "certificate-agent",
      image: `${registry}/certificate-agent@sha256:${"7".repeat(64)}`,
      environment: [
        { name: "BULKHEAD_CERTIFICATE_FOLDER", value: "/run/bulkhead/certificates" },
        { name: "BULKHEAD_CLOUD", value: "aws" },
        {
          name: "BULKHEAD_CREDENTIAL",
          value: `arn:aws:secretsmanager:us-east-1:${account}:secret:bulkhead/async-ai-workers/certificates`,
        },
        { name: "BULKHEAD_RENEW_BEFORE_HOURS", value: "720" },
        { name: "BULKHEAD_SPIFFE_ID", value: spiffeId },
      ],
      user: "10001:10000",
      mountPoints: [
        { sourceVolume: "certificates", containerPath: "/run/bulkhead/certificates", readOnly: false },
      ],
      portMappings: [],
      healthCheck: {
        command: ["CMD", "node", "certificate-agent.js", "check"],
        interval: 15,
        timeout: 5,
        retries: 3,
        startPeriod: 60,
      },
      dependsOn: [],
      logConfiguration: logged("certificate-agent"),
    });
    const { command, ...ofProxy } = proxy ?? {};
    expect(ofProxy).toEqual({
      ...confined,
      name: "envoy",
      image: `${registry}/envoy@sha256:${"6".repeat(64)}`,
      entryPoint: ["envoy"],
      environment: [],
      user: "10002:10000",
      systemControls: [{ namespace: "net.ipv4.ip_unprivileged_port_start", value: "443" }],
      mountPoints: [
        { sourceVolume: "certificates", containerPath: "/run/bulkhead/certificates", readOnly: true },
      ],
      portMappings: [{ containerPort: 443, hostPort: 443, protocol: "tcp" }],
      healthCheck: {
        command: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/443"],
        interval: 15,
        timeout: 5,
        retries: 3,
        startPeriod: 30,
      },
      dependsOn: [{ containerName: "certificate-agent", condition: "HEALTHY" }],
      logConfiguration: logged("envoy"),
    });
    const [flag, configuration] = command as readonly string[];
    expect(flag).toBe("--config-yaml");
    expect(JSON.parse(String(configuration))).toEqual(
      workload === undefined ? undefined : envoyConfiguration(spec, workload, edge),
    );
    expect(program).toEqual({
      ...confined,
      name: "async-ai-workers",
      image: `${registry}/async-ai-workers@sha256:${"4".repeat(64)}`,
      environment: [
        {
          name: "BULKHEAD_GUARDRAIL_ID_NATIVE_MODELS",
          value: `arn:aws:bedrock:us-east-1:${account}:guardrail/bulkheadnativemodels`,
        },
        {
          name: "BULKHEAD_GUARDRAIL_VERSION_NATIVE_MODELS",
          value: `${id("bulkhead-native-models-guardrail-version")}.version`,
        },
        { name: "BULKHEAD_SPIFFE_ID", value: spiffeId },
        { name: "BULKHEAD_UPSTREAM_AGENT_TOOLS", value: "http://127.0.0.1:10001" },
        { name: "BULKHEAD_UPSTREAM_EMBEDDING_SERVICE", value: "http://127.0.0.1:10002" },
        { name: "BULKHEAD_UPSTREAM_FHIR_PROXY", value: "http://127.0.0.1:10003" },
        { name: "BULKHEAD_UPSTREAM_RAG_SERVICE", value: "http://127.0.0.1:10004" },
        { name: "HOST", value: "127.0.0.1" },
        { name: "PORT", value: "8080" },
      ],
      mountPoints: [],
      portMappings: [],
      dependsOn: [{ containerName: "envoy", condition: "HEALTHY" }],
      logConfiguration: logged("async-ai-workers"),
    });
  });

  it("are told of the guardrail that calls of the cloud's own models name, if they call any", () => {
    const told = spec.workloads.filter((workload) =>
      JSON.stringify(containersOf(stack, workload.id)).includes("BULKHEAD_GUARDRAIL_"),
    );
    expect(told.map((workload) => workload.id)).toEqual([
      "async-ai-workers",
      "embedding-service",
      "rag-service",
    ]);
  });

  it("take at their edge the load balancer's subnets, and nobody else", () => {
    const edge = edgeClients(spec, target, surroundingsOf(spec).entrance);
    expect(edge.certificate === "none" ? edge.addresses.map(({ text }) => text) : edge.certificate).toEqual([
      "10.40.0.0/23",
      "10.40.2.0/23",
    ]);
    const [, proxy] = containersOf(stack, "ai-gateway");
    const [, configuration] = (proxy?.["command"] ?? []) as readonly string[];
    const gateway = spec.workloads.find(({ id: own }) => own === "ai-gateway");
    expect(JSON.parse(String(configuration))).toEqual(
      gateway === undefined ? undefined : envoyConfiguration(spec, gateway, edge),
    );
  });

  it("have their certificates in a secret each, which no other role of the platform reads", () => {
    expect(inputsOf(stack, "bulkhead-fhir-proxy-credential")).toEqual({
      name: "bulkhead/fhir-proxy/certificates",
      description: "The certificates of spiffe://ai.hospital.example/zone/processing/workload/fhir-proxy",
      kmsKeyId: `${id("bulkhead-platform-key")}.arn`,
      recoveryWindowInDays: 0,
      tags: tagsOf("fhir-proxy"),
    });
    const { policy, ...inputs } = inputsOf(stack, "bulkhead-fhir-proxy-credential-policy");
    expect(policy).toEqual(expect.any(String));
    expect(inputs).toEqual({
      secretArn: `${id("bulkhead-fhir-proxy-credential")}.arn`,
      blockPublicPolicy: true,
    });
    expect(statementsOf(stack, "bulkhead-fhir-proxy-credential-policy")).toEqual([
      {
        Sid: "NoOtherRoleOfThePlatform",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"],
        Resource: ["*"],
        Condition: {
          ArnEquals: {
            "aws:PrincipalArn": [
              role("agent-tools"),
              role("agent-tools.execution"),
              role("ai-gateway"),
              role("ai-gateway.execution"),
              role("async-ai-workers"),
              role("async-ai-workers.execution"),
              role("decision-point"),
              role("decision-point.execution"),
              role("embedding-service"),
              role("embedding-service.execution"),
              role("fhir-proxy.execution"),
              role("rag-service"),
              role("rag-service.execution"),
            ],
          },
        },
      },
      {
        Sid: "OwnAccountOnly",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: ["secretsmanager:*"],
        Resource: ["*"],
        Condition: { StringNotEquals: { "aws:PrincipalAccount": account } },
      },
    ]);
    expect(inputsOf(stack, "bulkhead-fhir-proxy-credential-value")["secretId"]).toBe(
      id("bulkhead-fhir-proxy-credential"),
    );
  });

  it("raise an alarm where a certificate is not renewed, and where an agent is silent", () => {
    const metric = (name: string, pattern: string): Properties => ({
      name,
      logGroupName: "/bulkhead/workload/rag-service",
      pattern,
      metricTransformation: { name, namespace: "bulkhead", value: "1", unit: "Count" },
    });
    expect(inputsOf(stack, "bulkhead-rag-service-certificates-to-renew")).toEqual(
      metric(
        "bulkhead-rag-service-certificates-to-renew",
        '{ ($.event = "certificate") && ($.insideWindow IS TRUE) }',
      ),
    );
    expect(inputsOf(stack, "bulkhead-rag-service-certificate-rounds")).toEqual(
      metric("bulkhead-rag-service-certificate-rounds", '{ $.event = "certificate" }'),
    );
    const alarm = (what: string, metricName: string, when: Properties): Properties => ({
      name: `bulkhead-rag-service-${what}`,
      namespace: "bulkhead",
      metricName,
      statistic: "Sum",
      period: 3600,
      evaluationPeriods: 1,
      ...when,
      alarmDescription: expect.stringContaining("workload/rag-service") as string,
      alarmActions: [`${id("bulkhead-alarms")}.arn`],
      okActions: [`${id("bulkhead-alarms")}.arn`],
      tags: tagsOf("rag-service"),
    });
    expect(inputsOf(stack, "bulkhead-rag-service-certificate-not-renewed-alarm")).toEqual(
      alarm("certificate-not-renewed", "bulkhead-rag-service-certificates-to-renew", {
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        treatMissingData: "notBreaching",
      }),
    );
    // Each of three replicas says fifteen times an hour what it has: two of them would do so 30 times.
    expect(inputsOf(stack, "bulkhead-rag-service-certificate-agents-silent-alarm")).toEqual(
      alarm("certificate-agents-silent", "bulkhead-rag-service-certificate-rounds", {
        comparisonOperator: "LessThanThreshold",
        threshold: 37.5,
        treatMissingData: "breaching",
      }),
    );
  });

  it("publish alarms on a topic under the platform's key, on which nobody but CloudWatch publishes", () => {
    expect(inputsOf(stack, "bulkhead-alarms")).toEqual({
      name: "bulkhead-alarms",
      kmsMasterKeyId: `${id("bulkhead-platform-key")}.arn`,
      tags: shared,
    });
    expect(inputsOf(stack, "bulkhead-alarms-policy")["arn"]).toBe(`${id("bulkhead-alarms")}.arn`);
    expect(statementsOf(stack, "bulkhead-alarms-policy")).toEqual([
      {
        Sid: "AlarmsArePublished",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["sns:Publish"],
        Resource: [`arn:aws:sns:us-east-1:${account}:bulkhead-alarms`],
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:us-east-1:${account}:alarm:*` },
        },
      },
    ]);
  });
});

describe("the workloads of other platforms on AWS", () => {
  it("take clients of the hospital's where TCP is passed through, and are kept for their deployer to write", async () => {
    const file: PlatformFile = { ...smallPlatform, edge: { mode: "l4-passthrough", clients: ["machine"] } };
    const deployerId = `arn:aws:iam::${account}:role/deployer`;
    const stack = await renderedPlatform(file, "preview", target, { deployerId });
    const spec = platformSpec(file);
    const [gateway] = spec.workloads;
    const [, proxy] = containersOf(stack, "ai-gateway", "ward");
    const [, configuration] = (proxy?.["command"] ?? []) as readonly string[];
    const { entrance } = surroundingsOf(spec);
    const edge = edgeClients(spec, target, entrance);
    expect(edge).toEqual({
      certificate: "clients",
      authorities: entrance.mode === "l4-passthrough" ? entrance.machine.certificates : undefined,
      proxyProtocol: "required",
    });
    expect(JSON.parse(String(configuration))).toEqual(
      gateway === undefined ? undefined : envoyConfiguration(spec, gateway, edge),
    );
    expect(inputsOf(stack, "ward-ai-gateway-service")["loadBalancers"]).toMatchObject([
      { containerName: "envoy", containerPort: 443 },
    ]);
    expect(statementsOf(stack, "ward-fhir-proxy-credential-policy")).toMatchObject([
      {
        Sid: "OnlyItsWorkload",
        Effect: "Deny",
        Condition: { ArnNotEquals: { "aws:PrincipalArn": [role("fhir-proxy", "ward"), deployerId] } },
      },
      { Sid: "OwnAccountOnly" },
    ]);
  });

  it("do not run, and have no certificates, where they run on the customer's Kubernetes", async () => {
    const file: PlatformFile = { ...smallPlatform, mesh: { kind: "istio", issuer: { name: "vault" } } };
    const stack = await renderedPlatform(file, "preview");
    const types = stack.resources().map(({ type }) => type);
    expect(
      types.filter((type) => /^(?:tls:|aws:(?:ecs|servicediscovery|secretsmanager|sns)\/)/.test(type)),
    ).toEqual([]);
    expect(inputsOf(stack, "ward-names-own")["domains"]).not.toContain(
      "fhir-proxy.processing.ai.hospital.example",
    );
    const key = JSON.stringify(statementsOf(stack, "ward-platform-key"));
    expect(key).not.toMatch(/fargate|cloudwatch/);
    expect(stack.names()).toContain("ward-machine-targets");
  });
});

describe("the containers of a task definition", () => {
  const spec = platformSpec(referencePlatform);
  const names = new PhysicalNames(spec, target);
  const definitions = (place: Partial<PodPlace>): string => {
    const [workload] = spec.workloads.filter(({ id }) => id === "ai-gateway") as [Workload];
    return containerDefinitions(
      podOf(spec, spec.mesh as EnvoyMesh, workload, {
        cloud: "aws",
        credentialId: "credential",
        configuration: "argument",
        edge: edgeClients(spec, target, surroundingsOf(spec).entrance),
        ...place,
      }),
      names,
    );
  };

  it("are two thirds of what AWS takes", () => {
    expect(Buffer.byteLength(definitions({}))).toBeLessThan(40 * 1024);
  });

  it("are refused where AWS would not take them", () => {
    const authorities = "-----BEGIN CERTIFICATE-----\n".padEnd(70_000, "A");
    expect(() => definitions({ edge: { certificate: "clients", authorities } })).toThrow(
      /^The task definition of workload\/ai-gateway would be larger than AWS takes: its containers are \d+ of at most 61440 bytes/,
    );
  });

  it("are refused with files, which nothing would put into them", () => {
    expect(() => definitions({ configuration: "file" })).toThrow("Fargate puts no file into container envoy");
  });
});
