// SPDX-License-Identifier: MIT
//
// Starts a gateway with its demo provider by scripts/run, in a temporary folder
// and on free ports; over a Postgres if AIPROXY_TEST_POSTGRES is set, and over
// a Redis too where there are several nodes.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "./postgres.mjs";
import { startRedis } from "./redis.mjs";

const command = fileURLToPath(new URL("../../scripts/run", import.meta.url));

// Waits for the command, not for what it leaves running.
async function scriptsRun(...options) {
    const child = spawn(command, options,
        { stdio: ["ignore", "ignore", "inherit"] });
    const status = await new Promise((ended, failed) =>
        child.on("exit", ended).on("error", failed));
    if (status !== 0) throw new Error(`scripts/run failed: ${status}`);
}

async function listen(port) {
    const server = createServer();
    await new Promise((listening, failed) =>
        server.on("error", failed).listen(port, "127.0.0.1", listening));
    return server;
}

// The first of so many ports of the loopback, side by side, that nobody listens
// on.
export async function freePort(count = 1) {
    const servers = [await listen(0)];
    const { port } = servers[0].address();
    try {
        while (servers.length < count) {
            servers.push(await listen(port + servers.length));
        }
        return String(port);
    } catch {
        return freePort(count);
    } finally {
        for (const server of servers) {
            await new Promise((closed) => server.close(closed));
        }
    }
}

// The path of its run.json, and what stops it.
export async function startGateway({ nodes = 1 } = {}) {
    const dir = await mkdtemp(join(tmpdir(), "aiproxy-web-"));
    const options = ["--port", await freePort(nodes),
        "--admin-port", await freePort(nodes)];
    const others = [];
    const use = (option, server) => {
        others.push(server);
        options.push(option, server.url);
    };
    if (nodes > 1 || process.env.AIPROXY_TEST_POSTGRES) {
        use("--postgres", await startPostgres(await freePort()));
    }
    if (nodes > 1) {
        use("--redis", await startRedis(await freePort()));
        options.push("--nodes", String(nodes));
    }
    const stop = async () => {
        await scriptsRun("--dir", dir, "--stop");
        for (const server of others) await server.stop();
        await rm(dir, { recursive: true, force: true });
    };
    await scriptsRun("--dir", dir, "--detach", ...options);
    return { file: join(dir, "run.json"), stop };
}
