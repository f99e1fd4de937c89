import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** How many requests run at a time. */
const width = 16;

/** Requests that a program sends to one of its peers, one after another on each of some connections, until it is stopped. */
export class SteadyLoad {
  /** How long each took that was answered well, in milliseconds. */
  readonly latencies: number[] = [];
  /** What became of each that was not. */
  readonly failures: string[] = [];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: width });
  readonly #begin = performance.now();
  readonly #target: { readonly host: string; readonly port: number };
  readonly #running: Promise<void>;
  #isStopped = false;
  #end: number | undefined;

  constructor(target: { readonly host: string; readonly port: number }, lanes = width) {
    this.#target = target;
    this.#running = Promise.all(Array.from({ length: lanes }, () => this.#lane())).then(() => undefined);
  }

  /** Requests a second so far, those that failed included. */
  get rate(): number {
    const seconds = ((this.#end ?? performance.now()) - this.#begin) / 1000;
    return (this.latencies.length + this.failures.length) / seconds;
  }

  /** Waits until so many more requests were answered. */
  async further(count: number): Promise<void> {
    const goal = this.latencies.length + count;
    while (this.latencies.length < goal && this.failures.length === 0) {
      await sleep(10);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    this.#end = performance.now();
    this.#agent.destroy();
  }

  async #lane(): Promise<void> {
    while (!this.#isStopped) {
      const begin = performance.now();
      const outcome = await this.#one();
      if (outcome === 200) {
        this.latencies.push(performance.now() - begin);
      } else {
        this.failures.push(String(outcome));
      }
    }
  }

  #one(): Promise<number | string | undefined> {
    return new Promise((resolve) => {
      request({ ...this.#target, path: "/load", agent: this.#agent }, (response) => {
        response.resume().on("close", () => {
          resolve(response.complete ? response.statusCode : "broken off");
        });
      })
        .once("error", ({ message }) => {
          resolve(message);
        })
        .end();
    });
  }
}
