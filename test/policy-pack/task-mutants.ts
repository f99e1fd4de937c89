import type { Mutant } from "./mutants";
import type { Properties } from "./service-mutants";
import { unknownText, type Sketch } from "./stack-sketch";

const rule = "flows-require-mtls";
const task = "bulkhead-rag-service-task";

/** Changes one container of a task. */
function contain(
  stack: Sketch,
  name: string,
  change: (container: Properties) => Properties,
  changed = task,
): void {
  stack.change(changed, (inputs) => ({
    ...inputs,
    containerDefinitions: JSON.stringify(
      (JSON.parse(String(inputs["containerDefinitions"])) as readonly Properties[]).map((container) =>
        container["name"] === name ? change(container) : container,
      ),
    ),
  }));
}

/** Changes the configuration that the proxy of a task is told, as a text. */
function configure(stack: Sketch, change: (configuration: string) => string): void {
  contain(stack, "envoy", (container) => ({
    ...container,
    command: (container["command"] as readonly string[]).map((word) =>
      word.startsWith("{") ? change(word) : word,
    ),
  }));
}

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) {
    throw new Error(`nothing says ${from}`);
  }
  return text.replace(from, to);
}

/** Gives one container something. */
function given(fault: string, name: string, change: (container: Properties) => Properties): Mutant {
  return {
    fault: `task: ${fault}`,
    rule,
    dig: (s) => {
      contain(s, name, (container) => ({ ...container, ...change(container) }));
    },
  };
}

const certificates = { sourceVolume: "certificates", containerPath: "/certificates", readOnly: true };

/** Faults by which something else has the keys, or runs in the place of what is shown. */
const podMutants: readonly Mutant[] = [
  given("its program has the certificates", "rag-service", () => ({ mountPoints: [certificates] })),
  given("its program has the certificates, and is called as the decision point is", "rag-service", () => ({
    name: "decision-point",
    mountPoints: [certificates],
  })),
  {
    fault: "task: the decision point may change its certificates",
    rule,
    dig: (s) => {
      contain(
        s,
        "decision-point",
        (container) => ({ ...container, mountPoints: [{ ...certificates, readOnly: false }] }),
        "bulkhead-decision-point-task",
      );
    },
  },
  given("its program has the volumes of its proxy", "rag-service", () => ({
    volumesFrom: [{ sourceContainer: "envoy" }],
  })),
  given("its program is root", "rag-service", () => ({ user: "0" })),
  given("its program may change its file system", "rag-service", () => ({ readonlyRootFilesystem: false })),
  given("its program keeps capabilities", "rag-service", () => ({ linuxParameters: {} })),
  given("its program is logged elsewhere", "rag-service", () => ({
    logConfiguration: { logDriver: "splunk" },
  })),
  given("something runs before its proxy", "envoy", () => ({ entryPoint: ["/other"] })),
  given("its proxy is told another file within one word", "envoy", ({ command }) => ({
    command: [...(command as readonly string[]), "--config-path /tmp/other.json"],
  })),
  given("a check runs something in its proxy", "envoy", () => ({
    healthCheck: { command: ["CMD-SHELL", "nc -l 8443"] },
  })),
  {
    fault: "task: a fourth container",
    rule,
    dig: (s) => {
      s.change(task, (inputs) => {
        const all = JSON.parse(String(inputs["containerDefinitions"])) as readonly Properties[];
        return { ...inputs, containerDefinitions: JSON.stringify([...all, { ...all[2], name: "other" }]) };
      });
    },
  },
  {
    fault: "task: its certificates are on a disk of others",
    rule,
    dig: (s) => {
      s.change(task, (inputs) => ({
        ...inputs,
        volumes: [{ name: "certificates", efsVolumeConfiguration: { fileSystemId: "fs-1" } }],
      }));
    },
  },
  {
    fault: "task: a schedule starts it with another command",
    rule,
    dig: (s) =>
      s.add("aws:scheduler/schedule:Schedule", "hole", {
        target: { ecsParameters: { taskDefinitionArn: `${s.id(task)}.arn` }, input: "{}" },
      }),
  },
  {
    fault: "task: a machine beside it, behind its filter",
    rule,
    dig: (s) =>
      s.add("aws:ec2/instance:Instance", "hole", {
        subnetId: s.id("bulkhead-processing-workload-a"),
        vpcSecurityGroupIds: [s.id("bulkhead-rag-service-filter")],
      }),
  },
];

/** Faults of what runs before and beside a workload's program. */
export const taskMutants: readonly Mutant[] = [
  ...podMutants,
  {
    fault: "proxy: asks no client for a certificate",
    rule,
    dig: (s) => {
      configure(s, (text) =>
        replaced(text, '"require_client_certificate":true', '"require_client_certificate":false'),
      );
    },
  },
  {
    fault: "proxy: admits a peer that no flow names",
    rule,
    dig: (s) => {
      configure(s, (text) =>
        replaced(
          text,
          '"exact":"spiffe://ai.hospital.example/zone/gateway/workload/ai-gateway"',
          '"exact":"spiffe://ai.hospital.example/zone/processing/workload/decision-point"',
        ),
      );
    },
  },
  {
    fault: "proxy: its configuration is not known",
    rule,
    dig: (s) => {
      s.change(task, (inputs) => ({ ...inputs, containerDefinitions: unknownText }));
    },
  },
  {
    fault: "proxy: there is none",
    rule,
    dig: (s) => {
      contain(s, "envoy", (container) => ({
        ...container,
        name: "other",
        entryPoint: ["sleep"],
        command: [],
        image: String(container["image"]).replace("envoy", "other"),
      }));
    },
  },
  {
    fault: "task: an image of another registry",
    rule,
    dig: (s) => {
      contain(s, "rag-service", (container) => ({
        ...container,
        image: `docker.io/somebody/rag-service@sha256:${"2".repeat(64)}`,
      }));
    },
  },
  {
    fault: "task: an image that no digest names",
    rule,
    dig: (s) => {
      contain(s, "rag-service", (container) => ({
        ...container,
        image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/bulkhead/rag-service:latest",
      }));
    },
  },
  {
    fault: "task: a port past the proxy",
    rule,
    dig: (s) => {
      contain(s, "rag-service", (container) => ({
        ...container,
        portMappings: [{ containerPort: 8080, protocol: "tcp" }],
      }));
    },
  },
  {
    fault: "task: the service runs what is not shown",
    rule,
    dig: (s) => {
      s.change("bulkhead-rag-service-service", (inputs) => ({ ...inputs, taskDefinition: "somebody:1" }));
    },
  },
];

/** A fault of a platform with agents. */
export const toolGatewayMutant: Mutant = {
  fault: "task: the gateway of tools has the certificates",
  rule,
  dig: (s) => {
    contain(
      s,
      "agent-tools",
      (container) => ({ ...container, mountPoints: [certificates] }),
      "bulkhead-agent-tools-task",
    );
  },
};
