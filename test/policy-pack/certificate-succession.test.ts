import { describe, expect, it } from "vitest";

import { judge } from "../../policy-pack/judge";
import type { ListedCertificate } from "../../policy-pack/listed-certificates";
import type { StackResource } from "../../policy-pack/stack-resource";
import { noWaivers } from "../../policy-pack/waivers";

import { pemCertificates } from "./pem-certificates";
import { Sketch, unknownText, type Knowledge } from "./stack-sketch";

type Properties = Readonly<Record<string, unknown>>;

const tls = {
  key: "tls:index/privateKey:PrivateKey",
  request: "tls:index/certRequest:CertRequest",
  signed: "tls:index/locallySignedCert:LocallySignedCert",
} as const;
const issued = {
  aws: "aws:acmpca/certificate:Certificate",
  gcp: "gcp:certificateauthority/certificate:Certificate",
} as const;

const ragService = "spiffe://ai.hospital.example/zone/processing/workload/rag-service";
const fhirProxy = "spiffe://ai.hospital.example/zone/processing/workload/fhir-proxy";

/** How a certificate of a stack is asked for. */
interface Asked {
  readonly name: string;
  readonly uris?: unknown;
  /** The name of its key; one of its own where it names none. */
  readonly key?: string;
  readonly by?: "tls" | "aws" | "gcp";
  readonly set?: Properties;
}

function stackOf(asked: readonly Asked[], knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  const keys = new Map<string, string>();
  for (const { name, uris = [ragService], key: keyName = `${name}-key`, by = "tls", set = {} } of asked) {
    const key = keys.get(keyName) ?? stack.add(tls.key, keyName, { algorithm: "ECDSA", ecdsaCurve: "P256" });
    keys.set(keyName, key);
    const request = stack.add(tls.request, `${name}-request`, {
      privateKeyPem: `${key}.privateKeyPem`,
      ...(uris === undefined ? {} : { uris }),
    });
    const csr = `${request}.certRequestPem`;
    switch (by) {
      case "tls":
        stack.add(tls.signed, name, {
          certRequestPem: csr,
          validityPeriodHours: 2160,
          earlyRenewalHours: 720,
          allowedUses: ["digital_signature", "server_auth", "client_auth"],
          ...set,
        });
        break;
      case "aws":
        stack.add(issued.aws, name, {
          certificateAuthorityArn: "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1",
          certificateSigningRequest: csr,
          signingAlgorithm: "SHA256WITHECDSA",
          templateArn: "arn:aws:acm-pca:::template/EndEntityCertificate/V1",
          validity: { type: "DAYS", value: "90" },
          ...set,
        });
        break;
      case "gcp":
        stack.add(issued.gcp, name, {
          pool: "hospital",
          location: "us-central1",
          pemCsr: csr,
          lifetime: "7776000s",
          config: {
            x509Config: {
              caOptions: { isCa: false },
              keyUsage: { extendedKeyUsage: { serverAuth: true, clientAuth: true } },
            },
          },
          ...set,
        });
    }
  }
  return stack;
}

/** Lets a platform of ours declare workloads. */
function ours(stack: Sketch, ...spiffeIds: readonly string[]): Sketch {
  stack.addRaw({
    urn: "urn:pulumi:test::bulkhead::bulkhead:index:Platform::bulkhead",
    type: "bulkhead:index:Platform",
    name: "bulkhead",
    inputs: {},
    outputs: {
      platform: "bulkhead",
      cloud: "aws",
      workloads: spiffeIds.map((spiffeId) => ({
        id: spiffeId.split("/").at(-1),
        zone: "processing",
        spiffeId,
      })),
      flows: [],
    },
    custom: false,
    parent: undefined,
    computed: [],
  });
  return stack;
}

/** Resources with what their providers put out. */
function withOutputs(stack: Sketch, outputs: Readonly<Record<string, Properties>>): readonly StackResource[] {
  return stack
    .resources()
    .map((resource) =>
      Object.hasOwn(outputs, resource.name)
        ? { ...resource, outputs: { ...resource.outputs, ...outputs[resource.name] } }
        : resource,
    );
}

const times = (end: string): Properties => ({
  validityStartTime: new Date(Date.parse(end) - 2160 * 3_600_000).toISOString(),
  validityEndTime: end,
});

const today = "2026-11-30";

function found(
  stack: Sketch,
  resources: readonly StackResource[] = stack.resources(),
  day: string = today,
): readonly string[] {
  return judge(resources, {
    dryRun: stack.knowledge === "preview",
    waivers: { ...noWaivers, today: day },
  })
    .findings.filter(({ rule }) => rule === "certificates-rotate")
    .map(({ level, verdict, summary }) => `${level}, ${verdict}: ${summary}`);
}

const two = (set: Partial<Asked> = {}): readonly Asked[] => [
  { name: "rag-691", ...set },
  { name: "rag-692", ...set },
];

const late = (name: string, hours: number, whose = ragService): string =>
  `mandatory, open: LocallySignedCert ${name}: It has ${String(hours)} hours left, and is the newest of ${whose}; 720 hours are the least.`;

describe.each(["stranger", "ours"] as const)("on a stack of a %s", (whose) => {
  const stackFor = (asked: readonly Asked[], knowledge: Knowledge): Sketch =>
    whose === "ours" ? ours(stackOf(asked, knowledge), ragService) : stackOf(asked, knowledge);

  it.each(["preview", "deployed"] as const)(
    "two certificates with keys of their own are accepted, %s",
    (knowledge) => {
      expect(found(stackFor(two(), knowledge))).toEqual([]);
    },
  );

  it("the newest counts, wherever in the stack it is", () => {
    const stack = stackFor(two(), "deployed");
    const outputs = {
      "rag-691": times("2026-12-05T00:00:00Z"),
      "rag-692": times("2027-02-01T00:00:00Z"),
    };
    const resources = withOutputs(stack, outputs);
    expect(found(stack, resources)).toEqual([]);
    expect(found(stack, [...resources].reverse())).toEqual([]);
    // The later name is the older certificate.
    const swapped = withOutputs(stack, {
      "rag-691": outputs["rag-692"],
      "rag-692": outputs["rag-691"],
    });
    expect(found(stack, swapped)).toEqual([]);
  });

  it("is refused from the day on which the newest has less left than it has to have", () => {
    const stack = stackFor(two(), "deployed");
    const resources = withOutputs(stack, {
      "rag-691": times("2026-12-05T00:00:00Z"),
      "rag-692": times("2026-12-30T00:00:00Z"),
    });
    expect(found(stack, resources)).toEqual([]);
    expect(found(stack, resources, "2026-12-01")).toEqual([late("rag-692", 696)]);
    expect(found(stack, [...resources].reverse(), "2026-12-01")).toEqual([late("rag-692", 696)]);
    expect(found(stack, resources, "2027-01-02")).toEqual([late("rag-692", -72)]);
  });

  it("is refused for what is due and was deployed before, in a preview that does not renew it", () => {
    const stack = stackFor(two(), "preview");
    const old = { "rag-691": times("2026-12-05T00:00:00Z"), "rag-692": times("2026-12-20T00:00:00Z") };
    expect(found(stack, withOutputs(stack, old))).toEqual([late("rag-692", 480)]);
    // As the engine shows what is made anew.
    const renewed = { ...old, "rag-692": { validityStartTime: unknownText, validityEndTime: unknownText } };
    expect(found(stack, withOutputs(stack, renewed))).toEqual([]);
  });

  it("what lives for a short time is refused once it has ended", () => {
    const short = { validityPeriodHours: 24, earlyRenewalHours: 8 };
    const stack = stackFor(two({ set: short }), "deployed");
    const ends = (end: string): readonly StackResource[] =>
      withOutputs(stack, {
        "rag-691": { validityStartTime: "2026-11-29T00:00:00Z", validityEndTime: "2026-11-30T00:00:00Z" },
        "rag-692": { validityStartTime: "2026-11-29T12:00:00Z", validityEndTime: end },
      });
    expect(found(stack, ends("2026-11-30T12:00:00Z"))).toEqual([]);
    expect(found(stack, ends("2026-11-30T00:30:00Z"))).toEqual([
      `mandatory, open: LocallySignedCert rag-692: It has 0.5 hours left, and is the newest of ${ragService}; 1 hours are the least.`,
    ]);
  });

  it("those of another do not take its place", () => {
    const stack = ours(
      stackOf(
        [...two(), { name: "fhir-691", uris: [fhirProxy] }, { name: "fhir-692", uris: [fhirProxy] }],
        "deployed",
      ),
      ragService,
      fhirProxy,
    );
    const resources = withOutputs(stack, {
      "rag-691": times("2026-12-05T00:00:00Z"),
      "rag-692": times("2026-12-20T00:00:00Z"),
      "fhir-691": times("2027-01-20T00:00:00Z"),
      "fhir-692": times("2027-02-20T00:00:00Z"),
    });
    expect(found(stack, resources)).toEqual([late("rag-692", 480)]);
  });
});

describe("a key for which there are two certificates", () => {
  const same = `Not each of ${ragService} is for a key of its own (LocallySignedCert rag-692), so that a stolen key is of use for longer than a certificate.`;

  it.each(["preview", "deployed"] as const)(
    "refuses a platform of ours, and is advised of elsewhere, %s",
    (knowledge) => {
      const shared = two({ key: "rag-key" });
      expect(found(ours(stackOf(shared, knowledge), ragService))).toEqual([
        `mandatory, open: LocallySignedCert rag-692: ${same}`,
      ]);
      expect(found(stackOf(shared, knowledge))).toEqual([
        `advisory, open: LocallySignedCert rag-692: ${same}`,
      ]);
    },
  );

  it("is none where two holders have one each", () => {
    // It is the one key of two workloads, which is for whoever reads where keys are.
    const stack = stackOf(
      [
        { name: "rag-692", key: "one" },
        { name: "fhir-692", key: "one", uris: [fhirProxy] },
      ],
      "preview",
    );
    expect(found(stack)).toEqual([]);
  });
});

describe("a workload of ours", () => {
  it.each(["preview", "deployed"] as const)("has two certificates, %s", (knowledge) => {
    const only = `It is the only one of ${ragService}, so that its key is kept when it is renewed, or whoever still shows the old one is turned away.`;
    const one: readonly Asked[] = [{ name: "rag-692" }];
    expect(found(ours(stackOf(one, knowledge), ragService))).toEqual([
      `mandatory, open: LocallySignedCert rag-692: ${only}`,
    ]);
    expect(found(ours(stackOf(one, knowledge), fhirProxy))).toEqual([]);
    expect(found(stackOf(one, knowledge))).toEqual([]);
  });

  it("has one of which it is known when it ends, once it is deployed", () => {
    const hidden = { "rag-691": times("2026-12-05T00:00:00Z"), "rag-692": { validityEndTime: "some day" } };
    const stack = ours(stackOf(two(), "deployed"), ragService);
    // What cannot be read may end before what can be.
    expect(found(stack, withOutputs(stack, hidden))).toEqual([late("rag-691", 120)]);
    const both = { "rag-691": { validityEndTime: "some day" }, "rag-692": { validityEndTime: "some day" } };
    expect(found(stack, withOutputs(stack, both))).toEqual([
      `mandatory, undetermined: LocallySignedCert rag-692: It may be due, and is the newest of ${ragService} that is known of.`,
    ]);
    const stranger = stackOf(two(), "deployed");
    expect(found(stranger, withOutputs(stranger, both))).toEqual([]);
  });
});

describe("certificates that a cloud's authority issues", () => {
  const notShown = (label: string): string =>
    `mandatory, undetermined: Certificate ${label}: Nothing in the stack renews it.`;

  it.each(["aws", "gcp"] as const)("are shown to be renewed by their successors, %s", (by) => {
    const of = (asked: readonly Asked[]): readonly string[] =>
      found(ours(stackOf(asked, "preview"), ragService)).filter((text) => text.includes("renews"));
    expect(of(two({ by }))).toEqual([]);
    expect(of([{ name: "rag-692", by }])).toEqual([notShown("rag-692")]);
    expect(of(two({ by, key: "one" }))).toEqual([notShown("rag-691"), notShown("rag-692")]);
    expect(of(two({ by, uris: [unknownText] }))).toEqual([notShown("rag-691"), notShown("rag-692")]);
    expect(
      of([
        { name: "rag-692", by },
        { name: "fhir-692", by, uris: [fhirProxy] },
      ]),
    ).toEqual([notShown("fhir-692"), notShown("rag-692")]);
    expect(
      of([
        { name: "a", by, uris: [] },
        { name: "b", by, uris: [] },
      ]),
    ).toEqual([notShown("a"), notShown("b")]);
  });

  it.each(["aws", "gcp"] as const)("are due by what they say themselves once they are issued, %s", (by) => {
    const stack = stackOf(two({ by }), "deployed");
    const property = by === "aws" ? "certificate" : "pemCertificate";
    const certificate = { [property]: pemCertificates.leafOfNinetyDays };
    const resources = withOutputs(stack, { "rag-691": certificate, "rag-692": certificate });
    const of = (day: string): readonly string[] =>
      found(stack, resources, day).filter((text) => text.includes("left"));
    expect(of("2026-01-15")).toEqual([]);
    expect(of("2026-03-15")).toEqual([
      `mandatory, open: Certificate rag-692: It has 409 hours left, and is the newest of ${ragService}; 720 hours are the least.`,
    ]);
  });

  it("and that end on a date live no longer than from the day on which they are judged", () => {
    const until = (value: string, day: string, type = "END_DATE"): readonly string[] =>
      found(
        ours(stackOf(two({ by: "aws", set: { validity: { type, value } } }), "preview"), ragService),
        undefined,
        day,
      );
    const lives = (name: string, hours: number): string =>
      `mandatory, open: Certificate ${name}: It lives ${String(hours)} hours; a workload's may live 2160 hours.`;
    expect(until("2027-02-28T00:00:00Z", "2026-11-30")).toEqual([]);
    expect(until("20270228000000", "2026-11-30")).toEqual([]);
    expect(until("270228000000", "2026-11-30")).toEqual([]);
    expect(until(String(Date.parse("2027-02-28T00:00:00Z") / 1000), "2026-11-30", "ABSOLUTE")).toEqual([]);
    expect(until("2027-02-28T01:00:00Z", "2026-11-30")).toEqual(
      expect.arrayContaining([lives("rag-691", 2161), lives("rag-692", 2161)]),
    );
    expect(until("2027-02-28T00:00:00Z", "2026-11-29")).toEqual(
      expect.arrayContaining([lives("rag-691", 2184), lives("rag-692", 2184)]),
    );
    expect(until("some day", "2026-11-30")).toContain(
      "mandatory, undetermined: Certificate rag-692: It may live longer than a workload's may.",
    );
    expect(until("2026-12-10T00:00:00Z", "2026-11-30")).toEqual([]);
  });
});

describe("the list of certificates", () => {
  function listed(resources: readonly StackResource[], dryRun = false): readonly ListedCertificate[] {
    return [...judge(resources, { dryRun, waivers: { ...noWaivers, today } }).certificates];
  }

  it("says whose they are, how long they have left and what renews them, whatever the order", () => {
    const stack = stackOf([...two(), { name: "other", uris: [fhirProxy] }], "deployed");
    const resources = withOutputs(stack, {
      "rag-691": times("2026-12-05T00:00:00Z"),
      "rag-692": times("2026-12-20T00:00:00Z"),
    });
    const list = listed(resources);
    expect(list).toEqual(listed([...resources].reverse()));
    expect(
      list.map(({ peer, hoursLeft, isPlanned, isNewest, isDue, renewal }) => ({
        peer,
        hoursLeft,
        isPlanned,
        isNewest,
        isDue,
        renewal,
      })),
    ).toEqual([
      {
        peer: fhirProxy,
        hoursLeft: 2160,
        isPlanned: true,
        isNewest: true,
        isDue: false,
        renewal: "what issues it, 720 hours before it ends",
      },
      {
        peer: ragService,
        hoursLeft: 480,
        isPlanned: false,
        isNewest: true,
        isDue: true,
        renewal: "the first deployment from 2026-11-20 on",
      },
      {
        peer: ragService,
        hoursLeft: 120,
        isPlanned: false,
        isNewest: false,
        isDue: false,
        renewal: "the first deployment from 2026-11-05 on",
      },
    ]);
  });

  it("calls due what hides when it ends", () => {
    const stack = stackOf(two(), "deployed");
    const hidden = { validityEndTime: "[secret]" };
    const list = listed(withOutputs(stack, { "rag-691": hidden, "rag-692": hidden }));
    expect(list.map(({ peer, isDue }) => [peer, isDue])).toEqual([
      [ragService, true],
      [ragService, false],
    ]);
  });
});
