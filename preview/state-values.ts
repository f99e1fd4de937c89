import type { Breach } from "../model/finding";

import {
  isProperties,
  resourceSignature,
  secret,
  secretSignature,
  shownProperties,
  signatureKey,
  unknownValue,
  type Properties,
} from "./property-values";
import { hiddenSecret } from "./stack-file";

/** Values that only a state holds, or holds in a form of its own (pulumi, `resource/stack/deployment.go`). */
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
/** Texts that are no Unicode, and numbers that JSON has not. */
const byteStringSignature = "803fd3297a5875dc03ca845dda5d2a98";
const floatSignature = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c";

/** What is noted on the way through the values of a state. */
export interface StateNotes {
  readonly breaches: Breach[];
  /** How many values are encrypted. */
  encrypted: number;
}

const remedy = "Export the state again, and change nothing in it.";

class StateValues {
  readonly #notes: StateNotes;

  constructor(notes: StateNotes) {
    this.#notes = notes;
  }

  /** What cannot be read is noted, and unknown. */
  #unreadable(path: string, message: string): unknown {
    this.#notes.breaches.push({ path, message, remedy });
    return unknownValue;
  }

  properties(properties: Properties, path: string): Properties {
    return Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [key, this.#value(value, `${path}.${key}`)]),
    );
  }

  #value(value: unknown, path: string): unknown {
    if (Array.isArray(value)) {
      return value.map((item, index) => this.#value(item, `${path}[${String(index)}]`));
    }
    if (!isProperties(value)) {
      return value;
    }
    switch (value[signatureKey]) {
      case undefined:
        return this.properties(value, path);
      case secretSignature:
        return this.#secret(value, path);
      case resourceSignature:
        return this.#reference(value, path);
      case assetSignature:
      case archiveSignature:
        return isWhole(value) ? value : unknownValue;
      case byteStringSignature:
      case floatSignature:
        return unknownValue; // It is known, and nothing that a policy could be shown.
      default:
        return this.#unreadable(
          path,
          `Its signature ${JSON.stringify(value[signatureKey])} is none that a state of this version has.`,
        );
    }
  }

  #secret({ ciphertext, plaintext }: Properties, path: string): unknown {
    if (typeof ciphertext === "string" && plaintext === undefined) {
      this.#notes.encrypted += 1;
      return secret(hiddenSecret);
    }
    if (typeof plaintext !== "string" || ciphertext !== undefined) {
      return this.#unreadable(path, "A secret has either a ciphertext or a plaintext, as a text.");
    }
    let held: unknown;
    try {
      held = JSON.parse(plaintext);
    } catch {
      // The error would show a part of the secret.
      return this.#unreadable(path, "The plaintext of a secret is JSON, and this is none.");
    }
    return secret(this.#value(held, path));
  }

  /** A reference to a resource. Some versions of Pulumi wrote the id as the structure that held it. */
  #reference(value: Properties, path: string): unknown {
    const { urn, id } = value;
    const held = isProperties(id) ? id["V"] : id;
    if (
      typeof urn !== "string" ||
      !(held === undefined || held === null || isProperties(held) || typeof held === "string")
    ) {
      return this.#unreadable(path, "A reference to a resource has a URN, and an id that is a text.");
    }
    const component = { [signatureKey]: resourceSignature, urn };
    // An id that was not known when it was written is empty.
    return held === undefined || held === null
      ? component
      : { ...component, id: isProperties(held) ? "" : held };
  }
}

/** Whether there is more than the hash of an asset or archive, so that a policy pack can be shown one. */
function isWhole(value: Properties): boolean {
  const { assets } = value;
  if (isProperties(assets)) {
    return Object.values(assets).every((asset) => isProperties(asset) && isWhole(asset));
  }
  return ["path", "text", "uri"].some((key) => typeof value[key] === "string" && value[key] !== "");
}

/**
 * Properties of a state as the engine shows them to a policy pack. A secret that is encrypted is unknown.
 *
 * @param path where they are in the state.
 */
export function statePropertiesShown(properties: Properties, path: string, notes: StateNotes): Properties {
  return shownProperties(new StateValues(notes).properties(properties, path));
}
