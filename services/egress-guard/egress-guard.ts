import { createHmac } from "node:crypto";
import { once } from "node:events";
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

import { calendarDate, type CalendarDate } from "../../model/calendar-date";
import type { InspectionDocument } from "../../model/inspection-document";
import { policyOn } from "../../model/llm-provider";
import { requestIdHeader } from "../../model/request-headers";
import { AuditUnavailable } from "../audit/audit-event";
import type { InspectionTrail } from "../audit/inspection-event";
import { requestIdOf } from "../decision-point/request-id";
import { callerIdentity } from "../program/caller-identity";

import { answerHeaders } from "./answer-headers";
import { inspectAnswer } from "./answer-inspection";
import { AnswerStream } from "./answer-stream";
import type { AnswerTerms } from "./answer-terms";
import { BodyTooLarge, boundedBody } from "./bounded-body";
import { BytesUnderWay, type BytesShare } from "./bytes-under-way";
import { CallAccount } from "./call-account";
import type { Detector } from "./detection/detector";
import { textAt } from "./formats/body-members";
import { formatOf } from "./formats/format-of";
import { openAi } from "./formats/openai";
import type { ProviderFormat, ProviderOperation } from "./formats/provider-format";
import type { JsonNode } from "./json-node";
import { JsonText } from "./json-text";
import type { FirewallAuthority, ProviderAnswer, ProviderConnections } from "./provider-connections";
import type { ProviderKeys } from "./provider-keys";
import { mayTryAgain, Refused, refusals, type RefusalReason } from "./refusal";
import { inspectRequest, type InspectedRequest } from "./request-inspection";
import { open } from "./shape";
import { JsonRefused, utf8Text } from "./strict-json";

/**
 * How many requests may be under way, how many bytes of them and their answers, and how large one answer may be. What is read
 * takes several times its bytes in memory, of which the smallest of our places to run has 2 GiB.
 */
const most = { requests: 256, bytes: 67_108_864, answerBytes: 33_554_432 } as const;

/** How long a caller may take nothing of its answer, in milliseconds. */
const usualPatienceMilliseconds = 60_000;

/** What an egress guard runs with. */
export interface EgressGuardParts {
  readonly document: InspectionDocument;
  readonly detector: Detector;
  readonly trail: InspectionTrail;
  /** The keys that hold now; `undefined` while there are none. */
  readonly keys: () => ProviderKeys | undefined;
  /** The firewall's authority that holds now; `undefined` while there is none. */
  readonly authority: () => FirewallAuthority | undefined;
  readonly connections: ProviderConnections;
  /** Is told what went wrong. What it is told may hold words of others. */
  readonly onFault: (requestId: string, error: unknown) => void;
  /** The day, by which agreements hold; today, if left out. */
  readonly today?: () => CalendarDate;
  /** How long a caller may take nothing of its answer, in milliseconds; a minute, if left out. */
  readonly patienceMilliseconds?: number;
}

type Provider = InspectionDocument["providers"][number];

/** A request that may be sent. */
interface AdmittedCall {
  readonly provider: Provider;
  readonly format: ProviderFormat;
  readonly operation: ProviderOperation;
  readonly body: JsonNode;
  readonly inspected: InspectedRequest;
  readonly sent: Buffer;
  readonly path: string;
  readonly key: string;
  readonly authority: FirewallAuthority;
  readonly terms: AnswerTerms;
}

function todayInUtc(): CalendarDate {
  return calendarDate(new Date());
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

/** Whether a body is JSON in UTF-8, as its headers say. */
function isJsonType(value: string | undefined): boolean {
  return /^application\/json(?: *; *charset="?utf-8"?)?$/i.test(value ?? "");
}

/** Calls external providers for the workloads of a platform, and looks into what is sent and answered. */
export class EgressGuard {
  readonly #parts: EgressGuardParts;
  readonly #providers: ReadonlyMap<string, Provider>;
  readonly #callers: ReadonlySet<string>;
  readonly #bytes = new BytesUnderWay(most.bytes);
  #requests = 0;
  #isRecorded = true;

  constructor(parts: EgressGuardParts) {
    this.#parts = parts;
    this.#providers = new Map(parts.document.providers.map((provider) => [provider.id, provider]));
    this.#callers = new Set(Object.values(parts.document.callers));
  }

  /** What is wrong with it; `undefined` while records can be written. Without keys it is well, and refuses. */
  get illness(): string | undefined {
    return this.#isRecorded ? undefined : "Records cannot be written.";
  }

  /** Records that what came is no request that can be read, and says so if it still can. */
  refuseUnread(error: unknown, socket: Socket): void {
    const account = this.#account(undefined);
    let reason: RefusalReason = "request-malformed";
    this.#parts.onFault(account.requestId, error);
    try {
      account.record("refused", reason);
    } catch (unrecorded) {
      this.#parts.onFault(account.requestId, unrecorded);
      reason = "audit-unavailable";
    }
    if (!socket.writable || socket.bytesWritten > 0) {
      // Half of an answer may be on the way already.
      socket.destroy();
      return;
    }
    const { status, says } = refusals[reason];
    const body = JSON.stringify(openAi.error({ status, code: reason, message: says }));
    socket.end(
      [
        `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}`,
        "connection: close",
        "content-type: application/json",
        `content-length: ${String(Buffer.byteLength(body))}`,
        "x-should-retry: false",
        `${requestIdHeader}: ${account.requestId}`,
        "",
        body,
      ].join("\r\n"),
    );
  }

  #account(requestId: string | undefined): CallAccount {
    return new CallAccount(
      {
        append: (event) => {
          this.#isRecorded = false;
          this.#parts.trail.append(event);
          this.#isRecorded = true;
        },
      },
      requestIdOf(requestId),
    );
  }

  /** Answers a request. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const account = this.#account(headerOf(request, requestIdHeader));
    const [, id = ""] = /^\/([^/?]*)/.exec(request.url ?? "") ?? [];
    const provider = this.#providers.get(id);
    // Whoever asks for no provider of ours speaks a language that we do not know: most speak this one.
    const format = provider === undefined ? openAi : formatOf(provider.api);
    const gone = new AbortController();
    response.once("close", () => {
      // Whoever has its whole answer may go.
      if (!response.writableFinished) {
        gone.abort();
      }
    });
    this.#requests += 1;
    const share = this.#bytes.share();
    try {
      const call = await this.#admitted(request, account, provider, format, share);
      account.record(
        call.inspected.verdict === "redacted" ? "redacted" : "allowed",
        call.inspected.identifiers.areAny ? "phi-found" : "clean",
      );
      account.sent();
      await this.#call(request, response, account, call, share, gone.signal);
    } catch (error) {
      this.#refuse(request, response, account, format, error, gone.signal.aborted || response.destroyed);
    } finally {
      this.#requests -= 1;
      share.release();
    }
  }

  /** Whatever is not so as it has to be is refused, in an order that tells nobody of what he may not call. */
  async #admitted(
    request: IncomingMessage,
    account: CallAccount,
    provider: Provider | undefined,
    format: ProviderFormat,
    share: BytesShare,
  ): Promise<AdmittedCall> {
    account.caller = callerIdentity(headerOf(request, "x-forwarded-client-cert"));
    if (account.caller === undefined || !this.#callers.has(account.caller)) {
      throw new Refused("unknown-caller");
    }
    if (provider === undefined) {
      throw new Refused("provider-undeclared");
    }
    account.provider = provider.id;
    if (this.#requests > most.requests) {
      throw new Refused("too-busy");
    }
    const { path, query } = lineOf(request.url ?? "", provider.id);
    const operation = format.operation({ method: request.method ?? "", path, query });
    account.operation = operation.name;
    account.model = operation.model;
    const came = await this.#body(request, share);
    const keys = this.#parts.keys();
    const key = keys?.providers.get(provider.id);
    const authority = this.#parts.authority();
    if (keys !== undefined) {
      account.promptHash = createHmac("sha256", keys.hashKey).update(came).digest("hex");
    }
    const document = documentOf(came, "body-malformed");
    const policy = this.#policy(account, provider, operation, document.root);
    if (keys === undefined || key === undefined || authority === undefined) {
      throw new Refused("keys-missing");
    }
    const means = {
      detector: this.#parts.detector,
      deadlineMilliseconds: this.#parts.document.inspection.deadlineMilliseconds,
    };
    const inspected = await this.#inspected("inspection-failed", account, () =>
      inspectRequest(document, operation.request, policy, means),
    );
    account.found(inspected.identifiers.byKind, inspected.unreadable);
    if (inspected.verdict === "refused" || inspected.verdict === "blocked") {
      throw new Refused(inspected.verdict === "refused" ? "feature-refused" : "phi-found");
    }
    const { placeholders } = inspected;
    const body = document.root;
    return {
      provider,
      format,
      operation,
      body,
      inspected,
      sent: document.isChanged ? Buffer.from(document.render()) : came,
      path: query.size === 0 ? path : `${path}?${query.toString()}`,
      key,
      authority,
      terms: { policy, means, placeholders, isJson: operation.isJsonAnswer(body) },
    };
  }

  async #body(request: IncomingMessage, share: BytesShare): Promise<Buffer> {
    if (!isJsonType(headerOf(request, "content-type"))) {
      throw new Refused("content-type-unknown");
    }
    const encoding = headerOf(request, "content-encoding");
    if (encoding !== undefined && encoding !== "identity") {
      throw new Refused("content-encoding-unknown");
    }
    const { mostBodyBytes } = this.#parts.document.inspection;
    if (Number(headerOf(request, "content-length") ?? 0) > mostBodyBytes) {
      throw new Refused("body-too-large");
    }
    try {
      return await boundedBody(request, mostBodyBytes, share.hold);
    } catch (error) {
      throw error instanceof BodyTooLarge ? new Refused("body-too-large") : error;
    }
  }

  /** What happens to PHI for the model that is asked for, today. */
  #policy(
    account: CallAccount,
    provider: Provider,
    operation: ProviderOperation,
    body: JsonNode,
  ): "block" | "redact" | "allow" {
    const inBody = textAt(body, "model")?.replace(/^models\//, "");
    account.model = operation.model ?? inBody;
    const model = provider.models.find(({ name }) => name === account.model);
    if (model === undefined || (inBody !== undefined && inBody !== model.name)) {
      throw new Refused("model-undeclared");
    }
    const agreement = provider.agreement === undefined ? undefined : { ...provider.agreement, evidence: "" };
    account.policy = policyOn(model.onFinding, agreement, (this.#parts.today ?? todayInUtc)());
    return account.policy;
  }

  /** Whatever goes wrong in an inspection, nothing is known of what it was of. */
  async #inspected<T>(reason: RefusalReason, account: CallAccount, inspect: () => Promise<T>): Promise<T> {
    try {
      return await inspect();
    } catch (error) {
      if (error instanceof Refused) {
        throw error;
      }
      this.#parts.onFault(account.requestId, error);
      throw new Refused(reason);
    }
  }

  async #call(
    request: IncomingMessage,
    response: ServerResponse,
    account: CallAccount,
    call: AdmittedCall,
    share: BytesShare,
    signal: AbortSignal,
  ): Promise<void> {
    const isStreamed = call.operation.isStreamed(call.body);
    const answer = await this.#provided(request, account, call, isStreamed, signal);
    try {
      const { status, headers } = answer;
      const type = String(headers["content-type"] ?? "");
      const isWhole = isJsonType(type);
      const isEvents = /^text\/event-stream(?:$| *;)/i.test(type);
      if (status === 401 || status === 403) {
        throw new Refused("provider-refused");
      }
      if (status >= 500 && !isWhole) {
        // Whatever stands before the provider speaks in its place, and says that it is not there.
        throw new Refused("provider-unreachable");
      }
      const encoding = headers["content-encoding"];
      const isExpected = status === 200 || (status >= 400 && status <= 599 && isWhole);
      if (!isExpected || (encoding !== undefined && encoding !== "identity")) {
        throw new Refused("answer-unreadable");
      }
      if (isEvents && isStreamed && status === 200) {
        await this.#stream(response, account, call, answer, signal);
      } else if (isWhole) {
        await this.#whole(response, account, call, answer, share);
      } else {
        throw new Refused("answer-unreadable");
      }
    } finally {
      answer.body.on("error", () => undefined).destroy();
    }
  }

  async #provided(
    request: IncomingMessage,
    account: CallAccount,
    { provider, format, sent, path, key, authority }: AdmittedCall,
    isStreamed: boolean,
    signal: AbortSignal,
  ): Promise<ProviderAnswer> {
    const [host = ""] = provider.fqdns;
    const known = Object.entries(format.headers).flatMap(([name, known]) => {
      const given = headerOf(request, name);
      const value = given === undefined ? undefined : known(given);
      return value === undefined ? [] : [[name, value] as const];
    });
    try {
      return await this.#parts.connections.call(authority, {
        host,
        path,
        headers: {
          ...Object.fromEntries([...known, format.keyHeader(key)]),
          accept: isStreamed ? "text/event-stream" : "application/json",
          "accept-encoding": "identity",
          "content-type": "application/json",
        },
        body: sent,
        signal,
      });
    } catch (error) {
      this.#parts.onFault(account.requestId, error);
      throw new Refused("provider-unreachable");
    }
  }

  async #whole(
    response: ServerResponse,
    account: CallAccount,
    { operation, terms }: AdmittedCall,
    { status, headers, body }: ProviderAnswer,
    share: BytesShare,
  ): Promise<void> {
    let came: Buffer;
    try {
      came = await boundedBody(body, most.answerBytes, share.hold);
    } catch (error) {
      if (error instanceof Refused) {
        throw error;
      }
      this.#parts.onFault(account.requestId, error);
      throw new Refused(error instanceof BodyTooLarge ? "answer-unreadable" : "provider-unreachable");
    }
    const document = documentOf(came, "answer-unreadable");
    const { verdict, identifiers, unreadable } = await this.#inspected(
      "answer-inspection-failed",
      account,
      () => inspectAnswer(document, status === 200 ? operation.answer : open, terms),
    );
    account.found(identifiers.byKind, unreadable);
    if (verdict === "blocked") {
      throw new Refused("answer-phi-found");
    }
    account.record(verdict, identifiers.areAny ? "phi-found" : "clean");
    const given = document.isChanged ? Buffer.from(document.render()) : came;
    response
      .writeHead(status, {
        ...answerHeaders(headers),
        "content-length": String(given.length),
        [requestIdHeader]: account.requestId,
      })
      .end(given);
  }

  async #stream(
    response: ServerResponse,
    account: CallAccount,
    { operation, terms }: AdmittedCall,
    { headers, body }: ProviderAnswer,
    signal: AbortSignal,
  ): Promise<void> {
    const stream = new AnswerStream(operation, terms);
    const found = (): void => {
      account.found(stream.identifiers.byKind, stream.unreadable);
    };
    const hand = async (given: readonly Buffer[]): Promise<void> => {
      for (const bytes of given) {
        if (!response.headersSent) {
          response.writeHead(200, {
            ...answerHeaders(headers),
            "cache-control": "no-cache",
            [requestIdHeader]: account.requestId,
          });
        }
        if (!response.write(bytes)) {
          await this.#taken(response, signal);
        }
      }
    };
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        await hand(await this.#inspected("answer-inspection-failed", account, () => stream.take(chunk)));
      }
      const last = await this.#inspected("answer-inspection-failed", account, () => stream.end());
      found();
      account.record(stream.verdict, stream.identifiers.areAny ? "phi-found" : "clean");
      await hand(last);
    } catch (error) {
      found();
      if (error instanceof Refused || error instanceof AuditUnavailable) {
        throw error;
      }
      this.#parts.onFault(account.requestId, error);
      throw new Refused("provider-unreachable");
    }
    response.end();
  }

  /** Waits until a caller has taken its answer so far. One that takes nothing is let go, with what waits for it. */
  async #taken(response: ServerResponse, signal: AbortSignal): Promise<void> {
    const late = AbortSignal.timeout(this.#parts.patienceMilliseconds ?? usualPatienceMilliseconds);
    try {
      await once(response, "drain", { signal: AbortSignal.any([signal, late]) });
    } catch (error) {
      response.destroy();
      throw error;
    }
  }

  #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    account: CallAccount,
    format: ProviderFormat,
    error: unknown,
    isGone: boolean,
  ): void {
    let reason: RefusalReason;
    if (error instanceof Refused) {
      ({ reason } = error);
    } else {
      this.#parts.onFault(account.requestId, error);
      reason = error instanceof AuditUnavailable ? "audit-unavailable" : "fault";
    }
    if (reason !== "audit-unavailable") {
      try {
        const isFound = reason === "phi-found" || reason === "answer-phi-found";
        account.record(isFound ? "blocked" : "refused", isGone ? "client-gone" : reason);
      } catch (unrecorded) {
        this.#parts.onFault(account.requestId, unrecorded);
        reason = "audit-unavailable";
      }
    }
    const { status, says } = refusals[reason];
    const told = { status, code: reason, message: says };
    if (response.headersSent) {
      response.end(format.errorEvent(told));
      return;
    }
    response
      .writeHead(status, {
        // Of a body that was not read the rest is still to come.
        ...(request.complete ? {} : { connection: "close" }),
        "content-type": "application/json",
        ...(mayTryAgain(reason) ? {} : { "x-should-retry": "false" }),
        [requestIdHeader]: account.requestId,
      })
      .end(JSON.stringify(format.error(told)));
  }
}

/** The path and the query of a request behind the provider's id. */
function lineOf(url: string, id: string): { readonly path: string; readonly query: URLSearchParams } {
  const [path = "", query = "", ...others] = url.slice(id.length + 1).split("?");
  // A path that is written in another way could be another one to the provider.
  if (others.length > 0 || !/^[A-Za-z0-9/._:-]*$/.test(path) || path.includes("..") || path.includes("//")) {
    throw new Refused("operation-unknown");
  }
  return { path, query: new URLSearchParams(query) };
}

function documentOf(bytes: Buffer, reason: RefusalReason): JsonText {
  try {
    return new JsonText(utf8Text(bytes));
  } catch (error) {
    throw error instanceof JsonRefused ? new Refused(reason) : error;
  }
}
