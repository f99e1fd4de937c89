import { describe, expect, it } from "vitest";

import { azureBase, subnetId, textId, type Inputs } from "../corpus/azure-base";
import { apiManagement } from "../corpus/azure-front-doors";
import { here, postgres, storage } from "../corpus/azure-service-pieces";
import { amend } from "../corpus/changed-case";
import { inZone } from "../corpus/corpus-case";
import { ownGroup, unknownText, type Knowledge, type Sketch } from "../stack-sketch";

import { azureFactsOf, faultsOf, hopsOf } from "./transport-of";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const validation = '<validate-client-certificate validate-trust="true" ignore-error="false" />';
const policyOf = (inbound: string): string =>
  `<policies><inbound>${inbound}</inbound><backend><forward-request /></backend></policies>`;

function environment(stack: Sketch, more: Inputs = {}): string {
  return stack.add("azure-native:app:ManagedEnvironment", "environment", {
    ...here,
    environmentName: "environment",
    vnetConfiguration: { infrastructureSubnetId: subnetId(stack, "processing"), internal: true },
    peerAuthentication: { mtls: { enabled: true } },
    peerTrafficConfiguration: { encryption: { enabled: true } },
    ...more,
  });
}

function app(stack: Sketch, ingress: unknown, more: Inputs = {}): void {
  stack.add("azure-native:app:ContainerApp", "app", {
    ...here,
    containerAppName: "app",
    managedEnvironmentId: environment(stack),
    configuration: { ingress },
    ...more,
  });
}

const ingress: Inputs = {
  external: false,
  allowInsecure: false,
  clientCertificateMode: "Require",
  transport: "Http",
  targetPortHttpScheme: "HTTPS",
};

describe.each(knowledges)("what Azure accepts, %s", (knowledge) => {
  const factsOf = (change: Change): ReturnType<typeof azureFactsOf> => {
    const stack = azureBase(knowledge);
    change(stack);
    return azureFactsOf(stack.resources(), knowledge);
  };
  const faults = (change: Change): readonly string[] => faultsOf(factsOf(change));

  it("is proved between container apps, and where they are called", () => {
    const facts = factsOf((s) => {
      app(s, ingress);
    });
    expect(faultsOf(facts)).toEqual([]);
    expect(hopsOf(facts)).toEqual([
      "mtls apps of ManagedEnvironment environment",
      "mtls clients and ContainerApp app",
    ]);
    expect(new Set(facts.hops.map(({ zone }) => zone))).toEqual(new Set(["processing"]));
  });

  it("is nothing of an app that nobody calls", () => {
    expect(
      hopsOf(
        factsOf((s) => {
          app(s, undefined);
        }),
      ),
    ).toEqual(["mtls apps of ManagedEnvironment environment"]);
  });

  it.each<readonly [string, Inputs, string]>([
    [
      "allowInsecure",
      { allowInsecure: unknownText },
      "perhaps it takes connections without TLS, which whoever is on the way reads and changes",
    ],
    [
      "clientCertificateMode",
      { clientCertificateMode: unknownText },
      "perhaps it asks no client for a certificate",
    ],
    [
      "transport",
      { transport: unknownText },
      "perhaps it passes TCP through, so that nothing shows who ends TLS, and whether clients are asked for a certificate",
    ],
    [
      "targetPortHttpScheme",
      { targetPortHttpScheme: undefined },
      "open its containers get what they are sent in plain text",
    ],
    [
      "external",
      { external: unknownText },
      "perhaps it takes connections from outside of its environment, past the gateway",
    ],
    [
      "more ports",
      { additionalPortMappings: [{ external: false, targetPort: 9000 }] },
      "open it passes TCP through on more ports, where nothing shows who ends TLS",
    ],
  ])("may be unproved by the %s of an app", (_what, more, expected) => {
    expect(
      faults((s) => {
        app(s, { ...ingress, ...more });
      }),
    ).toEqual([expected]);
  });

  it("may be in any zone where the environment of an app is not known", () => {
    const { unprovedHops } = factsOf((s) => {
      app(s, { ...ingress, clientCertificateMode: "ignore" }, { managedEnvironmentId: unknownText });
    });
    expect(unprovedHops.map(({ zone, assumption }) => [zone, assumption])).toEqual([
      [undefined, "which environment ContainerApp app is in, and so in which zone it is, is not known"],
    ]);
  });

  const apis = (change: Change): readonly string[] =>
    faults((s) => {
      apiManagement(s);
      change(s);
    });
  const open = "open no policy of it verifies certificates of clients (validate-client-certificate)";
  const apiPolicy =
    (value: unknown, more: Inputs = {}): Change =>
    (s) =>
      amend(s, "api-policy", { value, ...more });
  const servicePolicy =
    (value: unknown, ofApi: string): Change =>
    (s) => {
      amend(s, "api-policy", { value: ofApi });
      s.add("azure-native:apimanagement:Policy", "policy", {
        resourceGroupName: ownGroup,
        serviceName: "apis",
        policyId: "policy",
        value,
      });
    };

  it.each<readonly [string, Change, readonly string[]]>([
    ["the API's own", apiPolicy(policyOf(validation)), []],
    ["the service's, which the API takes in", servicePolicy(policyOf(validation), policyOf("<base />")), []],
    [
      "an expression beside it",
      apiPolicy(
        policyOf(`${validation}<set-variable name="a" value='@(context.Request.Url.Path == "/a")' />`),
      ),
      [],
    ],
    ["none", apiPolicy(policyOf("<base />")), [open]],
    [
      "one under a condition",
      apiPolicy(policyOf(`<choose><when condition="@(true)">${validation}</when></choose>`)),
      [open],
    ],
    [
      "one of what is sent back",
      apiPolicy(`<policies><inbound /><outbound>${validation}</outbound></policies>`),
      [open],
    ],
    [
      "one that trusts everybody",
      apiPolicy(policyOf(validation.replace('trust="true"', 'trust="false"'))),
      [open],
    ],
    ["one that cannot be read", apiPolicy("<policies><inbound>"), [`perhaps ${open.slice(5)}`]],
    [
      "one that is elsewhere",
      apiPolicy("https://policies.example/one.xml", { format: "xml-link" }),
      [`perhaps ${open.slice(5)}`],
    ],
    [
      "the service's, which the API leaves out",
      servicePolicy(policyOf(validation), policyOf("")),
      ["open the policy api-policy lets in clients without a certificate that is verified"],
    ],
    [
      "the service's, which a policy that is not known may leave out",
      servicePolicy(policyOf(validation), unknownText),
      ["perhaps the policy api-policy lets in clients without a certificate that is verified"],
    ],
  ])("is verified by API Management with a policy: %s", (_what, change, expected) => {
    expect(apis(change)).toEqual(expected);
  });

  it("is unproved at a service of APIs without names of its own", () => {
    expect(apis((s) => amend(s, "apis", { hostnameConfigurations: undefined }))).toEqual([
      "open it asks no client for a certificate",
    ]);
  });

  it("is encrypted at stores, whatever the case of what they say", () => {
    const facts = factsOf((s) => {
      storage(s, "phi", { minimumTlsVersion: "tls1_2" });
      postgres(s, "phi");
    });
    expect(faultsOf(facts)).toEqual([]);
    expect(hopsOf(facts)).toEqual([
      "provider-tls+iam clients and Server phi-postgres",
      "provider-tls+iam clients and StorageAccount phidocuments",
    ]);
  });

  it.each<readonly [string, unknown, unknown, readonly string[]]>([
    ["another parameter", "max_connections", "500", []],
    ["TLS of today", "ssl_min_protocol_version", "TLSv1.3", []],
    [
      "old TLS",
      "ssl_min_protocol_version",
      "TLSv1.1",
      ["open databases with it take versions of TLS older than 1.2"],
    ],
    [
      "plain text",
      "REQUIRE_SECURE_TRANSPORT",
      "OFF",
      ["open databases with it let their clients speak in plain text"],
    ],
    [
      "what nobody knows",
      "require_secure_transport",
      unknownText,
      ["perhaps databases with it let their clients speak in plain text"],
    ],
    [
      "a parameter that nobody knows",
      unknownText,
      "off",
      ["perhaps databases with it let their clients speak in plain text"],
    ],
  ])("is %s by a parameter of a database", (_what, configurationName, value, expected) => {
    const facts = factsOf((s) => {
      postgres(s, "phi");
      s.add("azure-native:dbforpostgresql:Configuration", "parameter", {
        resourceGroupName: ownGroup,
        serverName: "phi-postgres",
        configurationName,
        value,
      });
    });
    expect(faultsOf(facts)).toEqual(expected);
    expect(hopsOf(facts)).toEqual([
      `${expected.length === 0 ? "provider-tls+iam" : "unproved"} clients and Server phi-postgres`,
    ]);
  });

  it("is nothing in no zone", () => {
    const facts = factsOf((s) => {
      storage(s, "plain", { minimumTlsVersion: undefined });
      environment(s, { vnetConfiguration: undefined, peerAuthentication: undefined });
      s.add("azure-native:web:WebApp", "web", { ...here, name: "web" });
      s.add("azure-native:cdn:Route", "route", {
        resourceGroupName: ownGroup,
        profileName: "doors",
        endpointName: "door",
      });
    });
    expect([...facts.hops, ...facts.unprovedHops]).toEqual([]);
  });

  it("is what a slot of an app says, as what the app says", () => {
    expect(
      faults((s) => {
        s.add("azure-native:web:WebAppSlot", "slot", {
          ...here,
          name: "web",
          slot: "next",
          virtualNetworkSubnetId: textId("Microsoft.Network/virtualNetworks", "vnet/subnets/processing"),
          clientCertEnabled: true,
          clientCertMode: "Required",
          httpsOnly: false,
          endToEndEncryptionEnabled: true,
          siteConfig: { minTlsVersion: "1.3" },
          tags: inZone("processing"),
        });
      }),
    ).toEqual(["open it takes connections without TLS, which whoever is on the way reads and changes"]);
  });
});
