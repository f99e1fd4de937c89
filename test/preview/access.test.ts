import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { referencePlatform } from "../../model/reference-platform";
import { nodeArgumentsOf } from "../npm-script";

const root = resolve(__dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-access-"));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function access(...args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgumentsOf("access"), ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

function platformFile(name: string, changes: object): string {
  const path = join(directory, name);
  const { access: policy } = referencePlatform;
  writeFileSync(path, JSON.stringify({ ...referencePlatform, access: { ...policy, ...changes } }));
  return path;
}

const nurse = ["--role", "nurse", "--device", "compliant", "--location", "corporate_network"];

describe("npm run access", () => {
  it("explains what is allowed, with exit code 0", () => {
    expect(access(...nurse, "--resource", "phi_clinical_rag")).toEqual({
      code: 0,
      stdout: [
        "ALLOWED  VERIFIED  Role nurse may use phi_clinical_rag.",
        "  The session lasts 60 minutes.",
        "  Policies: role.nurse",
        "",
      ].join("\n"),
      stderr: "",
    });
  });

  it("explains what is denied, with exit code 1", () => {
    expect(access(...nurse, "--resource", "phi_discharge_summary")).toEqual({
      code: 1,
      stdout: [
        "DENIED  AUTHENTICATED  Role nurse may not use phi_discharge_summary.",
        "  Policies: none permits it",
        "",
      ].join("\n"),
      stderr: "",
    });
  });

  it("prints the decision as JSON, for roles and resources that there are not as well", () => {
    const physician = [
      "--role=attending_physician",
      "--resource=phi_discharge_summary",
      "--device=compliant",
      "--location=vpn",
      "--json",
    ];
    const { code, stdout } = access(...physician);
    expect({ code, decision: JSON.parse(stdout) as unknown }).toEqual({
      code: 1,
      decision: {
        trustLevel: "AUTHORIZED",
        allowed: false,
        component: "phi_discharge_summary",
        action: "use",
        reason: "Role attending_physician may use phi_discharge_summary after a second factor.",
        requiresMfa: true,
        sessionMinutes: 0,
        policies: ["second-factor"],
      },
    });
    const allowed = access(...physician, "--mfa");
    expect({ code: allowed.code, decision: JSON.parse(allowed.stdout) as unknown }).toMatchObject({
      code: 0,
      decision: { allowed: true, trustLevel: "VERIFIED", sessionMinutes: 60, requiresMfa: false },
    });
    const unknown = access("--role=janitor", "--resource=boiler", ...nurse.slice(2), "--json");
    expect({ code: unknown.code, decision: JSON.parse(unknown.stdout) as unknown }).toMatchObject({
      code: 1,
      decision: {
        allowed: false,
        trustLevel: "AUTHENTICATED",
        component: "boiler",
        reason: "The role is none of the platform's.",
      },
    });
  });

  it("takes what is not said as not known", () => {
    const { code, stdout } = access("--resource", "knowledge_base_query");
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: [
        "DENIED  NONE  It is not known whether the device is compliant.",
        "  Policies: device-is-compliant, request-is-known",
        "",
      ].join("\n"),
    });
  });

  it("lists who may do what", () => {
    const { code, stdout } = access("--table");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}role +resource +corporate_network +vpn +external$/m);
    expect(stdout).toMatch(
      /^ {2}attending_physician +phi_discharge_summary +second factor +second factor +denied$/m,
    );
    expect(stdout).toMatch(/^ {2}medication_review_agent +draft_summary +nobody$/m);
    const json = access("--table", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      roles: expect.arrayContaining([
        {
          role: "nurse",
          resource: "phi_clinical_rag",
          from: { corporate_network: "allowed", vpn: "allowed", external: "denied" },
        },
      ]) as unknown,
      agents: expect.any(Array) as unknown,
    });
  });

  it("decides by a platform file's own policies", () => {
    const platform = platformFile("own.json", {
      policies: [
        {
          id: "no-nurses",
          cedar:
            '@reason("Not this week.") forbid (principal, action == Bulkhead::Action::"use", resource) when { context.role == "nurse" };',
        },
      ],
    });
    const { code, stdout } = access(...nurse, "--resource=knowledge_base_query", "--platform", platform);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: "DENIED  AUTHENTICATED  Not this week.\n  Policies: no-nurses\n",
    });
  });

  it("could not run, with exit code 2, where nothing is asked or nothing can be decided", () => {
    expect(access()).toEqual({
      code: 2,
      stdout: "",
      stderr: "Say what is asked for with --resource, or list who may do what with --table.\n",
    });
    expect(access("--table", "--mfa")).toMatchObject({ code: 2, stdout: "" });
    expect(access("--resource=x", "--platform=none.yaml")).toMatchObject({
      code: 2,
      stderr: "There is no platform file none.yaml.\n",
    });
    const platform = platformFile("wrong.json", {
      policies: [{ id: "half", cedar: "permit (principal" }],
    });
    const { code, stdout, stderr } = access("--resource=x", "--platform", platform);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/BH-057 {2}access\.policies\[0\]\.cedar/);
  });
});
