/**
 * The properties of a policy's argument as they were sent. CrossGuard hands them out behind a proxy whose `get` throws
 * on what is unknown, which makes a mandatory policy advisory; reading own descriptors does not pass through it
 * (@pulumi/policy, proxy.ts: only `get` is trapped).
 */
export function rawProperties(proxied: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.keys(proxied).map((key) => [key, Object.getOwnPropertyDescriptor(proxied, key)?.value as unknown]),
  );
}
