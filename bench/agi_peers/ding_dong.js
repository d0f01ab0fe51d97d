// The bench's session on ding-dong. The first line printed is the port.
"use strict";

const AgiServer = require("ding-dong");

const SOUND = "h181/greeting";

const server = new AgiServer(
  async (call) => {
    call.on("error", () => {});
    await call.onEvent("variables");
    await call.answer();
    await call.streamFile(SOUND, "");
    await call.getData(SOUND, 1000, 2);
    await call.getFullVariable("${H181_DISTRICT}");
    await call.setVariable("H181_QUEUE", "district-39");
    await call.setVariable("H181_DONE", "bench");
    call.end();
  },
  { host: "127.0.0.1" },
);

// Its port cannot be 0 for "any", so a free one is asked for first.
const probe = require("net").createServer();
probe.listen(0, "127.0.0.1", () => {
  const { port } = probe.address();
  probe.close(() => server.start(port).on("listening", () => console.log(port)));
});
process.stdin.on("end", () => process.exit(0)).resume();
