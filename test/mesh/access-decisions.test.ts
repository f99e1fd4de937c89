import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { envoyConfiguration } from "../../components/mesh/envoy-configuration";
import { parseCidr } from "../../model/cidr";
import { discoveryName } from "../../model/discovery-name";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { authorization, type CheckRequest } from "../../services/decision-point/ext-authz-protocol";

import { workloadIds } from "./declared-flows";
import { direct, type DirectCaller, type Outcome } from "./direct-request";
import { TestAuthority } from "./test-authority";
import { newAddress, TestMesh, type TestPod } from "./test-mesh";
import { valuesOf } from "./test-place";
import { answerWith, type Answering } from "./test-program";

const spec = platformSpec(referencePlatform);
const balancerAddress = newAddress();
const balancerId = `spiffe://${spec.trustDomain}/zone/gateway/load-balancer` as const;
const hospital = new TestAuthority("Hospital Root");
const block = parseCidr(`${balancerAddress}/32`);
const edges = {
  none: { certificate: "none", addresses: block === undefined ? [] : [block] },
  "load-balancer": { certificate: "load-balancer", spiffeId: balancerId },
  clients: { certificate: "clients", authorities: hospital.root },
} as const;
type EdgeKind = keyof typeof edges;
const edgeKinds = Object.keys(edges) as EdgeKind[];

const check = authorization["Check"];
if (check === undefined) {
  throw new Error("the protocol has no question");
}

/** What the decision point answers, as a message. */
function message(answer: object): Buffer {
  return check?.responseSerialize(answer) ?? Buffer.alloc(0);
}

function header(key: string, value: string): object {
  return { header: { key, value }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" };
}

function answering(answer: object): Answering {
  return (stream) => {
    answerWith(stream, message(answer));
  };
}

const yes = answering({ status: { code: 0 }, ok_response: { headers: [] } });

/** What enforcement points asked since the test began, as it came and as it is read, and who they are. */
let asked: {
  readonly bytes: Buffer;
  readonly request: CheckRequest;
  readonly by: string | undefined;
}[] = [];

function recording(answer: Answering): Answering {
  return (stream, bytes, headers) => {
    const by = headers["x-forwarded-client-cert"];
    asked.push({
      bytes,
      request: check?.requestDeserialize(bytes) as CheckRequest,
      by: typeof by === "string" ? by : undefined,
    });
    answer(stream, bytes, headers);
  };
}

let mesh: TestMesh;
const gateways = new Map<EdgeKind, TestPod>();

function gateway(kind: EdgeKind): TestPod {
  const pod = gateways.get(kind);
  if (pod === undefined) {
    throw new Error(`no ai-gateway was started for ${kind}`);
  }
  return pod;
}

beforeAll(async () => {
  mesh = await TestMesh.create(spec);
  await Promise.all([
    mesh.start("decision-point"),
    mesh.start("fhir-proxy"),
    mesh.start("rag-service"),
    ...edgeKinds.map(async (kind) => {
      gateways.set(kind, await mesh.startAt("ai-gateway", newAddress(), { edge: edges[kind] }));
    }),
  ]);
});

afterAll(() => mesh.stop());

function decides(answer: Answering): void {
  mesh.pod("decision-point").program.answering = recording(answer);
}

beforeEach(() => {
  asked = [];
  decides(yes);
});

/** Whoever calls a gateway, with what it shows there. */
function callerOf(kind: EdgeKind): DirectCaller {
  switch (kind) {
    case "none":
      return { from: balancerAddress };
    case "load-balancer":
      return { certificate: mesh.authority.issue({ spiffeId: balancerId }) };
    case "clients":
      return { certificate: hospital.issue({ spiffeId: "spiffe://hospital.example/laboratory" }) };
  }
}

/** Enforcement points, each with somebody whom it lets ask. */
const points: readonly {
  readonly title: string;
  readonly pod: () => TestPod;
  readonly caller: () => DirectCaller;
}[] = [
  ...edgeKinds.map((kind) => ({
    title: `ai-gateway (${kind})`,
    pod: () => gateway(kind),
    caller: () => callerOf(kind),
  })),
  {
    title: "fhir-proxy",
    pod: () => mesh.pod("fhir-proxy"),
    caller: () => ({ certificate: mesh.issue(mesh.workload("rag-service")) }),
  },
];

let paths = 0;

/** Sends a request, and tells what became of it and what the program saw of it. */
async function sent(
  { pod, caller }: (typeof points)[number],
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly outcome: Outcome; readonly seen: TestPod["program"]["seen"][number] | undefined }> {
  paths += 1;
  const path = `/v1/${String(paths)}?patient=maria`;
  // An address of its own, since a port that was another's before would find that one's lines.
  const outcome = await direct(pod().place.address, { from: newAddress(), ...caller(), path, headers });
  return { outcome, seen: pod().program.seen.find(({ url }) => url === path) };
}

function onlyQuestion(): (typeof asked)[number] {
  const [first, ...others] = asked;
  if (first === undefined || others.length > 0) {
    throw new Error(`the decision point was asked ${String(asked.length)} times`);
  }
  return first;
}

function headersAsked(): Readonly<Record<string, string>> {
  return onlyQuestion().request.attributes?.request?.http?.headers ?? {};
}

describe("an enforcement point", () => {
  const everything = {
    authorization: "Bearer of-the-clinician",
    "x-amzn-oidc-accesstoken": "of-the-load-balancer",
    "x-bulkhead-context": "claimed",
    "x-request-id": "7f1c0a3e-0000-4000-8000-000000000001",
    cookie: "session=secret",
    "x-patient": "maria",
  };

  it.each(points)("$title asks before a request, and sends it on after a yes", async (point) => {
    const { outcome, seen } = await sent(point, everything);

    expect(outcome).toMatchObject({ status: 200, body: point.pod().workload.id });
    expect(seen).toBeDefined();
    expect(onlyQuestion().request.attributes?.request?.http?.path).toBe(seen?.url);
  });

  it.each(points)("$title tells the decision point what it decides by, and nothing else", async (point) => {
    await sent(point, everything);

    expect(Object.keys(headersAsked()).sort()).toEqual(
      point.title === "fhir-proxy"
        ? ["x-bulkhead-context", "x-request-id"]
        : ["authorization", "x-amzn-oidc-accesstoken", "x-bulkhead-source-address", "x-request-id"].filter(
            // Who passes TLS through signs nobody in, so that what a client writes there is taken away.
            (name) => point.title !== "ai-gateway (clients)" || name !== "x-amzn-oidc-accesstoken",
          ),
    );
    expect(headersAsked()["authorization"]).toBe(
      point.title === "fhir-proxy" ? undefined : "Bearer of-the-clinician",
    );
  });

  it("sends no body with its question", async () => {
    const { status } = await direct(gateway("none").place.address, {
      ...callerOf("none"),
      path: "/v1/posted",
      body: "the chart of maria",
    });

    expect(status).toBe(200);
    expect(onlyQuestion().bytes.includes("/v1/posted")).toBe(true);
    expect(onlyQuestion().bytes.includes("the chart of maria")).toBe(false);
  });

  it.each(points)("$title is known to the decision point by its certificate", async (point) => {
    await sent(point, { "x-forwarded-client-cert": "By=spiffe://forged;URI=spiffe://forged" });

    expect(onlyQuestion().by).toMatch(
      new RegExp(
        `^By=${mesh.workload("decision-point").spiffeId};Hash=[0-9a-f]{64};URI=${point.pod().workload.spiffeId}$`,
      ),
    );
  });

  it("does not ask about whoever the mesh turns away, nor for the load balancer's own checks", async () => {
    const { place } = gateway("none");
    expect((await direct(place.address, { path: "/v1/stranger" })).status).toBe(403);
    const stranger = { certificate: mesh.issue(mesh.workload("embedding-service")) };
    expect((await direct(mesh.pod("fhir-proxy").place.address, stranger)).status).toBe(403);
    await direct(place.address, { ...callerOf("none"), path: "/healthz" });

    expect(asked).toEqual([]);
  });

  it("is each workload that a route names, and no other", async () => {
    const certificate = mesh.issue(mesh.workload("ai-gateway"));
    expect((await direct(mesh.pod("rag-service").place.address, { certificate })).status).toBe(200);
    expect(asked).toEqual([]);

    const rendered = workloadIds.filter((id) =>
      JSON.stringify(envoyConfiguration(spec, mesh.workload(id), edges.none)).includes("ext_authz"),
    );
    expect(rendered).toEqual(["ai-gateway", "fhir-proxy"]);
  });

  it.each(["ai-gateway", "fhir-proxy"])(
    "%s waits a quarter of a second, and takes nothing for a yes",
    (id) => {
      const configuration = valuesOf(envoyConfiguration(spec, mesh.workload(id), edges.none));
      const at = (ending: string): readonly unknown[] =>
        configuration.flatMap(([path, value]) => (path.endsWith(ending) ? [value] : []));

      expect(at(".grpc_service.timeout")).toEqual(["0.25s"]);
      expect(at(".failure_mode_allow")).toEqual([false]);
      expect(at(".envoy_grpc.cluster_name")).toEqual(["decision-point"]);
    },
  );
});

describe("a no", () => {
  const no = {
    status: { code: 7 },
    denied_response: {
      status: { code: 403 },
      headers: [header("content-type", "application/json")],
      body: '{"allowed":false}',
    },
  };

  it.each(points)("keeps a request from the program of $title, and is told on", async (point) => {
    decides(answering(no));
    const { outcome, seen } = await sent(point);

    expect(outcome).toMatchObject({ status: 403, body: '{"allowed":false}' });
    expect(seen).toBeUndefined();
    expect(
      await point
        .pod()
        .envoy.line("the request", ({ record, source }) => record === "request" && source === outcome.source),
    ).toMatchObject({ details: "ext_authz_denied", status: 403 });
  });

  it.each(points)("is whatever status is not that of a yes, at $title", async (point) => {
    for (const code of [1, 2, 7, 14, 16]) {
      decides(answering({ status: { code }, ok_response: { headers: [] } }));
      const { outcome, seen } = await sent(point);
      expect([code, outcome.status, seen]).toEqual([code, 403, undefined]);
    }
  });
});

describe("a yes", () => {
  it.each(points)(
    "brings what was granted to the program of $title, in the place of a claim",
    async (point) => {
      decides(
        answering({
          status: { code: 0 },
          ok_response: { headers: [header("x-bulkhead-context", "granted")] },
        }),
      );
      const { outcome, seen } = await sent(point, { "x-bulkhead-context": "claimed" });

      expect(outcome.status).toBe(200);
      expect(seen?.headers["x-bulkhead-context"]).toBe("granted");
    },
  );

  it.each(points)("changes nothing else of a request to $title", async (point) => {
    decides(
      answering({
        status: { code: 0 },
        ok_response: {
          headers: [
            header("x-forwarded-client-cert", "URI=spiffe://forged"),
            header("authorization", "Bearer other"),
            header("x-bulkhead-source-address", "192.0.2.1"),
            header("x-other", "added"),
            header(":path", "/elsewhere"),
          ],
        },
      }),
    );
    const { outcome, seen } = await sent(point, { authorization: "Bearer own" });

    expect(outcome.status).toBe(200);
    expect(seen?.headers["authorization"]).toBe("Bearer own");
    expect(seen?.headers["x-other"]).toBeUndefined();
    expect(seen?.headers["x-forwarded-client-cert"] ?? "").not.toContain("forged");
    expect(seen?.headers["x-bulkhead-source-address"]).not.toBe("192.0.2.1");
  });
});

describe("what a client of an entrance writes for the platform", () => {
  const entrances = points.filter(({ title }) => title !== "fhir-proxy");

  it.each(entrances)("is taken away by $title, whatever its case, and however often", async (point) => {
    for (const name of ["x-bulkhead-context", "X-Bulkhead-Context", "x-bulkhead-anything"]) {
      const { outcome, seen } = await sent(point, { [name]: "claimed" });
      expect(outcome.status).toBe(200);
      expect(Object.keys(seen?.headers ?? {}).filter((key) => key.startsWith("x-bulkhead-"))).toEqual([
        "x-bulkhead-source-address",
      ]);
    }
    expect(asked.map(({ bytes }) => bytes.includes("claimed"))).toEqual([false, false, false]);
  });

  it.each(entrances)("is refused by $title in another spelling", async (point) => {
    const { outcome } = await sent(point, { x_bulkhead_context: "claimed" });

    expect(outcome.status).toBe(400);
    expect(asked).toEqual([]);
  });

  it.each([
    ["none", "198.51.100.7, 203.0.113.9", "203.0.113.9"],
    ["none", "192.0.2.1", "192.0.2.1"],
    ["none", undefined, balancerAddress],
    ["load-balancer", "198.51.100.7, 203.0.113.9, 203.0.113.250", "203.0.113.9"],
    ["load-balancer", "198.51.100.7, 192.0.2.9, 203.0.113.250", "192.0.2.9"],
    ["clients", "198.51.100.7, 203.0.113.9", "127.0.0.1"],
  ] as const)(
    "is nothing to where it is: %s says %s, and the decision point is told %s",
    async (kind, said, told) => {
      const { status } = await direct(gateway(kind).place.address, {
        ...callerOf(kind),
        headers: {
          "x-bulkhead-source-address": "192.0.2.200",
          "x-real-ip": "192.0.2.201",
          "x-envoy-external-address": "192.0.2.202",
          ...(said === undefined ? {} : { "x-forwarded-for": said }),
        },
      });

      expect(status).toBe(200);
      expect(headersAsked()["x-bulkhead-source-address"]).toBe(told);
    },
  );
});

describe("a decision point that does not decide", () => {
  /** A proxy of an enforcement point that looks for the decision point at another address. */
  async function asking(at: string): Promise<(typeof points)[number]> {
    const peers = new Map([
      ...mesh.addresses,
      [discoveryName(spec.trustDomain, mesh.workload("decision-point")), at],
    ]);
    const pod = await mesh.startAt("fhir-proxy", newAddress(), { peers });
    return {
      title: "fhir-proxy",
      pod: () => pod,
      caller: () => ({ certificate: mesh.issue(mesh.workload("rag-service")) }),
    };
  }

  async function isDenied(point: (typeof points)[number]): Promise<void> {
    const { outcome, seen } = await sent(point, { "x-bulkhead-context": "claimed" });
    expect([outcome.status, seen]).toEqual([403, undefined]);
    expect(
      await point
        .pod()
        .envoy.line("the request", ({ record, source }) => record === "request" && source === outcome.source),
    ).toMatchObject({ details: "ext_authz_error", status: 403 });
  }

  it("is a no, where it is down", async () => {
    await isDenied(await asking(newAddress()));
  });

  it.each(points)("is a no to $title, where it is slow", async (point) => {
    decides(() => undefined);
    await isDenied(point);
  });

  it.each([
    ["what is no message", (stream) => answerWith(stream, Buffer.from("ffffffff", "hex"))],
    [
      "an error of gRPC",
      (stream) => stream.respond({ ":status": 200, "grpc-status": "13" }, { endStream: true }),
    ],
    ["an error of HTTP", (stream) => stream.respond({ ":status": 500 }, { endStream: true })],
    [
      "no message at all",
      (stream) => stream.respond({ ":status": 200, "grpc-status": "0" }, { endStream: true }),
    ],
    ["the end of the stream", (stream) => stream.close(2)],
  ] satisfies readonly (readonly [string, Answering])[])(
    "is a no, where it answers with %s",
    async (_, answer) => {
      decides(answer);
      for (const point of points) {
        await isDenied(point);
      }
    },
  );

  it("is a no, where another workload answers in its place", async () => {
    const impostor = await mesh.startAt("embedding-service", newAddress());
    impostor.program.answering = recording(yes);
    await isDenied(await asking(impostor.place.address));
    expect(asked).toEqual([]);
  });

  it("is a no, where a decision point of another authority answers in its place", async () => {
    const stranger = await TestMesh.create(spec);
    try {
      const impostor = await stranger.startAt("decision-point", newAddress());
      impostor.program.answering = recording(yes);
      await isDenied(await asking(impostor.place.address));
      expect(asked).toEqual([]);
    } finally {
      await stranger.stop();
    }
  });
});
