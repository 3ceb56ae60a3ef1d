// One Socket.IO client that does what the lines on its standard input say, and writes what it hears as JSON lines.
//
//   node client.js <2|4> <url> [transport,…]
//
// Lines in:  ["call", event, payload] · ["emit", event, payload] · ["call-bare", event] · ["transport"] · ["close"]
// Lines out: ["connect", sid] · ["ack", …arguments] · ["event", name, …arguments] · ["transport", name] · ["disconnect", reason]
"use strict";

process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
process.removeAllListeners("warning");

const [generation, url, transports] = process.argv.slice(2);
const connect = require(`socket.io-client-${generation}`);
const io = connect.io || connect;
const say = (...line) => process.stdout.write(JSON.stringify(line) + "\n");

const options = { reconnection: false, rejectUnauthorized: false, forceNew: true };
if (transports) options.transports = transports.split(",");
const socket = io(url, options);

socket.io.engine.on("upgrade", (transport) => say("upgrade", transport.name));
socket.on("connect", () => say("connect", socket.io.engine.id));
for (const name of ["connect_error", "error"]) socket.on(name, (error) => say("error", String(error && error.message || error)));
socket.on("disconnect", (reason) => say("disconnect", reason));
for (const name of ["test-event"]) socket.on(name, (...args) => say("event", name, ...args));

require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [what, name, payload] = JSON.parse(line);
  if (what === "call") socket.emit(name, payload, (...args) => say("ack", ...args));
  else if (what === "call-bare") socket.emit(name, (...args) => say("ack", ...args));
  else if (what === "call-binary") socket.emit(name, Buffer.from([1, 2]), (...args) => say("ack", ...args));
  else if (what === "emit") socket.emit(name, payload);
  else if (what === "transport") say("transport", socket.io.engine.transport.name);
  else if (what === "close") socket.close();
}).on("close", () => process.exit(0));
