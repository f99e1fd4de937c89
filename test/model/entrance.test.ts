import { describe, expect, it } from "vitest";

import type { AwsTarget, AzureTarget, CloudKind } from "../../model/cloud-target";
import type { Edge } from "../../model/edge";
import { assertEdgeCertificate, entrance, type EntranceConfiguration } from "../../model/entrance";
import type { Mesh } from "../../model/mesh";
import { PlatformError } from "../../model/platform-error";

import { findingsOf } from "./findings-of";
import { googleTarget } from "./google-target";

const pem = (...labels: readonly string[]): { readonly text: string } => ({
  text: labels.map((label) => `-----BEGIN ${label}-----\nMA==\n-----END ${label}-----\n`).join(""),
});
const signIn = {
  issuer: "https://id.example",
  authorizationEndpoint: "https://id.example/authorize",
  tokenEndpoint: "https://id.example/token",
  userInfoEndpoint: "https://id.example/userinfo",
  clientId: "bulkhead",
};
const right: EntranceConfiguration = {
  certificateId: "arn:aws:acm:us-east-1:111122223333:certificate/1",
  machineAuthorities: pem("CERTIFICATE"),
  machineRevocations: undefined,
  clinicianSignIn: signIn,
  hasClinicianClientSecret: true,
};
const nothing: EntranceConfiguration = {
  certificateId: undefined,
  machineAuthorities: undefined,
  machineRevocations: undefined,
  clinicianSignIn: undefined,
  hasClinicianClientSecret: false,
};
const both: Edge = { mode: "l7-terminate", clients: ["machine", "clinician"] };
const paths = (
  edge: Edge,
  configuration: EntranceConfiguration,
  cloud: CloudKind = "aws",
  mesh: Mesh["kind"] = "istio",
): readonly string[] => {
  const found = findingsOf(() => entrance(edge, mesh, cloud, configuration));
  expect(found.filter(({ id }) => id !== "BH-036")).toEqual([]);
  return found.map(({ path }) => path);
};

describe("the entrance of a platform", () => {
  it("is what the configuration says", () => {
    expect(entrance(both, "istio", "aws", { ...right, machineRevocations: pem("X509 CRL") })).toEqual({
      mode: "l7-terminate",
      certificateId: right.certificateId,
      machine: { certificates: pem("CERTIFICATE").text, revocations: pem("X509 CRL").text, responders: [] },
      clinician: signIn,
      workloadAuthorities: undefined,
    });
  });

  it("needs what its clients need, and lists all that is missing at once", () => {
    expect(paths(both, nothing)).toEqual([
      "bulkhead:edgeCertificate",
      "bulkhead:machineAuthorities",
      "bulkhead:clinicianSignIn",
      "bulkhead:clinicianClientSecret",
    ]);
    expect(paths({ mode: "l7-terminate", clients: ["machine"] }, nothing)).toEqual([
      "bulkhead:edgeCertificate",
      "bulkhead:machineAuthorities",
    ]);
    expect(paths({ mode: "l7-terminate", clients: ["clinician"] }, nothing)).toEqual([
      "bulkhead:edgeCertificate",
      "bulkhead:clinicianSignIn",
      "bulkhead:clinicianClientSecret",
    ]);
  });

  const onAzure: EntranceConfiguration = {
    ...right,
    machineResponders: ["ocsp.hospital.example", "ocsp2.hospital.example"],
    workloadAuthorities: pem("CERTIFICATE", "CERTIFICATE"),
    hasClinicianClientSecret: false,
  };

  it("asks for no sign-in, reads no list of revoked certificates, and knows whom to ask and whom to trust, on Azure", () => {
    expect(paths(both, onAzure, "azure")).toEqual([]);
    expect(entrance(both, "istio", "azure", onAzure)).toEqual({
      mode: "l7-terminate",
      certificateId: right.certificateId,
      machine: {
        certificates: pem("CERTIFICATE").text,
        revocations: undefined,
        responders: ["ocsp.hospital.example", "ocsp2.hospital.example"],
      },
      clinician: signIn,
      workloadAuthorities: pem("CERTIFICATE", "CERTIFICATE").text,
    });
    expect(paths(both, { ...right, machineRevocations: pem("X509 CRL") }, "azure")).toEqual([
      "bulkhead:workloadAuthorities",
      "bulkhead:machineRevocations",
      "bulkhead:machineResponders",
      "bulkhead:clinicianClientSecret",
    ]);
    const clinicians: Edge = { mode: "l7-terminate", clients: ["clinician"] };
    expect(paths(clinicians, { ...onAzure, machineResponders: undefined }, "azure")).toEqual([]);
  });

  it.each([
    ["an address", ["http://ocsp.hospital.example"], "[0]"],
    ["an address of four numbers", ["ocsp.hospital.example", "10.0.0.1"], "[1]"],
    ["a pattern", ["*.hospital.example"], "[0]"],
    ["a whole domain of names", ["example"], "[0]"],
    ["the root, which holds every name", ["."], "[0]"],
    ["a name that ends in the root", ["ocsp.hospital.example."], "[0]"],
    ["a name in upper case", ["OCSP.hospital.example"], "[0]"],
    ["no host", [], ""],
    ["a text", "ocsp.hospital.example", ""],
  ])("is refused with %s in the place of a responder on Azure", (_, machineResponders, path) => {
    expect(paths(both, { ...onAzure, machineResponders }, "azure")).toEqual([
      `bulkhead:machineResponders${path}`,
    ]);
  });

  it.each([
    ["a key", pem("CERTIFICATE", "PRIVATE KEY")],
    ["no PEM", { text: "" }],
    ["a file that is not there", { unreadable: "no such file" }],
  ])("is refused with %s among the authorities of workloads on Azure", (_, workloadAuthorities) => {
    expect(paths(both, { ...onAzure, workloadAuthorities }, "azure")).toEqual([
      "bulkhead:workloadAuthorities",
    ]);
  });

  it("presents a certificate to workloads, verifies theirs and knows no revocation on Google Cloud", () => {
    const onGoogle: EntranceConfiguration = {
      ...right,
      workloadAuthorities: pem("CERTIFICATE"),
      clientCertificateId: "projects/hospital-gateway/locations/global/certificates/front-door-client",
      hasClinicianClientSecret: false,
    };
    expect(paths(both, onGoogle, "gcp")).toEqual([]);
    expect(entrance(both, "istio", "gcp", onGoogle)).toEqual({
      mode: "l7-terminate",
      certificateId: right.certificateId,
      machine: { certificates: pem("CERTIFICATE").text, revocations: undefined, responders: [] },
      clinician: signIn,
      workloadAuthorities: pem("CERTIFICATE").text,
      clientCertificateId: onGoogle.clientCertificateId,
    });
    const responders = { machineResponders: ["ocsp.hospital.example"] };
    expect(paths(both, { ...right, ...responders, machineRevocations: pem("X509 CRL") }, "gcp")).toEqual([
      "bulkhead:workloadAuthorities",
      "bulkhead:machineRevocations",
      "bulkhead:machineResponders",
      "bulkhead:edgeClientCertificate",
      "bulkhead:clinicianClientSecret",
    ]);
    const presenting = { clientCertificateId: onGoogle.clientCertificateId };
    expect(paths(both, { ...right, ...presenting })).toEqual(["bulkhead:edgeClientCertificate"]);
    expect(paths(both, { ...onAzure, ...presenting }, "azure")).toEqual(["bulkhead:edgeClientCertificate"]);
    const passing: Edge = { mode: "l4-passthrough", clients: ["machine"] };
    expect(paths(passing, nothing, "gcp")).toEqual(["bulkhead:machineAuthorities"]);
  });

  it.each(["azure", "gcp"] as const)(
    "takes no certificate from elsewhere for what the platform runs itself on %s",
    (cloud) => {
      const { machineResponders, ...configuration } = { ...onAzure, workloadAuthorities: undefined };
      const ours = { ...configuration, ...(cloud === "azure" ? { machineResponders } : {}) };
      expect(paths(both, ours, cloud, "envoy")).toEqual([]);
      expect(entrance(both, "envoy", cloud, ours)).toMatchObject({
        workloadAuthorities: undefined,
        clientCertificateId: undefined,
      });
      const { workloadAuthorities } = onAzure;
      expect(paths(both, { ...ours, workloadAuthorities }, cloud, "envoy")).toEqual([
        "bulkhead:workloadAuthorities",
      ]);
      const clientCertificateId = "projects/hospital-gateway/locations/global/certificates/front-door-client";
      expect(paths(both, { ...ours, clientCertificateId }, cloud, "envoy")).toEqual([
        "bulkhead:edgeClientCertificate",
      ]);
    },
  );

  it.each(["aws", "azure", "gcp"] as const)(
    "knows whose certificates clients bring where TCP is passed through to proxies of the platform's own on %s",
    (cloud) => {
      const passing: Edge = { mode: "l4-passthrough", clients: ["machine"] };
      const certificates = pem("CERTIFICATE").text;
      expect(
        entrance(passing, "envoy", cloud, { ...nothing, machineAuthorities: pem("CERTIFICATE") }),
      ).toEqual({
        mode: "l4-passthrough",
        machine: { certificates, revocations: undefined, responders: [] },
      });
      const lists = { ...right, machineRevocations: pem("X509 CRL") };
      expect(entrance(passing, "envoy", cloud, lists)).toEqual({
        mode: "l4-passthrough",
        machine: { certificates, revocations: pem("X509 CRL").text, responders: [] },
      });
      expect(paths(passing, nothing, cloud, "envoy")).toEqual(["bulkhead:machineAuthorities"]);
      expect(
        paths(
          passing,
          { ...right, machineAuthorities: pem("PRIVATE KEY"), machineRevocations: pem("CERTIFICATE") },
          cloud,
          "envoy",
        ),
      ).toEqual(["bulkhead:machineAuthorities", "bulkhead:machineRevocations"]);
    },
  );

  it("has nobody to ask and nobody to trust on AWS", () => {
    const { machineResponders, workloadAuthorities } = onAzure;
    expect(paths(both, { ...right, machineResponders, workloadAuthorities })).toEqual([
      "bulkhead:workloadAuthorities",
      "bulkhead:machineResponders",
    ]);
  });

  it("needs whose certificates clients bring where TCP is passed through, whoever runs the proxies", () => {
    const authorities = { machineAuthorities: pem("CERTIFICATE") };
    const passing: Edge = { mode: "l4-passthrough", clients: ["machine"] };
    expect(paths(passing, nothing, "aws")).toEqual(["bulkhead:machineAuthorities"]);
    expect(entrance(passing, "istio", "aws", { ...nothing, ...authorities })).toEqual({
      mode: "l4-passthrough",
      machine: { certificates: pem("CERTIFICATE").text, revocations: undefined, responders: [] },
    });
  });

  it("leaves out what is said of clients that it does not admit", () => {
    expect(entrance({ mode: "l7-terminate", clients: ["machine"] }, "istio", "aws", right)).toMatchObject({
      clinician: undefined,
    });
    expect(entrance({ mode: "l7-terminate", clients: ["clinician"] }, "istio", "aws", right)).toMatchObject({
      machine: undefined,
    });
  });

  it.each([
    ["a key among the authorities", { machineAuthorities: pem("CERTIFICATE", "PRIVATE KEY") }],
    ["a key for an authority", { machineAuthorities: pem("EC PRIVATE KEY") }],
    ["no PEM for an authority", { machineAuthorities: { text: "MA==" } }],
    ["a file that is not there", { machineAuthorities: { unreadable: "no such file" } }],
    ["an empty file of authorities", { machineAuthorities: { text: "" } }],
  ])("is refused with %s", (_, change) => {
    expect(paths(both, { ...right, ...change })).toEqual(["bulkhead:machineAuthorities"]);
  });

  it("is refused with certificates for lists of revoked ones", () => {
    expect(paths(both, { ...right, machineRevocations: pem("CERTIFICATE") })).toEqual([
      "bulkhead:machineRevocations",
    ]);
  });

  it.each([
    ["an address without TLS", { ...signIn, tokenEndpoint: "http://id.example/token" }, ["tokenEndpoint"]],
    ["no address", { ...signIn, issuer: "id.example" }, ["issuer"]],
    ["no client id", { ...signIn, clientId: "" }, ["clientId"]],
    ["two mistakes", { ...signIn, issuer: 7, clientId: undefined }, ["issuer", "clientId"]],
  ])("is refused with %s for the clinicians' sign-in", (_, clinicianSignIn, fields) => {
    expect(paths(both, { ...right, clinicianSignIn })).toEqual(
      fields.map((field) => `bulkhead:clinicianSignIn.${field}`),
    );
  });

  it.each([
    ["a text", "https://id.example"],
    ["a misspelt key", { ...signIn, clientld: "bulkhead" }],
    ["the secret, which is kept encrypted by itself", { ...signIn, clientSecret: "x" }],
  ])("is refused with %s in the clinicians' sign-in", (_, clinicianSignIn) => {
    expect(paths(both, { ...right, clinicianSignIn })).toEqual(["bulkhead:clinicianSignIn"]);
  });

  it("is refused in words that say what to do", () => {
    expect(() => entrance(both, "istio", "aws", nothing)).toThrow(PlatformError);
    expect(() => entrance(both, "istio", "aws", nothing)).toThrow(
      "pulumi config set --secret bulkhead:clinicianClientSecret",
    );
  });
});

describe("the certificate of the load balancer", () => {
  const target: AwsTarget = {
    kind: "aws",
    region: "us-east-1",
    accountId: "111122223333",
    availabilityZones: ["us-east-1a", "us-east-1b"],
  };
  const arn = "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000";
  const found = (certificate: string | undefined): unknown =>
    findingsOf(() => {
      assertEdgeCertificate(target, certificate);
    });

  it("is one of ACM, in the platform's account and region", () => {
    expect(found(arn)).toEqual([]);
  });

  it.each([
    arn.replace("us-east-1", "us-west-2"),
    arn.replace("111122223333", "999999999999"),
    arn.replace(":acm:", ":iam:"),
    "edge.pem",
  ])("is not %s", (certificate) => {
    expect(found(certificate)).toEqual([{ id: "BH-036", path: "bulkhead:edgeCertificate" }]);
  });
});

describe("the certificate of the load balancer on Azure", () => {
  const subscriptionId = "00000000-0000-0000-0000-00000000000b";
  const target: AzureTarget = {
    kind: "azure",
    location: "eastus2",
    tenantId: "00000000-0000-0000-0000-00000000000a",
    subscriptionId,
    availabilityZones: ["1", "2"],
  };
  const id = `/subscriptions/${subscriptionId}/resourceGroups/edge/providers/Microsoft.KeyVault/vaults/edge-vault/secrets/front-door`;
  const found = (certificate: string): unknown =>
    findingsOf(() => {
      assertEdgeCertificate(target, certificate);
    });

  it("is the secret of a certificate in a vault of the subscription, whatever the case of Azure's own words", () => {
    expect(found(id)).toEqual([]);
    expect(found(id.replace("Microsoft.KeyVault", "microsoft.keyvault"))).toEqual([]);
  });

  it.each([
    ["one with a version, which is never renewed", `${id}/0123456789abcdef0123456789abcdef`],
    [
      "in a vault of another subscription",
      id.replace(subscriptionId, "00000000-0000-0000-0000-00000000000f"),
    ],
    ["the certificate in the place of its secret", id.replace("/secrets/", "/certificates/")],
    ["a key", id.replace("/secrets/", "/keys/")],
    ["the vault", id.replace(/\/secrets.*$/, "")],
    ["an address", "https://edge-vault.vault.azure.net/secrets/front-door"],
    ["a vault whose name is none", id.replace("edge-vault", "-edge")],
    ["an ARN", "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"],
  ])("is not %s", (_, certificate) => {
    expect(found(certificate)).toEqual([{ id: "BH-036", path: "bulkhead:edgeCertificate" }]);
  });
});

describe("the certificates of the load balancer on Google Cloud", () => {
  const id = "projects/hospital-gateway/locations/global/certificates/front-door";
  const found = (certificate: string | undefined, client?: string): unknown =>
    findingsOf(() => {
      assertEdgeCertificate(googleTarget, certificate, client);
    });

  it("are certificates of Certificate Manager in the gateway zone's project", () => {
    expect(found(id, `${id}-client`)).toEqual([]);
  });

  it.each([
    ["of another project", id.replace("hospital-gateway", "hospital-phi")],
    ["of a region, which a global load balancer does not take", id.replace("global", "us-central1")],
    ["a map of certificates", id.replace("certificates", "certificateMaps")],
    ["one of Compute Engine", "projects/hospital-gateway/global/sslCertificates/front-door"],
    ["its address", `//certificatemanager.googleapis.com/${id}`],
  ])("are not %s", (_, certificate) => {
    expect(found(certificate)).toEqual([{ id: "BH-036", path: "bulkhead:edgeCertificate" }]);
    expect(found(id, certificate)).toEqual([{ id: "BH-036", path: "bulkhead:edgeClientCertificate" }]);
    expect(found(certificate, certificate)).toEqual([
      { id: "BH-036", path: "bulkhead:edgeCertificate" },
      { id: "BH-036", path: "bulkhead:edgeClientCertificate" },
    ]);
  });
});
