/** How two ends know each other, as the page draws and explains it. */
export interface Transport {
  /** The name in the report, and the class of its lines. */
  readonly id: string;
  /** A few letters, for a cell. */
  readonly short: string;
  readonly meaning: string;
}

/** From the strongest to the weakest. */
export const transports: readonly Transport[] = [
  { id: "mtls", short: "mTLS", meaning: "mutual TLS: each end proves who it is" },
  { id: "one-way-tls", short: "TLS", meaning: "one-way TLS: the server alone proves who it is" },
  {
    id: "provider-tls+iam",
    short: "IAM",
    meaning: "the cloud's TLS, and the workload's identity with the cloud",
  },
  {
    id: "signed-answers",
    short: "signed",
    meaning: "in plain text, with answers that are signed: which clients' certificates are revoked",
  },
  { id: "undeclared", short: "?", meaning: "undeclared: nothing says what it is for" },
];

/** The transport of a name; one that is not known counts as undeclared. */
export function transportOf(name: string): Transport {
  return (
    transports.find(({ id }) => id === name) ?? {
      id: "undeclared",
      short: name,
      meaning: name,
    }
  );
}

/** The transport's name as a class: letters and hyphens alone. */
export function transportClass({ id }: Transport): string {
  return `t-${id.replaceAll(/[^a-z]+/g, "-")}`;
}
