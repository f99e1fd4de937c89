import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  certificateEpoch,
  epochHours,
  livingEpochs,
  livingIntermediates,
  rootOf,
  trustedRoots,
} from "../../model/certificate-epoch";
import {
  maximumIntermediateLifetimeHours,
  maximumLifetimeHours,
  maximumRootLifetimeHours,
  minimumRenewalHours,
  type CertificatePolicy,
} from "../../model/certificate-policy";

const hourMs = 3_600_000;

/** The shorter of the lives that the issuers give to authorities: a year, and ten less two or three days. */
const intermediateHours = 365 * 24;
const rootHours = 3650 * 24;

function policyOf(lifetimeHours: number, renewBeforeHours: number): CertificatePolicy {
  return { issuer: "built-in", lifetimeHours, renewBeforeHours, minimumTls: "1.3" };
}

const usual = policyOf(2160, 720);

/** Every policy whose certificates live for an epoch of an hour or more after they could be renewed. */
const policies = fc
  .integer({ min: minimumRenewalHours + 2, max: maximumLifetimeHours })
  .chain((lifetimeHours) =>
    fc
      .integer({ min: minimumRenewalHours, max: lifetimeHours - 2 })
      .map((renewBeforeHours) => policyOf(lifetimeHours, renewBeforeHours)),
  );

/** A certificate, an authority's or another, with when it is issued and when it ends, in hours since 1970. */
interface Living {
  readonly issued: number;
  readonly ends: number;
}

/** What a stack has after each of its deployments. */
interface Deployed {
  readonly at: number;
  readonly certificates: ReadonlyMap<number, Living>;
  readonly intermediates: ReadonlyMap<number, Living>;
  readonly roots: ReadonlyMap<number, Living>;
}

/** Deploys at times, in hours since 1970: what is there already stays, what is new is issued, what is old goes. */
function deployments(policy: CertificatePolicy, times: readonly number[]): readonly Deployed[] {
  const all: Deployed[] = [];
  for (const at of times) {
    const before = all.at(-1);
    const now = new Date(at * hourMs);
    const living = (
      numbers: readonly number[],
      kept: ReadonlyMap<number, Living> | undefined,
      hours: number,
    ): ReadonlyMap<number, Living> =>
      new Map(numbers.map((number) => [number, kept?.get(number) ?? { issued: at, ends: at + hours }]));
    all.push({
      at,
      certificates: living(
        livingEpochs(policy, now).map(({ number }) => number),
        before?.certificates,
        policy.lifetimeHours,
      ),
      intermediates: living(livingIntermediates(policy, now), before?.intermediates, intermediateHours),
      roots: living(trustedRoots(policy, now), before?.roots, rootHours),
    });
  }
  return all;
}

/** Deployments of which none is later after the one before it than an epoch is long, from any time between 2020 and 2090. */
const histories = policies.chain((policy) =>
  fc
    .tuple(
      fc.integer({ min: 438_000, max: 1_052_000 }),
      fc.array(fc.double({ min: 0, max: epochHours(policy), noNaN: true }), { minLength: 1, maxLength: 40 }),
    )
    .map(([first, gaps]) => {
      const times = gaps.reduce<readonly number[]>((all, gap) => [...all, (all.at(-1) ?? 0) + gap], [first]);
      return { policy, all: deployments(policy, times), gaps };
    }),
);

describe("an epoch", () => {
  it("is half of what a certificate lives before it is due: thirty days, from midnight on", () => {
    expect(epochHours(usual)).toBe(720);
    const [current, previous] = livingEpochs(usual, new Date("2026-11-30T10:00:00Z"));
    expect(current).toEqual({
      number: 692,
      begins: new Date("2026-11-03T00:00:00Z"),
      ends: new Date("2026-12-03T00:00:00Z"),
      intermediate: 115,
      root: 11,
    });
    expect(previous).toEqual(certificateEpoch(usual, 691));
    expect(previous.ends).toEqual(current.begins);
  });

  it("has an hour at least", () => {
    expect(epochHours(policyOf(721, 720))).toBe(1);
    expect(epochHours(policyOf(722, 720))).toBe(1);
    expect(epochHours(policyOf(724, 720))).toBe(2);
  });

  it("begins where the one before it ends, at whatever time it is asked for", () => {
    fc.assert(
      fc.property(
        policies,
        fc.date({ min: new Date(0), max: new Date("2090-01-01"), noInvalidDate: true }),
        (policy, now) => {
          const [current, previous] = livingEpochs(policy, now);
          expect(current.begins.getTime()).toBeLessThanOrEqual(now.getTime());
          expect(current.ends.getTime()).toBeGreaterThan(now.getTime());
          expect(previous.ends).toEqual(current.begins);
          expect(previous.number).toBe(current.number - 1);
        },
      ),
    );
  });
});

describe("certificates of a stack that is deployed once an epoch or more often", () => {
  it("are never due: the newest has left what a renewal has to leave, up to the next deployment", () => {
    fc.assert(
      fc.property(histories, ({ policy, all, gaps }) => {
        for (const [index, { at, certificates }] of all.entries()) {
          const newest = Math.max(...[...certificates.values()].map(({ ends }) => ends));
          const next = at + (gaps[index] ?? 0);
          expect(newest - next).toBeGreaterThanOrEqual(policy.renewBeforeHours);
        }
      }),
    );
  });

  it("are never issued twice for one key: none is due as long as it is asked for", () => {
    fc.assert(
      fc.property(histories, ({ policy, all }) => {
        for (const { at, certificates } of all) {
          for (const { ends } of certificates.values()) {
            expect(ends - at).toBeGreaterThan(policy.renewBeforeHours);
          }
        }
      }),
    );
  });

  it("keep, for whoever has not fetched the new one, the one before it", () => {
    fc.assert(
      fc.property(histories, ({ all }) => {
        for (const [index, { certificates }] of all.entries()) {
          const before = all[index - 1]?.certificates;
          if (before !== undefined) {
            const current = Math.max(...before.keys());
            expect(certificates.has(current)).toBe(true);
          }
        }
      }),
    );
  });

  it("end before what issued them does, and that before its root", () => {
    fc.assert(
      fc.property(histories, ({ policy, all }) => {
        for (const { certificates, intermediates, roots } of all) {
          for (const [number, { ends }] of certificates) {
            const { intermediate, root } = certificateEpoch(policy, number);
            expect(intermediates.get(intermediate)?.ends).toBeGreaterThan(ends);
            expect(roots.get(root)?.ends).toBeGreaterThan(intermediates.get(intermediate)?.ends ?? 0);
            expect(root).toBe(rootOf(intermediate));
          }
        }
      }),
    );
  });

  it("are of a root that was trusted before they were issued, wherever there was a deployment before", () => {
    fc.assert(
      fc.property(histories, ({ policy, all }) => {
        for (const [index, { certificates }] of all.entries()) {
          const before = all[index - 1];
          for (const number of before === undefined ? [] : certificates.keys()) {
            expect(before?.roots.has(certificateEpoch(policy, number).root)).toBe(true);
          }
        }
      }),
    );
  });
});

describe("authorities", () => {
  it("live within their bounds", () => {
    expect(intermediateHours).toBeLessThanOrEqual(maximumIntermediateLifetimeHours);
    expect(rootHours).toBeLessThanOrEqual(maximumRootLifetimeHours);
  });

  it("are one of each at most times, and two while one takes the place of the other", () => {
    const at = (time: string): readonly (readonly number[])[] => {
      const now = new Date(time);
      return [livingIntermediates(usual, now), trustedRoots(usual, now)];
    };
    expect(at("2026-11-30T10:00:00Z")).toEqual([[115], [11]]);
    expect(at("2026-09-05T00:00:00Z")).toEqual([[115, 114], [11]]);
    expect(at("2029-02-10T00:00:00Z")).toEqual([[119], [12, 11]]);
    expect(at("2029-03-20T00:00:00Z")).toEqual([
      [120, 119],
      [12, 11],
    ]);
    expect(at("2029-06-20T00:00:00Z")).toEqual([[120], [12]]);
  });
});
