/** A peer's name at the beginning of a text, which is an id and stays as it is written. */
const peerName = /^(?:workload|data-store|platform-service|llm-provider|zone)\//;

/** A sentence that may begin with the name of something. */
export function sentence(text: string): string {
  return peerName.test(text) ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
