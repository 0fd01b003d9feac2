// SPDX-License-Identifier: MIT
//
// Starts a gateway with its demo provider by scripts/run, in a temporary folder
// and on free ports; over a Postgres if AIPROXY_TEST_POSTGRES is set.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "./postgres.mjs";

const command = fileURLToPath(new URL("../../scripts/run", import.meta.url));

// Waits for the command, not for what it leaves running.
async function scriptsRun(...options) {
    const child = spawn(command, options,
        { stdio: ["ignore", "ignore", "inherit"] });
    const status = await new Promise((ended, failed) =>
        child.on("exit", ended).on("error", failed));
    if (status !== 0) throw new Error(`scripts/run failed: ${status}`);
}

// A port of the loopback that nobody listens on.
export async function freePort() {
    const server = createServer();
    await new Promise((listening) =>
        server.listen(0, "127.0.0.1", listening));
    const { port } = server.address();
    await new Promise((closed) => server.close(closed));
    return String(port);
}

// The path of its run.json, and what stops it.
export async function startGateway() {
    const dir = await mkdtemp(join(tmpdir(), "aiproxy-web-"));
    const postgres = process.env.AIPROXY_TEST_POSTGRES &&
        await startPostgres(await freePort());
    const stop = async () => {
        await scriptsRun("--dir", dir, "--stop");
        await postgres?.stop();
        await rm(dir, { recursive: true, force: true });
    };
    await scriptsRun("--dir", dir, "--detach", "--port", await freePort(),
        "--admin-port", await freePort(),
        ...(postgres ? ["--postgres", postgres.url] : []));
    return { file: join(dir, "run.json"), stop };
}
