// SPDX-License-Identifier: MIT
//
// A Redis of a test's own, that keeps nothing, on a free port.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

// Its URL, and what stops it.
export async function startRedis(port) {
    const server = spawn("redis-server", ["--port", port, "--bind", "127.0.0.1",
        "--save", "", "--appendonly", "no"],
    { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(server, "exit");
    const stop = async () => {
        server.kill();
        await ended;
    };
    for await (const line of createInterface({ input: server.stdout })) {
        if (!line.includes("Ready to accept connections")) continue;
        server.stdout.resume();
        return { url: `redis://127.0.0.1:${port}/0`, stop };
    }
    throw new Error("redis-server ended");
}
