import { join, resolve } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { Engine } from "../../preview/engine";
import { isAccepted, type Outcome } from "../../preview/outcome";
import { previewStack } from "../../preview/preview-stack";
import { runProgram } from "../../preview/program";
import { unknownValue } from "../../preview/property-values";
import { programStack, type ProgramStack } from "../../preview/stack-file";

const fixtures = resolve(__dirname, "fixtures");

function program(stack: string): ProgramStack {
  return programStack(join(fixtures, "program"), { stack, cloud: undefined, overrides: new Map() });
}

function preview(stack: string, pack = "echo"): Promise<Outcome> {
  return previewStack(program(stack), join(fixtures, "packs", pack));
}

interface Shown {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly provider?: string;
  readonly region?: string;
  readonly dryRun: string;
  readonly recorded: { readonly inputs: Readonly<Record<string, unknown>>; readonly provider?: string };
}

describe("what a policy pack is shown", () => {
  let shown: readonly Shown[];
  let result: Outcome;
  beforeAll(async () => {
    result = await preview("network");
    const [said] = result.violations;
    shown = JSON.parse(said?.message.split("\n").at(-1) ?? "[]") as readonly Shown[];
  });
  const named = (name: string): Shown => {
    const found = shown.find((resource) => resource.name === name);
    if (found === undefined) {
      throw new Error(`${name} was not shown`);
    }
    return found;
  };

  it("is each resource once, under a URN with the types above it, and nothing that is only read", () => {
    expect(shown.map(({ urn }) => urn).sort()).toEqual([
      "urn:pulumi:network::fixture::fixture:index:Fixture$aws:ec2/securityGroup:SecurityGroup::group",
      "urn:pulumi:network::fixture::fixture:index:Fixture$aws:ec2/vpc:Vpc::network",
      "urn:pulumi:network::fixture::fixture:index:Fixture$aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::rule",
      "urn:pulumi:network::fixture::fixture:index:Fixture::fixture",
      "urn:pulumi:network::fixture::pulumi:providers:aws::default_7_48_0",
      "urn:pulumi:network::fixture::pulumi:pulumi:Stack::fixture-network",
    ]);
  });

  it("is unknown where a preview knows nothing: ids, and outputs that are always there and were not set", () => {
    const { outputs } = named("group");
    expect(outputs).toMatchObject({
      id: unknownValue,
      egress: unknownValue,
      ingress: unknownValue,
      vpcId: unknownValue,
      arn: unknownValue,
    });
    expect(named("network").outputs).toMatchObject({
      cidrBlock: "10.0.0.0/16",
      defaultSecurityGroupId: unknownValue,
    });
  });

  it("is absent where an output may be absent and was not set", () => {
    expect(named("group").outputs).not.toHaveProperty("revokeRulesOnDelete");
    expect(named("network").outputs).not.toHaveProperty("ipv4IpamPoolId");
  });

  it("is the inputs, before the outputs", () => {
    expect(named("group").recorded.inputs).toMatchObject({ vpcId: unknownValue });
    expect(named("group").recorded.inputs).not.toHaveProperty("egress");
    expect(named("fixture").recorded.inputs).toEqual({ said: "inputs" });
  });

  it("is the outputs that a component registers", () => {
    expect(named("fixture").outputs).toEqual({
      networkId: unknownValue,
      said: "outputs",
      members: [
        "urn:pulumi:network::fixture::fixture:index:Fixture$aws:ec2/securityGroup:SecurityGroup::group",
      ],
    });
  });

  it("is what each property was made of", () => {
    expect(named("group").propertyDependencies).toMatchObject({ vpcId: ["network"] });
    expect(named("rule").propertyDependencies).toMatchObject({ securityGroupId: ["group"], cidrIpv4: [] });
  });

  it("is the provider with its configuration, and a component has none", () => {
    expect(named("group")).toMatchObject({
      provider: "default_7_48_0",
      region: "us-east-1",
      parent: named("fixture").urn,
    });
    expect(named("fixture").provider).toBeUndefined();
  });

  it("is a preview, of a program with the configuration of its stack and the defaults of its project", () => {
    expect(named("group").dryRun).toBe("true");
    expect(named("rule").outputs["description"]).toBe("said by the project");
  });

  it("refuses nothing when it is only advice", () => {
    expect(result.violations.map(({ level, policy }) => ({ level, policy }))).toEqual([
      { level: "advisory", policy: "stack" },
    ]);
    expect(isAccepted(result)).toBe(true);
  });
});

describe("a preview", () => {
  it.each([
    ["throws", "the program has thrown this"],
    ["duplicate", "Duplicate resource URN"],
    ["invoke", "aws:ec2/getVpc:getVpc, which asks the cloud"],
    ["empty", "registered no resource"],
    ["transform", "transforms"],
  ])("of a program that %s could not run, and says why", async (stack, why) => {
    await expect(preview(stack)).rejects.toThrow(why);
  });

  it("of a program that never ends is stopped", async () => {
    const stack = program("endless");
    const engine = new Engine(stack, () => undefined);
    try {
      const address = await engine.listen();
      await expect(runProgram(stack, engine, address, new AbortController().signal, 5000)).rejects.toThrow(
        "did not end within 5 s",
      );
    } finally {
      engine.close();
    }
  });

  it("asks nobody to keep what only those want to know who debug Pulumi's runtime", async () => {
    const stack = program("network");
    const engine = new Engine(stack, () => undefined);
    try {
      const address = await engine.listen();
      await runProgram(stack, engine, address, new AbortController().signal);
      expect(engine.resources.length).toBeGreaterThan(3);
      expect(engine.messages).toEqual([]);
    } finally {
      engine.close();
    }
  });

  it.each([
    ["broken", "the pack has thrown this"],
    ["throwing", "the policy has thrown this"],
    ["missing", "no policy pack"],
  ])("with a %s pack could not run, and says why", async (pack, why) => {
    await expect(preview("network", pack)).rejects.toThrow(why);
  });

  it("with a policy that was given up at what is unknown is refused", async () => {
    const result = await preview("network", "naive");
    expect(isAccepted(result)).toBe(false);
    expect(result.violations.map(({ level }) => level)).toEqual(["mandatory"]);
    expect(result.violations[0]?.message).toMatch(/^can't run policy/);
  });
});
