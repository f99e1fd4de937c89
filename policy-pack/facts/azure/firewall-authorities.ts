import { textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import { valuesAt } from "../property-path";

import type { AzureStack } from "./azure-stack";

/** The address of a secret in a vault, with or without a version (Azure documentation, "About keys, secrets, and certificates"). */
const secretAddress = /^https:\/\/([a-z0-9-]+)\.vault\.[a-z.]+\/secrets\/([a-z0-9-]+)(?:\/[a-z0-9]*)?$/i;

/** Whether a firewall's policy certainly names a secret of the stack as the authority with which it ends TLS. */
export function namesAuthority({ graph }: AzureStack, policy: Node, secret: Node): boolean {
  const [vault, name] = ["vaultName", "secretName"].map((key) => textOf(graph.read(secret, key)));
  return valuesAt(graph, policy, ["transportSecurity", "certificateAuthority", "keyVaultSecretId"]).some(
    (read) => {
      const text = textOf(read);
      const [, ofVault, called] = secretAddress.exec(text.kind === "known" ? text.value : "") ?? [];
      return (
        vault?.kind === "known" &&
        name?.kind === "known" &&
        ofVault?.toLowerCase() === vault.value.toLowerCase() &&
        called?.toLowerCase() === name.value.toLowerCase()
      );
    },
  );
}
