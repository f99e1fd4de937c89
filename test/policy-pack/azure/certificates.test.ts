import { describe, expect, it } from "vitest";

import { policyElements } from "../../../policy-pack/facts/azure/policy-xml";
import { azureBase, type Inputs } from "../corpus/azure-base";
import { azureEntrance } from "../corpus/azure-entrance";
import { here } from "../corpus/azure-service-pieces";
import { amend } from "../corpus/changed-case";
import { judge } from "../judge-on-a-day";
import { ownGroup, unknownText, type Knowledge, type Sketch } from "../stack-sketch";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const secret = "https://clinic.vault.azure.net/secrets/portal";
const version = "4f2c1a7be0d84c3f9a6b5d1e2f3a4b5c";

describe.each(knowledges)("certificates that Azure's services show, %s", (knowledge) => {
  const found = (change: Change): readonly string[] => {
    const stack = azureBase(knowledge);
    change(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" })
      .findings.filter(({ rule, level }) => rule === "certificates-rotate" && level === "mandatory")
      .map(
        ({ verdict, urn, summary }) =>
          `${verdict} ${urn.split("::").at(-1) ?? ""}: ${summary.replace(/.*?: /, "")}`,
      );
  };
  const shown = (...certificates: readonly Inputs[]): readonly string[] =>
    found((s) =>
      amend(azureEntrance(s), "entrance", {
        sslCertificates: certificates.map((one, index) => ({ name: `certificate-${String(index)}`, ...one })),
      }),
    );

  it.each([
    secret,
    `${secret}/`,
    `${secret}?api-version=7.4`,
    "https://clinic.vault.azure.net:443/certificates/portal",
  ])("are renewed as %s", (keyVaultSecretId) => {
    expect(shown({ keyVaultSecretId })).toEqual([]);
  });

  it("are not renewed by a version, or as a file", () => {
    expect(shown({ keyVaultSecretId: `${secret}/${version}` })).toHaveLength(1);
    expect(
      shown({ keyVaultSecretId: `${secret.replace("secrets", "certificates")}/${version}` }),
    ).toHaveLength(1);
    expect(shown({ data: "MIIKcQIBAzCCCjcGCSqGSIb3DQEHAaCCCigEggok" })).toHaveLength(1);
    expect(shown({ keyVaultSecretId: secret }, { data: unknownText })).toHaveLength(1);
    expect(shown({ keyVaultSecretId: unknownText })[0]).toMatch(/^undetermined entrance/);
    // What Azure says of the file once it is there is nothing.
    expect(shown({ keyVaultSecretId: secret, data: "" })).toEqual([]);
  });

  it("are not renewed where their property stays as it is", () => {
    const pinned = (...ignoreChanges: readonly string[]): readonly string[] =>
      found((s) => azureEntrance(s).withOptions("entrance", { ignoreChanges }));
    expect(pinned("sslCertificates")).toHaveLength(1);
    expect(pinned("sslCertificates[0].keyVaultSecretId")).toHaveLength(1);
    expect(pinned("backendAddressPools")).toEqual([]);
    expect(found((s) => azureEntrance(s).withOptions("entrance", { protect: true }))).toEqual([]);
  });

  it("are a matter of secrets that hold them, and of no others", () => {
    const kept = (properties: Inputs): readonly string[] =>
      found((s) =>
        s.add("azure-native:keyvault:Secret", "secret", {
          ...here,
          resourceGroupName: ownGroup,
          vaultName: "clinic",
          secretName: "secret",
          properties,
        }),
      );
    expect(kept({ value: "a word" })).toEqual([]);
    expect(kept({ value: unknownText })).toEqual([]);
    expect(kept({ value: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----" })).toHaveLength(1);
    expect(kept({ value: unknownText, contentType: "application/x-pkcs12" })[0]).toMatch(
      /^undetermined secret/,
    );
  });
});

describe("the elements of a policy of API Management", () => {
  it("stand within each other", () => {
    expect(
      policyElements(
        "<policies><inbound><base /><choose><when condition=\"@(1 &lt; 2)\"><a b='c'/></when></choose></inbound></policies>",
      )?.map(({ name, within, attributes }) => [name, within.join(" "), Object.fromEntries(attributes)]),
    ).toEqual([
      ["policies", "", {}],
      ["inbound", "policies", {}],
      ["base", "policies inbound", {}],
      ["choose", "policies inbound", {}],
      ["when", "policies inbound choose", { condition: "@(1 < 2)" }],
      ["a", "policies inbound choose when", { b: "c" }],
    ]);
  });

  it.each([
    "",
    "words",
    "<policies><inbound></policies>",
    "<policies><inbound/>",
    "</policies>",
    '<policies><when condition="@("a")"><a/></when></policies>',
  ])("are not known of %s", (text) => {
    expect(policyElements(text)).toBeUndefined();
  });

  it("are not those of comments", () => {
    expect(policyElements("<policies><!-- <inbound /> --></policies>")?.map(({ name }) => name)).toEqual([
      "policies",
    ]);
  });
});
