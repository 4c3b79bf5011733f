// Looks at pages in Chromium: reads one request a line (JSON), answers each with what it saw, one line (JSON).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [tools, executablePath] = process.argv.slice(2);
const require = createRequire(`${tools}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

async function open(request, bypassCSP) {
  const { width, scheme } = request;
  const viewport = { width, height: width < 600 ? 780 : 900 };
  const permissions = ["clipboard-read", "clipboard-write"];
  const context = await browser.newContext({ viewport, colorScheme: scheme, bypassCSP, permissions });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (sent) => {
    if (sent.url() !== request.address && !sent.url().startsWith("data:")) said.push(`asked for ${sent.url()}`);
  });
  const start = performance.now();
  await page.goto(request.address);
  const milliseconds = performance.now() - start;
  await page.emulateMedia({ media: request.media });
  const value = (request.script ? await page.evaluate(request.script) : null) ?? null;
  return { context, page, said, value, milliseconds };
}

async function look(request) {
  const { context, page, said, value, milliseconds } = await open(request, false);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  let again = null;
  if (request.again) {
    await page.reload();
    again = await page.evaluate(request.again);
  }
  if (request.shot) await page.screenshot({ path: request.shot });
  await context.close();
  return { said, value, again, milliseconds, wide };
}

// The page's policy lets no script in that is not its own: axe looks at a page without the policy.
async function judge(request) {
  const { context, page } = await open(request, true);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  await context.close();
  return violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes[0].html, why: nodes[0].failureSummary }));
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const seen = await look(request);
  console.log(JSON.stringify({ ...seen, violations: request.judge ? await judge(request) : [] }));
}
await browser.close();
