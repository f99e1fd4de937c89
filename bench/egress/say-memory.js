"use strict";

/* Loaded into a process that is measured: answers each message with the memory that it uses once garbage is collected. */

process.on("message", () => {
  global.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ rss, heapUsed });
});
// It does not keep the process alive.
process.channel?.unref();
