import type { Mutant } from "./mutants";
import { admits, egress, resolver, restate, set, unset, type Properties } from "./service-mutants";
import { unknownText, type Sketch } from "./stack-sketch";

const mtls = "flows-require-mtls";
const peers = "zones-reach-only-declared-peers";

const service = "bulkhead-rag-service-service";
const task = "bulkhead-decision-point-task";
const namespace = "bulkhead-discovery";
const credentialPolicy = "bulkhead-fhir-proxy-credential-policy";
const roleArn = (name: string): string => `arn:aws:iam::111122223333:role/bulkhead/bulkhead-${name}`;

/** Changes where a service is, and what is in force on it. */
function place(stack: Sketch, change: Properties): void {
  stack.change(service, (inputs) => ({
    ...inputs,
    networkConfiguration: { ...(inputs["networkConfiguration"] as Properties), ...change },
  }));
}

/** Changes who is refused a workload's certificates. */
function refuse(stack: Sketch, Condition: Properties | undefined, more: Properties = {}): void {
  restate(stack, credentialPolicy, ([first, ...others]) => [
    {
      ...Object.fromEntries(Object.entries(first ?? {}).filter(([key]) => key !== "Condition")),
      ...(Condition === undefined ? {} : { Condition }),
      ...more,
    },
    ...others,
  ]);
}

/** Faults of what runs: where it is, who it is, who finds it, and who may pass for it. */
export const workloadMutants: readonly Mutant[] = [
  // Where it is
  {
    fault: "workload: a public address",
    rule: peers,
    dig: (s) => {
      place(s, { assignPublicIp: true });
    },
  },
  {
    fault: "workload: whether it has a public address is not known",
    rule: peers,
    dig: (s) => {
      place(s, { assignPublicIp: unknownText });
    },
  },
  {
    fault: "workload: behind the filter of another",
    rule: peers,
    dig: (s) => {
      place(s, { securityGroups: [s.id("bulkhead-fhir-proxy-filter")] });
    },
  },
  {
    fault: "workload: behind the filter of another besides its own",
    rule: peers,
    dig: (s) => {
      place(s, {
        securityGroups: [s.id("bulkhead-rag-service-filter"), s.id("bulkhead-fhir-proxy-filter")],
      });
    },
  },
  {
    fault: "workload: behind a filter that is not known",
    rule: "resources-are-understood",
    dig: (s) => {
      place(s, { securityGroups: [unknownText] });
    },
  },
  {
    fault: "workload: in the subnets of the load balancer",
    rule: peers,
    dig: (s) => {
      place(s, { subnets: [s.id("bulkhead-gateway-load-balancer-a")] });
    },
  },
  {
    fault: "workload: in another zone's subnets for workloads",
    rule: peers,
    dig: (s) => {
      place(s, { subnets: [s.id("bulkhead-processing-workload-a"), s.id("bulkhead-gateway-workload-a")] });
    },
  },
  {
    fault: "workload: in the PHI zone",
    rule: "zone-assignment",
    dig: (s) => {
      place(s, { subnets: [s.id("bulkhead-phi-private-endpoint-a")] });
    },
  },
  // How it is reached
  {
    fault: "workload: a shell in it for whoever may call the API",
    rule: mtls,
    dig: (s) => {
      set(s, service, "enableExecuteCommand", true);
    },
  },
  {
    fault: "workload: whether there is a shell in it is not known",
    rule: mtls,
    dig: (s) => {
      set(s, service, "enableExecuteCommand", unknownText);
    },
  },
  {
    fault: "workload: reached by Service Connect",
    rule: mtls,
    dig: (s) => {
      set(s, service, "serviceConnectConfiguration", {
        enabled: true,
        services: [{ portName: "program", tls: { issuerCertAuthority: { awsPcaAuthorityArn: "any" } } }],
      });
    },
  },
  {
    fault: "workload: a target of the load balancer, whose filter lets others in",
    rule: mtls,
    dig: (s) => {
      set(s, service, "loadBalancers", [
        {
          targetGroupArn: `${s.id("bulkhead-machine-targets")}.arn`,
          containerName: "envoy",
          containerPort: 443,
        },
      ]);
    },
  },
  // How it is found
  {
    fault: "discovery: no namespace of the network answers the names",
    rule: resolver,
    dig: (s) => {
      s.remove(namespace);
    },
  },
  {
    fault: "discovery: the namespace is another network's",
    rule: resolver,
    dig: (s) => {
      set(s, namespace, "vpc", "vpc-0123456789abcdef0");
    },
  },
  {
    fault: "discovery: of which network the namespace is is not known",
    rule: resolver,
    dig: (s) => {
      set(s, namespace, "vpc", unknownText);
    },
  },
  {
    fault: "discovery: the namespace is of another name",
    rule: resolver,
    dig: (s) => {
      set(s, namespace, "name", "processing.ai.hospital.example.org");
    },
  },
  {
    fault: "discovery: a name is handed on to somebody else's servers",
    rule: resolver,
    dig: (s) => {
      s.add("aws:route53/record:Record", "hole", {
        zoneId: `${s.id(namespace)}.hostedZone`,
        name: "rag-service.processing.ai.hospital.example",
        type: "NS",
        records: ["ns.attacker.example"],
      });
    },
  },
  // Who it is
  {
    fault: "workload: runs under the role of another",
    rule: admits,
    dig: (s) => {
      set(s, task, "taskRoleArn", `${s.id("bulkhead-fhir-proxy-workload-role")}.arn`);
    },
  },
  {
    fault: "workload: under which role it runs is not known",
    rule: admits,
    dig: (s) => {
      set(s, task, "taskRoleArn", unknownText);
    },
  },
  // Who may pass for it
  {
    fault: "certificates of a workload: another workload reads them",
    rule: mtls,
    dig: (s) => {
      refuse(s, {
        ArnNotEquals: { "aws:PrincipalArn": [roleArn("fhir-proxy"), roleArn("rag-service")] },
      });
    },
  },
  {
    fault: "certificates of a workload: what starts another workload reads them",
    rule: mtls,
    dig: (s) => {
      refuse(s, {
        ArnNotEquals: { "aws:PrincipalArn": [roleArn("fhir-proxy"), roleArn("rag-service.execution")] },
      });
    },
  },
  {
    fault: "certificates of a workload: nobody is refused while a condition holds that may not",
    rule: mtls,
    dig: (s) => {
      refuse(s, {
        ArnNotEquals: { "aws:PrincipalArn": [roleArn("fhir-proxy")] },
        Bool: { "aws:SecureTransport": "false" },
      });
    },
  },
  {
    fault: "certificates of a workload: another action shows them",
    rule: mtls,
    dig: (s) => {
      refuse(
        s,
        { ArnNotEquals: { "aws:PrincipalArn": [roleArn("fhir-proxy")] } },
        { Action: ["secretsmanager:GetSecretValue"] },
      );
    },
  },
  {
    fault: "certificates of a workload: no policy",
    rule: mtls,
    dig: (s) => {
      s.remove(credentialPolicy);
    },
  },
  {
    fault: "certificates of a workload: a policy that says nothing",
    rule: mtls,
    dig: (s) => {
      unset(s, credentialPolicy, "policy");
    },
  },
  {
    fault: "certificates of a workload: a policy that is not known",
    rule: mtls,
    dig: (s) => {
      set(s, credentialPolicy, "policy", unknownText);
    },
  },
  {
    fault: "certificates of a workload: a policy of a secret that is not known",
    rule: mtls,
    dig: (s) => {
      set(s, credentialPolicy, "secretArn", unknownText);
    },
  },
  {
    fault: "certificates of a workload: another account reads them",
    rule: mtls,
    dig: (s) => {
      restate(s, credentialPolicy, ([first]) => [
        first ?? {},
        {
          Sid: "Everybody",
          Effect: "Allow",
          Principal: "*",
          Action: "secretsmanager:GetSecretValue",
          Resource: "*",
        },
      ]);
    },
  },
  {
    fault: "PHI logs: what is logged becomes the name of a measurement",
    rule: egress,
    dig: (s) => {
      const group = s.add("aws:cloudwatch/logGroup:LogGroup", "phi-log", {
        name: "/phi/log",
        tags: { "bulkhead-platform": "bulkhead", "bulkhead-zone": "phi" },
      });
      s.add("aws:cloudwatch/logMetricFilter:LogMetricFilter", "hole", {
        logGroupName: group,
        pattern: "{ $.patient = * }",
        metricTransformation: {
          name: "patients",
          namespace: "any",
          value: "1",
          dimensions: { patient: "$.patient" },
        },
      });
    },
  },
];
