import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { upstreamsOf } from "../../components/mesh/ports";
import { discoveryName } from "../../model/discovery-name";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { declaredPairs, workloadIds } from "./declared-flows";
import { throughOwnProxy } from "./direct-request";
import { faultyCertificates } from "./faulty-certificates";
import { Impostor, type Disguise } from "./impostor";
import type { LogLine } from "./running-envoy";
import type { CertificateText } from "./test-authority";
import { newAddress, TestMesh } from "./test-mesh";

const spec = platformSpec(referencePlatform);
let mesh: TestMesh;

/** Who answers in the place of each workload that others call. */
const impostors = new Map<string, Impostor>();

/** How an impostor answers, and what the caller's proxy says of it; `undefined` where nothing is wrong, which shows that the rest is no accident. */
interface Attempt {
  readonly disguise: string;
  readonly make: (says: CertificateText) => Disguise;
  readonly reason: RegExp | undefined;
}

const attempts: readonly Attempt[] = [
  {
    disguise: "the right certificate",
    make: (says) => ({ certificate: mesh.authority.issue(says) }),
    reason: undefined,
  },
  ...faultyCertificates.map(({ fault, make, reason }) => ({
    disguise: `a certificate ${fault}`,
    make: (says: CertificateText) => ({ certificate: make(mesh.authority, says) }),
    reason,
  })),
  ...workloadIds.map((id) => ({
    disguise: `the certificate of ${id}`,
    make: () => ({ certificate: mesh.issue(mesh.workload(id)) }),
    reason: /verify_cert_failed:_SAN_matcher/,
  })),
  {
    disguise: "an identity that continues the right one",
    make: (says) => ({ certificate: mesh.authority.issue({ ...says, spiffeId: `${says.spiffeId}-2` }) }),
    reason: /verify_cert_failed:_SAN_matcher/,
  },
  {
    disguise: "TLS 1.2",
    make: (says) => ({ certificate: mesh.authority.issue(says), tls: "TLSv1.2" }),
    reason: /TLSV1_ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/,
  },
  {
    disguise: "no TLS",
    make: (says) => ({ certificate: mesh.authority.issue(says), isPlain: true }),
    reason: /WRONG_VERSION_NUMBER/,
  },
];

const cases = attempts.flatMap((attempt) =>
  declaredPairs
    .map(([from, to]) => ({ ...attempt, from, to }))
    // The certificate of the workload that is called is no disguise.
    .filter(({ disguise, to }) => disguise !== `the certificate of ${to}`),
);
type Case = (typeof cases)[number];

function requestId({ disguise, from, to }: Case): string {
  const [which, pair] = [
    attempts.findIndex((attempt) => attempt.disguise === disguise),
    declaredPairs.findIndex(([caller, called]) => caller === from && called === to),
  ];
  return `${String(which)}-${String(pair)}`;
}

const answers = new Map<string, { readonly status: number | undefined; readonly body: string }>();

beforeAll(async () => {
  mesh = await TestMesh.create(spec);
  const called = [...new Set(declaredPairs.map(([, to]) => to))];
  const peers = new Map<string, string>();
  for (const id of called) {
    const address = newAddress();
    peers.set(discoveryName(spec.trustDomain, mesh.workload(id)), address);
    impostors.set(id, await Impostor.start(address));
  }
  const callers = [...new Set(declaredPairs.map(([from]) => from))];
  await Promise.all(callers.map((id) => mesh.start(id, { peers })));
  for (const attempt of attempts) {
    impostors.forEach((impostor, id) => {
      impostor.disguise(attempt.make({ spiffeId: mesh.workload(id).spiffeId }));
    });
    await Promise.all(
      cases
        .filter(({ disguise }) => disguise === attempt.disguise)
        .map(async (one) => {
          const { place, workload } = mesh.pod(one.from);
          const upstream = upstreamsOf(spec, workload).find(({ workload: { id } }) => id === one.to);
          const headers = { "x-request-id": requestId(one) };
          answers.set(requestId(one), await throughOwnProxy(place.address, upstream?.port ?? 0, headers));
        }),
    );
  }
});

afterAll(async () => {
  await Promise.all([mesh.stop(), ...[...impostors.values()].map((impostor) => impostor.stop())]);
});

describe("whoever answers in the place of a workload", () => {
  it("is tried in every way on every flow", () => {
    expect(cases).toHaveLength(attempts.length * declaredPairs.length - declaredPairs.length);
  });

  const lineOf = async (one: Case): Promise<LogLine> => {
    const id = requestId(one);
    return mesh
      .pod(one.from)
      .envoy.line(
        `the call ${id}`,
        (line) => line["request_id"] === id && line["listener"] === `to-${one.to}`,
      );
  };

  it.each(cases.filter(({ reason }) => reason !== undefined))(
    "with $disguise is not taken for $to by $from",
    async (one) => {
      const id = requestId(one);

      expect(answers.get(id)?.status).toBe(503);
      expect(await lineOf(one)).toMatchObject({
        status: 503,
        upstream_failure: expect.stringMatching(one.reason ?? /$^/) as unknown,
      });
      expect(impostors.get(one.to)?.asked.has(id)).toBe(false);
    },
  );

  it.each(cases.filter(({ reason }) => reason === undefined))(
    "with $disguise is taken for $to by $from",
    async (one) => {
      const id = requestId(one);

      expect(answers.get(id)).toEqual({ status: 200, body: "impostor" });
      expect(await lineOf(one)).toMatchObject({
        upstream_peer: mesh.workload(one.to).spiffeId,
        upstream_failure: null,
      });
      expect(impostors.get(one.to)?.asked.has(id)).toBe(true);
    },
  );
});
