// Reads an AsyncAPI document with the official parser; prints what it says of it, as JSON.

const { readFileSync } = require("node:fs");
const { Parser } = require("@asyncapi/parser");

new Parser().parse(readFileSync(process.argv[2], "utf8")).then(({ document, diagnostics }) => {
  const said = diagnostics.map(({ severity, path, message }) => ({
    severity,
    message: `${path.join("/")}: ${message}`,
  }));
  const messages = document ? document.allMessages().all().map((one) => one.name()) : [];
  process.stdout.write(JSON.stringify({ said, messages }));
});
