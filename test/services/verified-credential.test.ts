import { createPublicKey, X509Certificate } from "node:crypto";

import { beforeAll, describe, expect, it } from "vitest";

import type { WorkloadCredential } from "../../model/workload-credential";
import { CredentialRefused, verifiedCredential } from "../../services/credentials/verified-credential";

import { ExtendedKeyUsage, TestAuthority, type LeafWishes } from "./test-authority";

const spiffeId = "spiffe://ai.hospital.example/zone/processing/workload/rag-service";
const now = new Date();

let authority: TestAuthority;
let stranger: TestAuthority;
beforeAll(async () => {
  authority = await TestAuthority.create();
  stranger = await TestAuthority.create("stranger");
});

/** What is said of a credential that is refused. */
function refusal(credential: unknown, at = now): readonly string[] {
  try {
    verifiedCredential(
      typeof credential === "string" ? credential : JSON.stringify(credential),
      spiffeId,
      at,
    );
  } catch (error) {
    if (error instanceof CredentialRefused) {
      return error.problems;
    }
    throw error;
  }
  return [];
}

async function withOne(wishes: LeafWishes): Promise<WorkloadCredential> {
  return authority.credential(spiffeId, { 100: wishes });
}

const unusable = (why: string): readonly string[] => [`The certificate of epoch 100 cannot be used: ${why}.`];

describe("a credential", () => {
  it("gives the certificate of the newest epoch, whatever the order", async () => {
    const credential = await authority.credential(spiffeId, { 99: { until: 900 }, 100: {} });
    for (const certificates of [credential.certificates, credential.certificates.toReversed()]) {
      const verified = verifiedCredential(JSON.stringify({ ...credential, certificates }), spiffeId, now);
      expect(verified.epoch).toBe(100);
      expect(verified.passedOver).toEqual([]);
      expect(verified.trustBundle).toBe(authority.bundle);
      const leaf = new X509Certificate(verified.certificateChain);
      expect(verified.serial).toBe(leaf.serialNumber);
      expect(verified.notAfter).toEqual(new Date(leaf.validTo));
      expect(createPublicKey(verified.privateKey).export({ type: "spki", format: "der" })).toEqual(
        leaf.publicKey.export({ type: "spki", format: "der" }),
      );
    }
  });

  it("gives the one before while the newest cannot be used, and says why", async () => {
    const credential = await authority.credential(spiffeId, { 99: {}, 100: { from: 1 } });
    const { epoch, passedOver } = verifiedCredential(JSON.stringify(credential), spiffeId, now);
    expect(epoch).toBe(99);
    expect(passedOver).toEqual([
      expect.stringMatching(/^The certificate of epoch 100 cannot be used: it is not valid before .*\.$/),
    ]);
  });

  it("gives the one before while the newest is no certificate", async () => {
    const credential = await authority.credential(spiffeId, { 99: {}, 100: {} });
    const [newest, before] = credential.certificates;
    const certificates = [
      { ...newest, certificateChain: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
      before,
    ];
    const { epoch, passedOver } = verifiedCredential(
      JSON.stringify({ ...credential, certificates }),
      spiffeId,
      now,
    );
    expect(epoch).toBe(99);
    expect(passedOver).toEqual(unusable("its chain holds what is no certificate"));
  });

  it.each<[string, LeafWishes, string]>([
    ["another workload's", { uris: [`${spiffeId}-2`] }, `its identity is ${spiffeId}-2, and not ${spiffeId}`],
    [
      "two identities",
      { uris: [spiffeId, `${spiffeId}-2`] },
      `its identity is ${spiffeId} and ${spiffeId}-2, and not ${spiffeId}`,
    ],
    [
      "a name that only reads like it",
      { uris: [`spiffe://x/a, URI:${spiffeId}`] },
      `its identity is spiffe://x/a, URI:${spiffeId}, and not ${spiffeId}`,
    ],
    ["no identity", { uris: [] }, `its identity is none, and not ${spiffeId}`],
    ["no names at all", { uris: [], dnsNames: [] }, `its identity is none, and not ${spiffeId}`],
    ["an authority's", { isAuthority: true }, "it is an authority's, and no workload's"],
    ["no use as a server", { usages: [ExtendedKeyUsage.clientAuth] }, "it is not for servers"],
    ["no use as a client", { usages: [ExtendedKeyUsage.serverAuth] }, "it is not for clients"],
    ["no use", { usages: [] }, "it is not for servers and not for clients"],
  ])("is refused with %s", async (_, wishes, why) => {
    expect(refusal(await withOne(wishes))).toEqual(unusable(why));
  });

  it("is refused before it is valid and after", async () => {
    const credential = await withOne({ from: -1, until: 1 });
    const leaf = new X509Certificate(credential.certificates[0]?.certificateChain ?? "");
    expect(refusal(credential)).toEqual([]);
    expect(refusal(credential, new Date(Date.parse(leaf.validTo) + 1))).toEqual(
      unusable(`it expired on ${leaf.validTo}`),
    );
    expect(refusal(credential, new Date(Date.parse(leaf.validFrom) - 1))).toEqual(
      unusable(`it is not valid before ${leaf.validFrom}`),
    );
  });

  it("is refused when its authority has expired, and when the root has", async () => {
    const credential = await withOne({ until: 24 * 4000 });
    const afterIntermediate = new Date(now.getTime() + 366 * 24 * 3_600_000);
    expect(refusal(credential, afterIntermediate)).toEqual([
      expect.stringContaining("cannot be used: the authority CN=root intermediate expired on "),
    ]);
    const afterRoot = new Date(now.getTime() + 3651 * 24 * 3_600_000);
    expect(refusal(credential, afterRoot)).toEqual(["No authority of the trust bundle is valid."]);
  });

  it("is refused with another certificate's key, or none that can be read, and shows neither", async () => {
    const credential = await withOne({});
    const other = await authority.issue(spiffeId);
    const [certificate] = credential.certificates;
    const withKey = (privateKey: string): unknown => ({
      ...credential,
      certificates: [{ ...certificate, privateKey }],
    });
    expect(refusal(withKey(other.key))).toEqual(unusable("the key is another certificate's"));
    expect(refusal(withKey("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"))).toEqual(
      unusable("its key cannot be read"),
    );
    expect(refusal(withKey("c2VjcmV0"))).toEqual(["certificates.0.privateKey: is not a private key in PEM."]);
  });

  it("is refused from an authority outside of the trust bundle", async () => {
    const credential = await stranger.credential(spiffeId);
    expect(refusal({ ...credential, trustBundle: authority.bundle })).toEqual(
      unusable("no valid authority of the trust bundle issued it"),
    );
  });

  it("is refused without the authority between it and the root, or with another's", async () => {
    const good = await authority.issue(spiffeId);
    const alone = `${good.certificate.toString("pem")}\n`;
    const other = (await stranger.issue(spiffeId)).chain.split(/(?<=-----END CERTIFICATE-----\n)/)[1] ?? "";
    const credential = (certificateChain: string): unknown => ({
      spiffeId,
      trustBundle: authority.bundle,
      certificates: [{ epoch: 100, certificateChain, privateKey: good.key }],
    });
    expect(refusal(credential(good.chain))).toEqual([]);
    expect(refusal(credential(alone))).toEqual(unusable("no valid authority of the trust bundle issued it"));
    expect(refusal(credential(alone + other))).toEqual(
      unusable("it is not issued by CN=stranger intermediate, which follows it in the chain"),
    );
  });

  it("is refused from another workload, and from an authority that only has the name", async () => {
    const workload = await authority.issue(`${spiffeId}-2`);
    const byWorkload = await authority.issue(spiffeId, {}, workload);
    const namesake = await (await TestAuthority.create()).issue(spiffeId);
    const [leaf = ""] = namesake.chain.split(/(?<=-----END CERTIFICATE-----\n)/);
    const [, intermediate = ""] = workload.chain.split(/(?<=-----END CERTIFICATE-----\n)/);
    const credential = (certificateChain: string, privateKey: string): unknown => ({
      spiffeId,
      trustBundle: authority.bundle,
      certificates: [{ epoch: 100, certificateChain, privateKey }],
    });
    expect(refusal(credential(byWorkload.chain, byWorkload.key))).toEqual(
      unusable("it is not issued by CN=workload, which follows it in the chain"),
    );
    expect(refusal(credential(leaf + intermediate, namesake.key))).toEqual(
      unusable("it is not issued by CN=root intermediate, which follows it in the chain"),
    );
  });

  it("is refused when its own root has expired, whoever else is trusted", async () => {
    const shortLived = await TestAuthority.create("short-lived", 24);
    const credential = await shortLived.credential(spiffeId);
    const both = { ...credential, trustBundle: shortLived.bundle + authority.bundle };
    expect(refusal(both)).toEqual([]);
    expect(refusal(both, new Date(now.getTime() + 25 * 3_600_000))).toEqual(
      unusable("no valid authority of the trust bundle issued it"),
    );
  });

  it("is refused with a trust bundle of anything but roots", async () => {
    const credential = await withOne({});
    const intermediate =
      credential.certificates[0]?.certificateChain.split(/(?<=-----END CERTIFICATE-----\n)/)[1] ?? "";
    expect(refusal({ ...credential, trustBundle: intermediate })).toEqual([
      "The trust bundle holds CN=root intermediate, which is no root authority.",
    ]);
    expect(refusal({ ...credential, trustBundle: "none" })).toEqual([
      "trustBundle: is not a certificate in PEM.",
    ]);
  });

  it("is refused if it is another workload's, whatever its certificates", async () => {
    const credential = await withOne({});
    expect(refusal({ ...credential, spiffeId: `${spiffeId}-2` })).toEqual([
      `It is the credential of ${spiffeId}-2, and not of ${spiffeId}.`,
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    ["no JSON", "secret-text", ["It is no JSON."]],
    ["nothing", "", ["It is no JSON."]],
    ["a list", "[]", ["It: Invalid input: expected object, received array."]],
  ])("is refused if it is %s, and is not shown", (_, text, problems) => {
    expect(refusal(text)).toEqual(problems);
  });

  it("is refused without certificates", async () => {
    expect(refusal({ ...(await withOne({})), certificates: [] })).toEqual([
      expect.stringMatching(/^certificates: /),
    ]);
  });
});
