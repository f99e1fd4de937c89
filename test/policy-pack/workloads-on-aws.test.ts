import { describe, expect, it } from "vitest";

import { base, inZone } from "./corpus/corpus-case";
import { judge } from "./judge-on-a-day";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

type Inputs = Readonly<Record<string, unknown>>;

const account = "111122223333";
const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

/** A role of a stranger's that says which workload's it is. */
function role(stack: Sketch, name: string): void {
  stack.add("aws:iam/role:Role", name, {
    name,
    assumeRolePolicy: "{}",
    tags: { ...inZone("processing"), "bulkhead-workload": name },
  });
}

function service(stack: Sketch, more: Inputs = {}): void {
  stack.add("aws:ecs/service:Service", "service", {
    networkConfiguration: {
      subnets: [stack.id("processing-subnet")],
      securityGroups: [stack.id("processing-group")],
    },
    tags: { ...inZone("processing"), "bulkhead-workload": "proxy" },
    ...more,
  });
}

/** A secret of the workload `proxy`, beside its role and another's. */
function secret(stack: Sketch, more: Inputs = {}): void {
  role(stack, "proxy");
  role(stack, "other");
  stack.add("aws:secretsmanager/secret:Secret", "secret", {
    name: "proxy/certificates",
    tags: { ...inZone("processing"), "bulkhead-workload": "proxy" },
    ...more,
  });
}

function text(...statements: readonly Inputs[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Who reads the secret: the one who is named, and nobody else of the account. */
const only = (...readers: readonly string[]): Inputs => ({
  Sid: "OnlyItsWorkload",
  Effect: "Deny",
  Principal: { AWS: "*" },
  Action: ["secretsmanager:*"],
  Resource: "*",
  Condition: { ArnNotEquals: { "aws:PrincipalArn": readers.map(roleArn) } },
});

function policy(stack: Sketch, document: unknown, more: Inputs = {}): void {
  stack.add("aws:secretsmanager/secretPolicy:SecretPolicy", "secret-policy", {
    secretArn: stack.id("secret"),
    policy: document,
    ...more,
  });
}

describe.each(knowledges)("what runs workloads on a stranger's AWS, %s", (knowledge) => {
  const found = (change: (stack: Sketch) => unknown): readonly string[] => {
    const stack = base(knowledge);
    change(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" })
      .findings.filter(({ rule, urn }) => rule === "flows-require-mtls" && /::(?:secret|service)$/.test(urn))
      .map(({ level, verdict, urn }) => `${level} ${verdict} ${urn.split("::").at(-1) ?? ""}`);
  };

  it.each<readonly [string, (stack: Sketch) => unknown]>([
    [
      "a service that says nothing of a shell",
      (s) => {
        service(s);
      },
    ],
    [
      "a service without a shell",
      (s) => {
        service(s, { enableExecuteCommand: false });
      },
    ],
    [
      "a secret that its workload alone reads",
      (s) => {
        secret(s);
        policy(s, text(only("proxy")));
      },
    ],
    [
      "a secret that says so itself",
      (s) => {
        secret(s, { policy: text(only("proxy")) });
      },
    ],
    [
      "a secret that is nobody's proof",
      (s) => {
        secret(s, { tags: inZone("processing") });
      },
    ],
    [
      "a secret that its workload and whoever is no workload reads",
      (s) => {
        secret(s);
        policy(s, text(only("proxy", "deployer")));
      },
    ],
    [
      "a secret whose other workloads are refused by name",
      (s) => {
        secret(s);
        policy(
          s,
          text({
            Effect: "Deny",
            Principal: "*",
            Action: "secretsmanager:*GetSecretValue",
            Resource: "*",
            Condition: { ArnEquals: { "aws:PrincipalArn": roleArn("other") } },
          }),
        );
      },
    ],
  ])("says nothing of %s", (_what, change) => {
    expect(found(change)).toEqual([]);
  });

  it.each<readonly [string, (stack: Sketch) => unknown, string]>([
    [
      "a shell",
      (s) => {
        service(s, { enableExecuteCommand: true });
      },
      "advisory open service",
    ],
    [
      "a shell that is not known",
      (s) => {
        service(s, { enableExecuteCommand: unknownText });
      },
      "advisory undetermined service",
    ],
    [
      "a secret without a policy",
      (s) => {
        secret(s);
      },
      "advisory open secret",
    ],
    [
      "a secret that another workload reads",
      (s) => {
        secret(s);
        policy(s, text(only("proxy", "other")));
      },
      "advisory open secret",
    ],
    [
      "a secret of which another workload is refused what shows less",
      (s) => {
        secret(s);
        policy(s, text({ ...only("proxy"), Action: "secretsmanager:DescribeSecret" }));
      },
      "advisory open secret",
    ],
    [
      "a secret that another account reads",
      (s) => {
        secret(s);
        policy(
          s,
          text(
            { ...only("proxy"), Condition: { ArnEquals: { "aws:PrincipalArn": roleArn("other") } } },
            {
              Effect: "Allow",
              Principal: { AWS: "arn:aws:iam::999988887777:root" },
              Action: "secretsmanager:GetSecretValue",
              Resource: "*",
            },
          ),
        );
      },
      "advisory open secret",
    ],
    [
      "a secret with a policy that is not known",
      (s) => {
        secret(s);
        policy(s, unknownText);
      },
      "advisory undetermined secret",
    ],
    [
      "a secret with a policy that may be another's",
      (s) => {
        secret(s);
        policy(s, text(only("proxy")), { secretArn: unknownText });
      },
      "advisory undetermined secret",
    ],
    [
      "a secret with a policy that is none",
      (s) => {
        secret(s);
        policy(s, "not JSON");
      },
      "advisory undetermined secret",
    ],
  ])("advises of %s", (_what, change, expected) => {
    expect(found(change)).toEqual([expected]);
  });
});
