import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { upstreamsOf } from "../../components/mesh/ports";
import { parseCidr } from "../../model/cidr";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { declaredPairs, isDeclared, workloadIds } from "./declared-flows";
import { direct, throughOwnProxy, type DirectCaller, type Outcome } from "./direct-request";
import { faultyCertificates } from "./faulty-certificates";
import type { LogLine } from "./running-envoy";
import { TestAuthority } from "./test-authority";
import { newAddress, TestMesh, type TestPod } from "./test-mesh";

const spec = platformSpec(referencePlatform);
const balancer = {
  /** Where the load balancer calls from, which shows no certificate. */
  address: newAddress(),
  spiffeId: `spiffe://${spec.trustDomain}/zone/gateway/load-balancer`,
} as const;
/** Whose certificates the hospital's own programs show. */
const hospital = new TestAuthority("Hospital Root");

/** A listener that others reach, of which `ai-gateway` has one for each way in which it can be called. */
interface Listener {
  readonly title: string;
  readonly pod: () => TestPod;
  /** Whose certificates it takes; none takes any where it asks for none. */
  readonly authority: () => TestAuthority | undefined;
  /** Somebody whom it admits. */
  readonly admitted: { readonly spiffeId: string; readonly from?: string };
}

let mesh: TestMesh;
const edges = new Map<string, TestPod>();

function edgePod(kind: string): TestPod {
  const pod = edges.get(kind);
  if (pod === undefined) {
    throw new Error(`no ai-gateway was started for ${kind}`);
  }
  return pod;
}

const edgeListeners: readonly Listener[] = [
  {
    title: "ai-gateway, behind a load balancer without a certificate",
    pod: () => mesh.pod("ai-gateway"),
    authority: () => undefined,
    admitted: { spiffeId: balancer.spiffeId, from: balancer.address },
  },
  {
    title: "ai-gateway, behind a load balancer with a certificate",
    pod: () => edgePod("load-balancer"),
    authority: () => mesh.authority,
    admitted: { spiffeId: balancer.spiffeId },
  },
  {
    title: "ai-gateway, whose clients' connections are passed through",
    pod: () => edgePod("clients"),
    authority: () => hospital,
    admitted: { spiffeId: "spiffe://hospital.example/laboratory" },
  },
];

/** The first workload whose flows name another. */
function callerOf(id: string): string {
  const [caller] = declaredPairs.find(([, called]) => called === id) ?? [];
  if (caller === undefined) {
    throw new Error(`nobody calls ${id}`);
  }
  return caller;
}

const meshListeners: readonly Listener[] = workloadIds
  .filter((id) => id !== "ai-gateway")
  .map((id) => ({
    title: id,
    pod: () => mesh.pod(id),
    authority: () => mesh.authority,
    admitted: { spiffeId: spec.workloads.find((workload) => workload.id === callerOf(id))?.spiffeId ?? "" },
  }));

const listeners = [...edgeListeners, ...meshListeners];

beforeAll(async () => {
  mesh = await TestMesh.create(spec);
  const address = parseCidr(`${balancer.address}/32`);
  if (address === undefined) {
    throw new Error("the load balancer has no address");
  }
  const at = async (kind: string, edge: Parameters<TestMesh["startAt"]>[2]): Promise<void> => {
    edges.set(kind, await mesh.startAt("ai-gateway", newAddress(), edge));
  };
  await Promise.all([
    mesh.start("ai-gateway", { edge: { certificate: "none", addresses: [address] } }),
    ...meshListeners.map(({ title }) => mesh.start(title)),
    at("load-balancer", { edge: { certificate: "load-balancer", spiffeId: balancer.spiffeId } }),
    at("clients", { edge: { certificate: "clients", authorities: hospital.root } }),
  ]);
});

afterAll(() => mesh.stop());

/** A request that a test sent, with its lines in the access log of the proxy that it was sent to. */
interface Recorded {
  readonly outcome: Outcome;
  readonly connection: LogLine;
  /** Whether the program was asked. */
  readonly isSeen: boolean;
}

let paths = 0;

async function recorded(pod: TestPod, caller: DirectCaller): Promise<Recorded> {
  paths += 1;
  const path = `/direct/${String(paths)}`;
  // An address of its own, since a port that was another's before would find that one's lines.
  const outcome = await direct(pod.place.address, { from: newAddress(), ...caller, path });
  const connection = await pod.envoy.line(
    `a connection from ${outcome.source}`,
    ({ record, source }) => record === "connection" && source === outcome.source,
  );
  return { outcome, connection, isSeen: pod.program.seen.some(({ url }) => url === path) };
}

function requestLine(pod: TestPod, { outcome }: Recorded): LogLine | undefined {
  return pod.envoy.lines.find(({ record, source }) => record === "request" && source === outcome.source);
}

/** Starts everything that is to be tried at once, since each line of a log is waited for. */
function triedAll<Case>(
  cases: readonly Case[],
  attempt: (one: Case) => Promise<Recorded>,
): (one: Case) => Promise<Recorded> {
  const running = new Map<Case, Promise<Recorded>>();
  beforeAll(async () => {
    cases.forEach((one) => running.set(one, attempt(one)));
    await Promise.allSettled(running.values());
  });
  return (one) => running.get(one) ?? Promise.reject(new Error("it was not tried"));
}

describe("a flow that is declared", () => {
  it.each(declaredPairs)("from %s to %s passes both proxies", async (from, to) => {
    const [caller, called] = [mesh.pod(from), mesh.pod(to)];
    const upstream = upstreamsOf(spec, caller.workload).find(({ workload }) => workload.id === to);
    const path = `/from/${from}`;

    const answer = await throughOwnProxy(caller.place.address, upstream?.port ?? 0, {}, path);

    expect(answer).toEqual({ status: 200, body: to });
    const seen = called.program.seen.find(({ url }) => url === path);
    expect(seen?.headers["x-forwarded-client-cert"]).toMatch(
      new RegExp(`^By=${called.workload.spiffeId};Hash=[0-9a-f]{64};URI=${caller.workload.spiffeId}$`),
    );
    expect(
      await called.envoy.line("the request", (line) => line["request_id"] === seen?.headers["x-request-id"]),
    ).toMatchObject({
      record: "request",
      listener: "mesh",
      workload: called.workload.spiffeId,
      peer: caller.workload.spiffeId,
      peer_serial: caller.issued.serial,
      tls_version: "TLSv1.3",
      protocol: "HTTP/2",
      status: 200,
    });
    expect(
      await caller.envoy.line("the call", (line) => line["request_id"] === seen?.headers["x-request-id"]),
    ).toMatchObject({
      listener: `to-${to}`,
      workload: caller.workload.spiffeId,
      upstream_peer: called.workload.spiffeId,
      upstream_tls_version: "TLSv1.3",
      upstream_failure: null,
      status: 200,
    });
  });

  const tried = triedAll(listeners, ({ pod, authority, admitted: { spiffeId, from } }) => {
    const certificate = authority()?.issue({ spiffeId });
    return recorded(pod(), {
      ...(from === undefined ? {} : { from }),
      ...(certificate === undefined ? {} : { certificate }),
    });
  });

  it.each(listeners)("$title answers whom it admits", async (listener) => {
    const attempt = await tried(listener);

    expect(attempt).toMatchObject({
      outcome: { status: 200, body: listener.pod().workload.id },
      connection: {
        transport_failure: null,
        tls_version: "TLSv1.3",
        peer: listener.authority() === undefined ? null : listener.admitted.spiffeId,
      },
      isSeen: true,
    });
  });
});

describe("a flow that is not declared", () => {
  const pairs = listeners.flatMap((listener) =>
    workloadIds.map((from) => ({ listener, from, to: listener.title })),
  );
  const undeclared = pairs.filter(({ from, to }) => !isDeclared(from, to));
  const tried = triedAll(undeclared, ({ listener, from }) =>
    recorded(listener.pod(), { certificate: mesh.issue(mesh.workload(from)) }),
  );

  it("is each of the pairs but those that are declared", () => {
    expect(pairs.length - undeclared.length).toBe(declaredPairs.length);
    expect(undeclared).toHaveLength(49);
  });

  it.each(undeclared)("from $from to $to is refused", async (pair) => {
    const { listener, from } = pair;
    const attempt = await tried(pair);

    expect(attempt.isSeen).toBe(false);
    if (listener.authority() === hospital) {
      expect(attempt.outcome.status).toBeUndefined();
      expect(attempt.connection["transport_failure"]).toMatch(/unable_to_get_local_issuer_certificate/);
    } else {
      expect(attempt.outcome).toMatchObject({ status: 403, body: "RBAC: access denied" });
      expect(requestLine(listener.pod(), attempt)).toMatchObject({
        details: "rbac_access_denied_matched_policy[none]",
        peer: listener.authority() === undefined ? null : mesh.workload(from).spiffeId,
        status: 403,
      });
    }
  });

  it("has no way out of a caller's own proxy", () => {
    for (const { workload } of mesh.pods.values()) {
      const ways = upstreamsOf(spec, workload).map((upstream) => [workload.id, upstream.workload.id]);
      expect(ways).toEqual(declaredPairs.filter(([from]) => from === workload.id));
    }
  });
});

describe("a caller", () => {
  interface Refusal {
    readonly title: string;
    readonly who: string;
    readonly listener: Listener;
    readonly caller: () => DirectCaller;
    /** What the log says of the connection; `rbac` where it stands, and the request is refused. */
    readonly reason: RegExp | "rbac";
  }

  const refusals = listeners.flatMap((listener): readonly Refusal[] => {
    const { title, authority, admitted } = listener;
    const right = (): TestAuthority => authority() ?? mesh.authority;
    const { from } = admitted;
    const place = from === undefined ? {} : { from };
    const asksForNone = listener === edgeListeners[0];
    const refusal = (who: string, caller: () => DirectCaller, reason: Refusal["reason"]): Refusal => ({
      title,
      who,
      listener,
      caller,
      reason,
    });
    return [
      refusal(
        "without a certificate",
        () => ({}),
        asksForNone ? "rbac" : /PEER_DID_NOT_RETURN_A_CERTIFICATE/,
      ),
      ...faultyCertificates
        // Of the hospital's authorities any certificate will do, as the load balancer's own check has it.
        .filter(({ fault }) => title !== edgeListeners[2]?.title || !/trust domain|DNS names/.test(fault))
        .map(({ fault, make, reason }) =>
          refusal(
            `with a certificate ${fault}`,
            () => ({ certificate: make(right(), admitted) }),
            asksForNone ? "rbac" : reason,
          ),
        ),
      refusal(
        "with TLS 1.2",
        () => ({ ...place, certificate: right().issue(admitted), tls: "TLSv1.2" }),
        /UNSUPPORTED_PROTOCOL/,
      ),
      refusal("without TLS", () => ({ ...place, isPlain: true }), /HTTP_REQUEST/),
      ...(title === edgeListeners[2]?.title
        ? []
        : [
            refusal(
              "with a certificate of the trust domain for another identity",
              () => ({
                certificate: mesh.authority.issue({
                  spiffeId: `spiffe://${spec.trustDomain}/zone/processing/workload/other`,
                }),
              }),
              "rbac",
            ),
            refusal(
              "whose identity continues that of somebody who is admitted",
              () => ({ certificate: mesh.authority.issue({ spiffeId: `${admitted.spiffeId}-2` }) }),
              "rbac",
            ),
          ]),
    ];
  });
  const tried = triedAll(refusals, ({ listener, caller }) => recorded(listener.pod(), caller()));

  it.each(refusals)("$who is refused by $title", async (refusal) => {
    const attempt = await tried(refusal);

    expect(attempt.isSeen).toBe(false);
    if (refusal.reason === "rbac") {
      expect(attempt.outcome.status).toBe(403);
      expect(requestLine(refusal.listener.pod(), attempt)).toMatchObject({
        details: "rbac_access_denied_matched_policy[none]",
        status: 403,
      });
    } else {
      expect(attempt.outcome.status).toBeUndefined();
      expect(attempt.connection["transport_failure"]).toMatch(refusal.reason);
      expect(requestLine(refusal.listener.pod(), attempt)).toBeUndefined();
    }
  });
});
