import { describe, expect, it } from "vitest";

import type { AwsTarget, CloudKind } from "../../model/cloud-target";
import type { Edge } from "../../model/edge";
import { assertEdgeCertificate, entrance, type EntranceConfiguration } from "../../model/entrance";
import { PlatformError } from "../../model/platform-error";

import { findingsOf } from "./findings-of";

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
): readonly string[] => {
  const found = findingsOf(() => entrance(edge, cloud, configuration));
  expect(found.filter(({ id }) => id !== "BH-036")).toEqual([]);
  return found.map(({ path }) => path);
};

describe("the entrance of a platform", () => {
  it("is what the configuration says", () => {
    expect(entrance(both, "aws", { ...right, machineRevocations: pem("X509 CRL") })).toEqual({
      mode: "l7-terminate",
      certificateId: right.certificateId,
      machine: { certificates: pem("CERTIFICATE").text, revocations: pem("X509 CRL").text },
      clinician: signIn,
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

  it("asks for no sign-in and reads no list of revoked certificates on Azure", () => {
    const onAzure = { ...right, hasClinicianClientSecret: false };
    expect(paths(both, onAzure, "azure")).toEqual([]);
    expect(paths(both, { ...right, machineRevocations: pem("X509 CRL") }, "azure")).toEqual([
      "bulkhead:machineRevocations",
      "bulkhead:clinicianClientSecret",
    ]);
  });

  it("needs nothing where TCP is passed through", () => {
    expect(entrance({ mode: "l4-passthrough", clients: ["machine"] }, "aws", nothing)).toEqual({
      mode: "l4-passthrough",
    });
  });

  it("leaves out what is said of clients that it does not admit", () => {
    expect(entrance({ mode: "l7-terminate", clients: ["machine"] }, "aws", right)).toMatchObject({
      clinician: undefined,
    });
    expect(entrance({ mode: "l7-terminate", clients: ["clinician"] }, "aws", right)).toMatchObject({
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
    expect(() => entrance(both, "aws", nothing)).toThrow(PlatformError);
    expect(() => entrance(both, "aws", nothing)).toThrow(
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
