import type { Mutant } from "./mutants";
import { set } from "./service-mutants";

const rule = "certificates-rotate";

/** What belongs to a workload in one of the two epochs that live on the day of the tests' surroundings. */
const named = (what: "key" | "request" | "certificate", epoch: 691 | 692): string =>
  `bulkhead-rag-service-${what}-${String(epoch)}`;

const current = named("certificate", 692);
const intermediate = "bulkhead-intermediate-authority-115";
const root = "bulkhead-root-authority-11";

const pairs: readonly (readonly [string, string, unknown])[] = [
  [current, "validityPeriodHours", 2161],
  [current, "earlyRenewalHours", 719],
  [current, "allowedUses", ["digital_signature", "server_auth"]],
  [intermediate, "validityPeriodHours", 8785],
  [intermediate, "allowedUses", ["cert_signing", "server_auth"]],
  [root, "validityPeriodHours", 87673],
  [named("key", 692), "ecdsaCurve", "P224"],
];

/** Faults of the certificates by which workloads know each other. */
export const certificateMutants: readonly Mutant[] = [
  ...pairs.map(([name, property, value]): Mutant => ({
    fault: `${name}: ${property} ${JSON.stringify(value)}`,
    rule,
    dig: (s) => {
      set(s, name, property, value);
    },
  })),
  {
    fault: "a workload with the certificate of the current epoch alone",
    rule,
    dig: (s) => {
      s.remove(named("certificate", 691));
    },
  },
  {
    fault: "a workload without certificates",
    rule,
    dig: (s) => {
      s.remove(named("certificate", 691)).remove(current);
    },
  },
  {
    fault: "a workload whose certificates are of somebody else",
    rule,
    dig: (s) => {
      for (const epoch of [691, 692] as const) {
        set(s, named("request", epoch), "uris", [
          "spiffe://other.example/zone/processing/workload/rag-service",
        ]);
      }
    },
  },
  {
    fault: "a key that is kept when the epoch changes",
    rule,
    dig: (s) => {
      set(s, named("request", 692), "privateKeyPem", `${s.id(named("key", 691))}.privateKeyPem`);
    },
  },
  {
    fault: "two workloads that ask for each other's identity",
    rule,
    dig: (s) => {
      for (const epoch of [691, 692] as const) {
        set(s, named("request", epoch), "uris", [
          "spiffe://ai.hospital.example/zone/processing/workload/fhir-proxy",
        ]);
        set(s, `bulkhead-fhir-proxy-request-${String(epoch)}`, "uris", [
          "spiffe://ai.hospital.example/zone/processing/workload/rag-service",
        ]);
      }
    },
  },
  {
    fault: "two workloads with one key in each epoch",
    rule,
    dig: (s) => {
      for (const epoch of [691, 692] as const) {
        const key = `bulkhead-fhir-proxy-key-${String(epoch)}`;
        set(s, named("request", epoch), "privateKeyPem", `${s.id(key)}.privateKeyPem`);
      }
    },
  },
  {
    fault: "a key that lies where anybody of the account reads it",
    rule,
    dig: (s) =>
      s.add("aws:ssm/parameter:Parameter", "hole", {
        name: "hole",
        value: `${s.id(named("key", 692))}.privateKeyPem`,
      }),
  },
  {
    fault: "a certificate that may not be replaced",
    rule,
    dig: (s) => s.withOptions(current, { protect: true }),
  },
  {
    fault: "a certificate whose request is ignored",
    rule,
    dig: (s) => s.withOptions(current, { ignoreChanges: ["certRequestPem"] }),
  },
];
