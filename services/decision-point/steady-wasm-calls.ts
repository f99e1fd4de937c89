import { setFlagsFromString } from "node:v8";

// Once V8 has taken a call of WebAssembly into the code that calls it, and then has to undo that, it may end the process: "Fatal
// error: unreachable code" in Deoptimizer::DoComputeBuiltinContinuation, with Node.js 20.20 and 22.23 within seconds of load.
setFlagsFromString("--no-turbo-inline-js-wasm-calls");
