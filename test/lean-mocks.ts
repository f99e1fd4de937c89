import { createRequire } from "node:module";

import * as pulumi from "@pulumi/pulumi";

/*
 * Imported where programs are run under Pulumi's mocks. Its runtime takes a stack trace for each resource, to tell the
 * engine which line made it, and for each promise, to print where one was leaked. There is no engine here, and with the
 * source maps of a test run the traces are half of the time that a program takes.
 */

/** What is replaced of @pulumi/pulumi; its module objects, since the names of an ECMAScript module cannot be set. */
interface Runtime {
  readonly Resource: { callsites: () => readonly unknown[] };
}
interface Debuggable {
  debuggablePromise: <T>(promise: Promise<T>, context?: unknown) => Promise<T>;
}

const load = createRequire(__filename);
const { Resource } = load("@pulumi/pulumi") as Runtime;
Resource.callsites = () => [];

const debuggable = load("@pulumi/pulumi/runtime/debuggable") as Debuggable;
const { debuggablePromise } = debuggable;
debuggable.debuggablePromise = (promise, context) => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return debuggablePromise(promise, context);
  } finally {
    Error.stackTraceLimit = limit;
  }
};

/**
 * To be called first in a program: its resources have no other names. A provider gives each a name for each version of its
 * API, by which an engine finds it in the state of earlier deployments; the mocks have none.
 */
export function withoutAliases(): void {
  pulumi.runtime.registerStackTransformation(({ props, opts }) => ({
    props,
    opts: { ...opts, aliases: [] },
  }));
}
