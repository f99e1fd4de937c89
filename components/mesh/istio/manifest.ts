/** A resource of Kubernetes, as its API takes it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** Absent of what belongs to no namespace. */
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [part: string]: unknown;
}

/** Where Istio itself runs, and where what holds for the whole mesh is written. */
export const rootNamespace = "istio-system";
