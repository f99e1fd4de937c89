import * as pulumi from "@pulumi/pulumi";

import { awsRenderer } from "../../components/aws/renderer";
import { Platform } from "../../components/platform";
import type { AwsTarget } from "../../model/cloud-target";
import { platformSpec } from "../../model/platform-spec";
import type { StackResource } from "../../policy-pack/stack-resource";

import { Sketch, type Knowledge } from "./stack-sketch";

export const target: AwsTarget = {
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
};

/** Outputs that AWS computes, by type: a preview knows them no more than the id. */
const computed: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/vpc:Vpc": [
    "defaultSecurityGroupId",
    "defaultNetworkAclId",
    "defaultRouteTableId",
    "mainRouteTableId",
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupRuleId"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupRuleId"],
};

interface MockedResource {
  readonly urn: string;
  readonly state: unknown;
}

function plain(state: unknown): Record<string, unknown> {
  const struct = state as { toJavaScript?: () => Record<string, unknown> };
  return typeof struct.toJavaScript === "function"
    ? struct.toJavaScript()
    : (state as Record<string, unknown>);
}

/** Resources with which a sketch can go on: those of a program, under Pulumi's mocks. */
export async function renderedStack(program: () => unknown, knowledge: Knowledge): Promise<Sketch> {
  const registered: {
    readonly type: string;
    readonly name: string;
    readonly custom: boolean;
    readonly inputs: unknown;
  }[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        registered.push({ type, name, inputs, custom: custom ?? true });
        const id = Sketch.idOf(type, name);
        const outputs = Object.fromEntries((computed[type] ?? []).map((key) => [key, `${id}.${key}`]));
        return { id, state: { ...outputs, ...(inputs as Record<string, unknown>) } };
      },
      call: ({ token }) => {
        throw new Error(`no answer to ${token}`);
      },
    },
    "bulkhead",
    "test",
    false,
    "organization",
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    getRegisteredResources: () => ReadonlyMap<string, MockedResource>;
  };
  await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program()));
  await pulumi.runtime.disconnect();
  const mocked = monitor.getRegisteredResources();

  const sketch = new Sketch(knowledge);
  const resources = registered.filter(({ type }) => !type.startsWith("pulumi:"));
  for (const { type, name, custom, inputs } of resources) {
    const found = [...mocked.values()].find(({ urn }) => urn.endsWith(`${type}::${name}`));
    if (found === undefined) {
      throw new Error(`${type} ${name} has no URN`);
    }
    // Mocks put the type of the parent into the URN, and nothing more; here each type of component is there once.
    const parentType = found.urn.split("::")[2]?.split("$").at(-2);
    const parent = [...mocked.values()].find(
      ({ urn }) => parentType !== undefined && urn.split("::")[2]?.endsWith(parentType) === true,
    );
    sketch.addRaw({
      urn: found.urn,
      type,
      name,
      inputs: inputs as Record<string, unknown>,
      outputs: custom ? undefined : plain(found.state),
      custom,
      parent: parent?.urn,
      computed: computed[type] ?? [],
    });
  }
  return sketch;
}

/** The resources of a platform on AWS. */
export function renderedPlatform(
  file: unknown,
  knowledge: Knowledge,
  on: AwsTarget = target,
): Promise<Sketch> {
  const spec = platformSpec(file);
  return renderedStack(() => new Platform({ spec, renderer: awsRenderer(on) }), knowledge);
}

/** A rendered platform's resource by its logical name. */
export function named(sketch: Sketch, name: string): StackResource {
  const found = sketch.resources().find((resource) => resource.name === name);
  if (found === undefined) {
    throw new Error(`no resource ${name}`);
  }
  return found;
}
