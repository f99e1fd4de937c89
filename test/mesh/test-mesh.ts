import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { EdgeClients } from "../../components/mesh/edge-clients";
import { podOf } from "../../components/mesh/pod";
import { programPort } from "../../components/mesh/ports";
import { certificateRequests } from "../../model/certificate-request";
import { discoveryName } from "../../model/discovery-name";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";

import { installedEnvoy } from "./installed-envoy";
import { RunningEnvoy } from "./running-envoy";
import { TestAuthority, type IssuedCertificate } from "./test-authority";
import { writeCertificates } from "./test-certificates";
import { placed, testPort, type TestPlace } from "./test-place";
import { TestProgram } from "./test-program";

/** The proxy of a workload on the machine of a test, before whatever listens there for its program. */
export interface TestProxy {
  readonly workload: Workload;
  readonly place: TestPlace;
  readonly envoy: RunningEnvoy;
  /** What its proxy presents. */
  readonly issued: IssuedCertificate;
}

/** A workload that runs on the machine of a test: its proxy, with the program behind it. */
export interface TestPod extends TestProxy {
  readonly program: TestProgram;
}

/** How a pod is started other than as the platform has it. */
export interface PodOptions {
  readonly edge?: EdgeClients;
  /** Other addresses of its peers, by their discovery names. */
  readonly peers?: ReadonlyMap<string, string>;
}

/** Addresses of the loopback network for as many pods as a test needs, which another process hardly has too. */
let lastAddress = (process.pid % 0xfff0) << 8;

export function newAddress(): string {
  lastAddress += 1;
  const bytes = [(lastAddress >> 16) & 0xff, (lastAddress >> 8) & 0xff, lastAddress & 0xff];
  return `127.${bytes.join(".")}`;
}

/** Pods of a platform on the machine of a test, with certificates of an authority of its own. */
export class TestMesh {
  readonly spec: PlatformSpec;
  /** The path of Envoy's program. */
  readonly program: string;
  readonly authority = new TestAuthority();
  readonly pods = new Map<string, TestPod>();
  readonly addresses: ReadonlyMap<string, string>;
  readonly #folder = mkdtempSync(join(tmpdir(), "bulkhead-mesh-"));
  readonly #started: { readonly stop: () => Promise<void> }[] = [];

  private constructor(spec: PlatformSpec, program: string) {
    this.spec = spec;
    this.program = program;
    this.addresses = new Map(
      spec.workloads.map((workload) => [discoveryName(spec.trustDomain, workload), newAddress()]),
    );
  }

  static async create(spec: PlatformSpec): Promise<TestMesh> {
    return new TestMesh(spec, await installedEnvoy());
  }

  /** Where a workload is found. */
  addressOf(workload: Workload): string {
    const name = discoveryName(this.spec.trustDomain, workload);
    const address = this.addresses.get(name);
    if (address === undefined) {
      throw new Error(`nobody is called ${name}`);
    }
    return address;
  }

  workload(id: string): Workload {
    const found = this.spec.workloads.find((workload) => workload.id === id);
    if (found === undefined) {
      throw new Error(`the platform has no workload ${id}`);
    }
    return found;
  }

  pod(id: string): TestPod {
    const pod = this.pods.get(id);
    if (pod === undefined) {
      throw new Error(`${id} was not started`);
    }
    return pod;
  }

  /** A certificate as the platform would issue it to a workload. */
  issue(workload: Workload, notAfter?: Date): IssuedCertificate {
    const request = certificateRequests(this.spec).find(({ workload: id }) => id === workload.id);
    if (request === undefined) {
      throw new Error(`nobody asks for a certificate of ${workload.id}`);
    }
    return this.authority.issue({ ...request, ...(notAfter === undefined ? {} : { notAfter }) });
  }

  /** The arguments with which the platform starts a workload's proxy, and its configuration there and here. */
  command(
    workload: Workload,
    place: TestPlace,
    edge: EdgeClients,
  ): { readonly args: readonly string[]; readonly rendered: unknown; readonly here: unknown } {
    const { mesh } = this.spec;
    if (mesh.kind !== "envoy") {
      throw new Error("the platform has no proxies of its own");
    }
    const { containers } = podOf(this.spec, mesh, workload, {
      cloud: "aws",
      credentialId: "none",
      configuration: "file",
      edge,
      egress: { keysId: "none", authorityId: "none", proxy: undefined },
    });
    const [, { command, files }] = containers;
    const [file] = files;
    if (command === undefined || file === undefined) {
      throw new Error("the proxy is told no configuration");
    }
    const rendered: unknown = JSON.parse(file.content);
    const here = placed(rendered, place);
    const path = join(place.certificates, "..", "envoy.json");
    writeFileSync(path, JSON.stringify(here));
    const [program, ...args] = command.map((word) => (word === file.path ? path : word));
    if (program !== "envoy") {
      throw new Error(`the pod starts ${String(program)} as its proxy`);
    }
    return { args, rendered, here };
  }

  /** A place for a pod, with the certificate that the platform issues to its workload. */
  newPlace(
    workload: Workload,
    address: string,
    peers: ReadonlyMap<string, string> = this.addresses,
  ): { readonly place: TestPlace; readonly issued: IssuedCertificate } {
    const certificates = join(mkdtempSync(join(this.#folder, "pod-")), "certificates");
    mkdirSync(certificates);
    const issued = this.issue(workload);
    writeCertificates(certificates, this.authority.root, issued);
    return { place: { address, certificates, peers }, issued };
  }

  /** Starts a workload where it is found, with its proxy told what the platform tells it. */
  async start(id: string, options: PodOptions = {}): Promise<TestPod> {
    const pod = await this.startAt(id, this.addressOf(this.workload(id)), options);
    this.pods.set(id, pod);
    return pod;
  }

  /** Starts a workload at another address than where its callers look for it. */
  async startAt(id: string, address: string, options: PodOptions = {}): Promise<TestPod> {
    const program = await TestProgram.start(id, address, programPort);
    this.#started.push(program);
    return { ...(await this.startProxy(id, address, options)), program };
  }

  /** Starts the proxy of a workload alone. */
  async startProxy(id: string, address: string, options: PodOptions = {}): Promise<TestProxy> {
    const workload = this.workload(id);
    const { place, issued } = this.newPlace(workload, address, options.peers);
    const { args } = this.command(workload, place, options.edge ?? { certificate: "none", addresses: [] });
    const envoy = await RunningEnvoy.start(this.program, args, { address, port: testPort });
    this.#started.push(envoy);
    return { workload, place, envoy, issued };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.map((one) => one.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
