import { tcp, udp } from "../../protocol";

/** Something that Azure's host answers, and that only a rule for its tag denies. */
export interface PlatformTag {
  /** The tag, in lower case. */
  readonly tag: string;
  /** The tag as Azure writes it. */
  readonly text: string;
  /** The address at which the host answers; `undefined` where public ones do that Azure does not tell. */
  readonly address: string | undefined;
  readonly protocols: readonly number[];
  readonly port: number;
}

/** Names: whoever asks for one sends it to whoever answers for it. */
export const platformDns: PlatformTag = {
  tag: "azureplatformdns",
  text: "AzurePlatformDNS",
  address: "168.63.129.16",
  protocols: [tcp, udp],
  port: 53,
};

/** The metadata of an instance, and with them the tokens of its identity. */
export const platformMetadata: PlatformTag = {
  tag: "azureplatformimds",
  text: "AzurePlatformIMDS",
  address: "169.254.169.254",
  protocols: [tcp],
  port: 80,
};

/** Licences of Windows, and whoever gives them. */
export const platformLicences: PlatformTag = {
  tag: "azureplatformlkm",
  text: "AzurePlatformLKM",
  address: undefined,
  protocols: [tcp],
  port: 1688,
};

/** Azure documentation, "Virtual network service tags". */
export const platformTags: readonly PlatformTag[] = [platformDns, platformMetadata, platformLicences];
