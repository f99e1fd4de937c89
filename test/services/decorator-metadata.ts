/*
 * `@peculiar/x509` registers its algorithms with a container that keeps what decorators say in `Reflect`, and leaves it to
 * its users to bring a proposal of that kind. This is as much of it as the container asks for.
 */

const kept = new WeakMap<object, Map<unknown, unknown>>();

Object.assign(Reflect, {
  getMetadata: (key: unknown, target: object) => kept.get(target)?.get(key),
  getOwnMetadata: (key: unknown, target: object) => kept.get(target)?.get(key),
  hasOwnMetadata: (key: unknown, target: object) => kept.get(target)?.has(key) === true,
  defineMetadata: (key: unknown, value: unknown, target: object) => {
    kept.set(target, new Map(kept.get(target)).set(key, value));
  },
});
