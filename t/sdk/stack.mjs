// SPDX-License-Identifier: MIT
//
// The running gateway that these tests talk to, as scripts/run describes it in
// run.json, and the demo provider behind it, which they also ask directly.
// AIPROXY_RUN_JSON names the file; without it a gateway is started for this
// test file and stopped behind it.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { randomUUID } from "node:crypto";

const command = fileURLToPath(new URL("../../scripts/run", import.meta.url));

// Waits for the command, not for what it leaves running.
async function scriptsRun(...options) {
    // A probe would find out first which keys the tests made bad.
    const child = spawn(command, options, {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, AIPROXY_PROBE_SECONDS: "0" },
    });
    const status = await new Promise((ended, failed) =>
        child.on("exit", ended).on("error", failed));
    if (status !== 0) throw new Error(`scripts/run failed: ${status}`);
}

async function freePort() {
    const server = createServer();
    await new Promise((listening) =>
        server.listen(0, "127.0.0.1", listening));
    const { port } = server.address();
    await new Promise((closed) => server.close(closed));
    return String(port);
}

async function startGateway() {
    const dir = await mkdtemp(join(tmpdir(), "aiproxy-sdk-"));
    after(async () => {
        await scriptsRun("--dir", dir, "--stop");
        await rm(dir, { recursive: true, force: true });
    });
    await scriptsRun("--dir", dir, "--detach", "--port", await freePort(),
        "--admin-port", await freePort());
    return join(dir, "run.json");
}

const file = process.env.AIPROXY_RUN_JSON ?? (await startGateway());
const run = JSON.parse(await readFile(file, "utf8"));

export const provider = {
    name: "the provider",
    url: run.demo_provider_url,
    key: "demo-key-direct",
};
export const gateway = {
    name: "the gateway",
    url: run.proxy_url,
    key: run.demo_client_key,
};

// Headers that make two answers comparable: ids and times follow from a seed.
export function seeded(faults = "") {
    const seed = `seed=${randomUUID()},event_delay_ms=1`;
    return { "x-demo-fault": faults ? `${seed},${faults}` : seed };
}

// A fetch for an SDK that keeps the bytes of each answer.
export function recordingFetch() {
    const answers = [];
    const record = async (url, init) => {
        const answer = await fetch(url, init);
        const [theirs, ours] = answer.body.tee();
        answers.push(new Response(ours).arrayBuffer());
        return new Response(theirs, answer);
    };
    record.bytes = async () => {
        const all = await Promise.all(answers);
        return Buffer.concat(all.map((one) => Buffer.from(one))).toString();
    };
    return record;
}

// What the provider must say it cost: the rule of t/lib/README.md.
export function expectedUsage(texts, messages, model = "demo-small") {
    const bytes = Buffer.byteLength(texts.join(""));
    const input = Math.ceil(bytes / 4) + 4 * messages + 3;
    const output = 16 + (bytes % 17);
    return {
        input,
        output,
        cached: 128 * Math.floor(input / 256),
        reasoning: model === "demo-large" ? Math.floor(output / 4) : 0,
    };
}

export async function collect(iterable) {
    const all = [];
    for await (const one of iterable) all.push(one);
    return all;
}

let token;

// Calls the management API; signs in once.
export async function manage(method, path, body) {
    token ??= (async () => {
        const { access_token, user } = await call("POST", "/api/auth/login", {
            username: run.admin_user,
            password:
                run.admin_password ?? process.env.AIPROXY_ADMIN_PASSWORD,
        });
        if (user.must_change_password) {
            await call("POST", "/api/auth/password", {
                current_password: run.admin_password,
                new_password: "a password for these tests",
            }, access_token);
        }
        return access_token;
    })();
    return call(method, path, body, await token);
}

async function call(method, path, body, bearer) {
    const answer = await fetch(run.admin_url + path, {
        method,
        headers: {
            "content-type": "application/json",
            ...(bearer && { authorization: `Bearer ${bearer}` }),
        },
        body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) {
        throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    }
    return text ? JSON.parse(text) : null;
}

// A client key of its own over one provider key of its own, so that what a
// test does to it rests no key of another test. Removed at the test's end.
export async function ownKey(t, providerName, { faults = "", ...client } = {}) {
    const providers = await manage("GET", "/api/providers?limit=200");
    const found = providers.items.find((one) => one.name === providerName);
    const name = `sdk-${randomUUID()}`;
    const backend = await manage("POST", "/api/provider-keys/keys", {
        name,
        provider_id: found.id,
        secret: `demo-key-${name}${faults && "?" + faults}`,
    });
    t.after(() =>
        manage("DELETE", `/api/provider-keys/keys/${backend.id}`));
    const created = await manage("POST", "/api/client-keys", {
        name,
        provider_key_ids: [backend.id],
        ...client,
    });
    t.after(() => manage("DELETE", `/api/client-keys/${created.id}`));
    return { id: created.id, url: gateway.url, key: created.key };
}
