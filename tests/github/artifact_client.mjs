// Lists, finds and downloads a build artifact with GitHub's own client; says what it saw (JSON).

import { pathToFileURL } from "node:url";

const [tools, name, into, expectedHash] = process.argv.slice(2);
const from = pathToFileURL(`${tools}/node_modules/@actions/artifact/lib/artifact.js`);
const { DefaultArtifactClient } = await import(from);

const client = new DefaultArtifactClient();
const { artifacts } = await client.listArtifacts();
const { artifact } = await client.getArtifact(name);
const { digestMismatch } = await client.downloadArtifact(artifact.id, { path: into, expectedHash });
const seen = { listed: artifacts.map((one) => one.name), id: artifact.id, digestMismatch };
console.log(`official client: ${JSON.stringify(seen)}`);
