// A bot as the JavaScript SDK runs one: configuration by HTTPS, Socket.IO with the marker in the query, start-bot, and
// listeners only when that has succeeded. It does what the lines on its standard input say.
//
//   node bot.js <2|4> <base> <https port> <name> <token>
//
// Lines in:  ["call", event, …arguments] · ["emit", event, …arguments] · ["transport"] · ["upload", path, name, text]
// Lines out: ["config", …] · ["started", …ack] · ["ack", …arguments] · ["event", name, …arguments] · ["uploaded", status, type,
//            body] · ["transport", name] · ["disconnect", reason] · ["began", transport]
"use strict";

const https = require("node:https");
const [generation, base, httpsPort, name, token] = process.argv.slice(2);
const io = require(`socket.io-client-${generation}`);
const say = (...line) => process.stdout.write(JSON.stringify(line) + "\n");
const EVENTS = ["bot-message-event", "bot-button-event", "delete-bot-conversation-event", "bot-message-change-event"];

const text = (response, then) => {
  let body = "";
  response.setEncoding("utf8").on("data", (part) => (body += part)).on("end", () => then(body));
};

// The request for the configuration verifies the certificate, the socket does not.
https.get(`${base}:${httpsPort}/ajax/config.json`, (response) => text(response, (body) => connect(JSON.parse(body))));

function connect(config) {
  say("config", config);
  const port = generation === "2" ? config.webSocketsPort : config.webSocketsPortVer4;
  const socket = io(`${base}:${port}`, { query: { "type-bot": "undefined" }, rejectUnauthorized: false, forceNew: true });
  say("began", socket.io.engine.transport.name);
  socket.on("connect", () => {
    socket.emit("start-bot", { token, name }, (...ack) => {
      say("started", ...ack);
      if (ack[0].error) return;
      for (const event of EVENTS) socket.on(event, (...args) => say("event", event, ...args));
      obey(socket);
    });
  });
  socket.on("disconnect", (reason) => say("disconnect", reason));
}

function obey(socket) {
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const [what, ...rest] = JSON.parse(line);
    if (what === "call") socket.emit(...rest, (...ack) => say("ack", ...ack));
    else if (what === "emit") socket.emit(...rest);
    else if (what === "transport") upgraded(socket.io.engine, (transport) => say("transport", transport.name));
    else if (what === "upload") upload(...rest);
  }).on("close", () => process.exit(0));
}

function upgraded(engine, then) {
  if (engine.transport.name === "websocket") then(engine.transport);
  else engine.once("upgrade", then);
}

function upload(path, file, content) {
  const boundary = "----bot";
  const body = [
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file}"\r\n`,
    `Content-Type: application/octet-stream\r\n\r\n${content}\r\n--${boundary}--\r\n`,
  ].join("");
  const headers = { "content-type": `multipart/form-data; boundary=${boundary}`, "content-length": Buffer.byteLength(body) };
  https
    .request(`${base}:${httpsPort}${path}`, { method: "POST", headers }, (response) =>
      text(response, (answer) => say("uploaded", response.statusCode, response.headers["content-type"], answer)),
    )
    .end(body);
}
