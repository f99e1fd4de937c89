/* A program in which something goes wrong with which nobody reckons, as its first argument says. */
import { faultTextOf } from "../../services/program/fault-text";
import { sayLastWords } from "../../services/program/last-words";

sayLastWords(faultTextOf([]));
const wrong = new RangeError("Patient/4711");
setInterval(() => undefined, 1000);
if (process.argv[2] === "reject") {
  void Promise.reject(wrong);
} else {
  setTimeout(() => {
    throw wrong;
  });
}
