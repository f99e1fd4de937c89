import type { ContainerHost, HostFile } from "../mesh/container-units";
import { shellWord } from "../mesh/systemd-unit";

/** Where on a machine the script is that signs Docker in. */
const path = "/etc/bulkhead/registry-sign-in.sh";

/** Where Docker keeps what it signed in with: in memory. */
const dockerFolder = "/run/bulkhead/docker";

/** The name of a user that stands for a token of the registry's own (Azure documentation, "Authenticate with a container registry"). */
const tokenUser = "00000000-0000-0000-0000-000000000000";

/** Whom the registry lets pull, and where it is. */
export interface RegistrySignIn {
  readonly host: string;
  readonly tenantId: string;
  /** The id with Azure Resource Manager of the identity that pulls. */
  readonly identityId: string;
}

/**
 * How a machine signs in to the platform's registry: it asks its own host for a token of the identity that starts workloads
 * (Azure documentation, "How to use managed identities for Azure resources on an Azure VM to acquire an access token"), and
 * the registry for one of its own in exchange. The tokens are in memory, on no disk and in no list of processes.
 */
export function registrySignIn({
  host,
  tenantId,
  identityId,
}: RegistrySignIn): Pick<ContainerHost, "registry" | "signIn" | "environment"> & { readonly file: HostFile } {
  const query = new URLSearchParams({
    "api-version": "2018-02-01",
    resource: "https://containerregistry.azure.net",
    msi_res_id: identityId,
  });
  const tokens = `http://169.254.169.254/metadata/identity/oauth2/token?${query.toString()}`;
  const curl = "curl --silent --show-error --fail --retry 5 --max-time 30 --noproxy '*'";
  const member = (name: string): string => `sed -n 's/.*"${name}" *: *"\\([^"]*\\)".*/\\1/p'`;
  const content = [
    "#!/bin/bash",
    "set -euo pipefail",
    `token=$(${curl} --header Metadata:true ${shellWord(tokens)} | ${member("access_token")})`,
    `exchanged=$(printf 'grant_type=access_token&service=%s&tenant=%s&access_token=%s' ${shellWord(host)} ${shellWord(tenantId)} "$token" |`,
    `  ${curl} --data @- ${shellWord(`https://${host}/oauth2/exchange`)} | ${member("refresh_token")})`,
    `printf '%s' "$exchanged" | docker login --username ${tokenUser} --password-stdin ${shellWord(host)}`,
    "",
  ].join("\n");
  return {
    registry: host,
    signIn: [["/bin/bash", path]],
    environment: { DOCKER_CONFIG: dockerFolder },
    file: { path, content, mode: 0o444 },
  };
}
