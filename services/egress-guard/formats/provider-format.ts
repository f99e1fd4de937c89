import type { JsonNode } from "../json-node";
import type { Shape } from "../shape";

/** What a caller asks a provider for, as the request's line says it. */
export interface ProviderRequestLine {
  readonly method: string;
  /** The path behind the provider's id, such as `/v1/chat/completions`. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Something that can be asked of a provider. */
export interface ProviderOperation {
  /** What records call it. */
  readonly name: string;
  /** What a request's body is. */
  readonly request: Shape;
  /** What an answer's body is. */
  readonly answer: Shape;
  /** What each event of a streamed answer is; there if answers can be streamed. */
  readonly event?: Shape;
  /** The model that the request's line asks for; `undefined` where the body says it. */
  readonly model: string | undefined;
  /** Whether an answer is streamed. */
  isStreamed(body: JsonNode): boolean;
  /** Whether the texts of an answer are parts of JSON, so that what is put into them has to be escaped. */
  isJsonAnswer(body: JsonNode): boolean;
  /** Whether a text that came in parts is whole with this event. */
  endsTexts(event: JsonNode): boolean;
}

/** An error in a provider's own shape. */
export interface ProviderError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** How a provider's API is spoken. */
export interface ProviderFormat {
  /** What a request's line asks for. @throws {Refused} if that is not open from the platform. */
  operation(line: ProviderRequestLine): ProviderOperation;
  /** The header in which the provider takes its key. */
  keyHeader(key: string): readonly [string, string];
  /** The headers of a caller's that go on, if they say nothing but what their forms allow. */
  readonly headers: Readonly<Record<string, (value: string) => string | undefined>>;
  /** An error's body. */
  error(error: ProviderError): object;
  /** The event with which a stream ends that an error ends: its lines, with the blank one behind them. */
  errorEvent(error: ProviderError): string;
}
