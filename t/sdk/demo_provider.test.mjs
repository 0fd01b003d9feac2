// SPDX-License-Identifier: MIT
//
// The demo provider keeps its word: each fault of t/lib/README.md does what is
// said there, and its log tells what really went over the wire. Asked
// directly, byte by byte, with no gateway between.

import test, { after, before } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const build = process.env.AIPROXY_BUILD ??
    fileURLToPath(new URL("../../build", import.meta.url));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function startProvider(...options) {
    const child = spawn(join(build, "demo_provider"), options,
        { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: child.stdout })) {
        const port = line.match(/^listening on 127\.0\.0\.1:(\d+)$/)?.[1];
        return { child, port: Number(port) };
    }
    throw new Error("the demo provider did not start");
}

let provider;
before(async () => (provider = await startProvider()));
after(() => provider.child.kill());

const chat = {
    model: "demo-small",
    messages: [{ role: "user", content: "Hello" }],
};

function requestBytes(faults, { body = chat, key = "demo-key", ...rest } = {}) {
    const text = JSON.stringify({ ...body, ...rest });
    return `POST /v1/chat/completions HTTP/1.1\r\nhost: demo\r\n` +
        `authorization: Bearer ${key}\r\nx-demo-fault: ${faults}\r\n` +
        `connection: close\r\n` +
        `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

// Sends bytes, resolves with all that came until the connection ended.
function exchange(bytes, socket = net.connect(provider.port, "127.0.0.1")) {
    return new Promise((resolve) => {
        const parts = [];
        let error = null;
        socket.on("data", (part) => parts.push(part));
        socket.on("error", (failure) => (error = failure.code));
        socket.on("close", () => {
            const all = Buffer.concat(parts);
            const end = all.indexOf("\r\n\r\n");
            resolve({
                all, parts, error,
                head: all.subarray(0, end < 0 ? 0 : end).toString(),
                body: end < 0 ? Buffer.alloc(0) : all.subarray(end + 4),
            });
        });
        socket.write(bytes);
    });
}

const ask = (faults, options) => exchange(requestBytes(faults, options));

async function control(path, method = "GET") {
    const answer = await fetch(`http://127.0.0.1:${provider.port}${path}`,
        { method });
    return answer.json();
}

async function lastRequest() {
    const list = await control("/demo/requests");
    return list.at(-1);
}

function unchunk(body) {
    const parts = [];
    for (let at = 0; ;) {
        const end = body.indexOf("\r\n", at);
        const size = parseInt(body.toString("latin1", at, end), 16);
        if (size === 0) return Buffer.concat(parts);
        parts.push(body.subarray(end + 2, end + 2 + size));
        at = end + 2 + size + 2;
    }
}

test("status, retry_after, header and the error's words", async () => {
    const answer = await ask("status=418,retry_after=3,header=X-A:b%2Cc," +
        "error_code=short,error_message=and%20stout");
    assert.match(answer.head, /^HTTP\/1\.1 418 /);
    assert.match(answer.head, /\r\nretry-after: 3\r\n/);
    assert.match(answer.head, /\r\nX-A: b,c\r\n/);
    const { error } = JSON.parse(answer.body);
    assert.equal(error.code, "short");
    assert.equal(error.message, "and stout");
});

test("an unknown fault is refused", async () => {
    const answer = await ask("sttaus=500");
    assert.match(answer.head, / 400 /);
    assert.match(answer.body.toString(), /unknown name: sttaus/);
});

test("times=N counts, and a tag tells lists apart", async () => {
    const list = `status=503,times=2,tag=${randomUUID()}`;
    const statuses = [];
    for (const faults of [list, list, list, `${list}x`]) {
        statuses.push((await ask(faults)).head.match(/ (\d+) /)[1]);
    }
    assert.deepEqual(statuses, ["503", "503", "200", "503"]);
});

test("faults by credential and by model; the header wins", async () => {
    const byKey = await ask("", { key: "demo-key-1?status=429" });
    assert.match(byKey.head, / 429 /);
    const byModel = await ask("", { model: "demo-fault:status=500" });
    assert.match(byModel.head, / 500 /);
    const both = await ask("status=503", { key: "demo-key-1?status=429" });
    assert.match(both.head, / 503 /);
});

test("close, reset, garbage and half_header", async () => {
    assert.equal((await ask("close")).all.length, 0);
    assert.equal((await ask("reset")).error, "ECONNRESET");
    const garbage = await ask("garbage");
    assert.doesNotMatch(garbage.all.toString(), /^HTTP/);
    assert.ok(garbage.all.length > 0);
    const half = await ask("half_header");
    assert.match(half.all.toString(), /^HTTP\/1\.1 200 OK\r\n.+$/);
    assert.equal((await lastRequest()).status, 0);
});

test("cut ends a body early, whole or streamed", async () => {
    const whole = await ask("cut=10");
    assert.equal(whole.body.length, 10);
    assert.match(whole.head, /content-length: [1-9]\d\d/);
    const streamed = await ask("cut=500", { stream: true });
    assert.equal(streamed.all.includes("\r\n0\r\n\r\n"), false);
    const seen = await lastRequest();
    assert.equal(seen.sent_bytes, 500);
    assert.equal(seen.completed, false);
});

test("stall and hang keep silent until the caller leaves", async () => {
    for (const faults of ["stall=10", "hang"]) {
        const socket = net.connect(provider.port, "127.0.0.1");
        const ended = exchange(requestBytes(faults), socket);
        if (faults !== "hang") {
            await new Promise((some) => socket.once("data", some));
        }
        while ((await control("/demo/stats")).answers_open === 0);
        assert.equal((await lastRequest()).ended, false);
        socket.destroy();
        await ended;
        while ((await control("/demo/stats")).answers_open > 0);
        assert.equal((await lastRequest()).completed, false);
    }
});

test("split writes small pieces", async () => {
    const answer = await ask("split=50,split_pause_us=2000");
    assert.ok(answer.parts.length > answer.all.length / 50 / 4);
    assert.ok(answer.parts[0].length < answer.all.length);
    JSON.parse(answer.body);
});

test("delay_ms and event_delay_ms take their time", async () => {
    let start = performance.now();
    await ask("delay_ms=80");
    assert.ok(performance.now() - start >= 79);
    start = performance.now();
    await ask("events=5,event_delay_ms=20", { stream: true });
    assert.ok(performance.now() - start >= 99);
});

test("gzip, whole and streamed", async () => {
    const whole = await ask("gzip");
    assert.match(whole.head, /content-encoding: gzip/);
    assert.equal(JSON.parse(gunzipSync(whole.body)).object, "chat.completion");
    const streamed = await ask("gzip", { stream: true });
    assert.match(gunzipSync(unchunk(streamed.body)).toString(),
        /data: \[DONE\]\n\n$/);
});

test("chunked=1 and chunked=0", async () => {
    const chunked = await ask("chunked=1");
    assert.match(chunked.head, /transfer-encoding: chunked/);
    JSON.parse(unchunk(chunked.body));
    const closed = await ask("chunked=0", { stream: true });
    assert.doesNotMatch(closed.head, /transfer-encoding|content-length/);
    assert.match(closed.body.toString(), /data: \[DONE\]\n\n$/);
});

test("crlf, comments, no_done, error_event, no_usage", async () => {
    const body = async (faults) =>
        unchunk((await ask(faults, { stream: true })).body).toString();
    assert.doesNotMatch(await body("crlf"), /[^\r]\n/);
    assert.match(await body("comments"), /\n\n: keep-alive\n\ndata: /);
    assert.doesNotMatch(await body("no_done"), /\[DONE\]\n|finish_reason":"/);
    assert.match(await body("error_event"), /data: {"error":.*}\n\n$/);
    const whole = await ask("no_usage");
    assert.equal("usage" in JSON.parse(whole.body), false);
});

test("counts, sizes and the served model", async () => {
    const answer = await ask("tokens=7,input=1000,cache_read=600," +
        "cache_write=100,reasoning=3,big=5000,header_bytes=3000,model=other");
    const { usage, model, choices } = JSON.parse(answer.body);
    assert.equal(model, "other");
    assert.equal(usage.prompt_tokens, 1000);
    assert.equal(usage.prompt_tokens_details.cached_tokens, 600);
    assert.equal(usage.prompt_tokens_details.cache_write_tokens, 100);
    assert.equal(usage.completion_tokens, 7);
    assert.equal(usage.completion_tokens_details.reasoning_tokens, 3);
    assert.ok(choices[0].message.content.length > 5000);
    assert.ok(answer.head.length > 3000);
    const seen = await lastRequest();
    assert.deepEqual(seen.usage, {
        input_tokens: 1000, output_tokens: 7, cache_read_tokens: 600,
        cache_write_5m_tokens: 0, cache_write_1h_tokens: 0,
        cache_write_30m_tokens: 100, reasoning_tokens: 3,
    });
});

test("a seed makes answers equal, none makes them differ", async () => {
    const bodies = [];
    for (const faults of ["seed=a", "seed=a", "seed=b", "", ""]) {
        bodies.push((await ask(faults)).body.toString());
    }
    assert.equal(bodies[0], bodies[1]);
    assert.equal(new Set(bodies).size, 4);
});

test("the log has what went over the wire", async () => {
    const text = "é".repeat(50000);
    const answer = await ask("", {
        messages: [{ role: "user", content: text }],
        stream: true,
    });
    const seen = await lastRequest();
    const sent = unchunk(answer.body);
    assert.equal(seen.sent_bytes, sent.length);
    assert.equal(seen.sent_sha256, sha256(sent));
    assert.equal(seen.completed, true);
    const bytes = requestBytes("", {
        messages: [{ role: "user", content: text }],
        stream: true,
    }).split("\r\n\r\n")[1];
    assert.equal(seen.body_sha256, sha256(bytes));
    assert.equal(seen.body_bytes, Buffer.byteLength(bytes));
    assert.deepEqual(seen.headers[0], ["host", "demo"]);
    assert.equal(seen.credential, "demo-key");
    assert.equal((await control(`/demo/requests?since=${seen.n}`)).length, 0);
});

test("chunked bodies in any split, 100-continue, pipelining", async () => {
    const text = JSON.stringify(chat);
    const half = text.length >> 1;
    const head = "POST /v1/chat/completions HTTP/1.1\r\nhost: demo\r\n" +
        "authorization: Bearer k\r\n";
    const chunk = (part) => `${part.length.toString(16)}\r\n${part}\r\n`;
    const expecting = `${head}transfer-encoding: chunked\r\n` +
        "expect: 100-continue\r\n\r\n";
    const body = chunk(text.slice(0, half)) + chunk(text.slice(half)) +
        "0\r\nx-trailer: 1\r\n\r\n";
    const socket = net.connect(provider.port, "127.0.0.1");
    socket.setNoDelay(true);
    const ended = exchange("", socket);
    const slowly = async (bytes) => {
        for (const byte of bytes) {
            await new Promise((done) => socket.write(byte, done));
        }
    };
    // A server that has the whole body may leave the 100 out.
    const invited = new Promise((come) => socket.once("data", come));
    await slowly(expecting);
    await invited;
    await slowly(body);
    socket.write(requestBytes("seed=x"));
    const { all } = await ended;
    const statuses = all.toString().match(/HTTP\/1\.1 \d+/g);
    assert.deepEqual(statuses,
        ["HTTP/1.1 100", "HTTP/1.1 200", "HTTP/1.1 200"]);
});

test("what is not HTTP gets 400 and the connection ends", async () => {
    assert.match((await exchange("nonsense\r\n\r\n")).head, / 400 /);
    assert.match(
        (await exchange(`POST /v1/x HTTP/1.1\r\ncontent-length: 99999999999` +
            `\r\n\r\n`)).head, / 413 /);
});

test("TLS serves the same", async () => {
    const folder = mkdtempSync(join(tmpdir(), "demo-provider-"));
    const [key, certificate] = ["key.pem", "cert.pem"].map((name) =>
        join(folder, name));
    let secure;
    try {
        execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", key, "-out", certificate], { stdio: "ignore" });
        secure = await startProvider("--tls-cert", certificate,
            "--tls-key", key);
        const socket = tls.connect({
            port: secure.port, servername: "localhost",
            ca: readFileSync(certificate), ALPNProtocols: ["h2", "http/1.1"],
        });
        const answer = await exchange(
            requestBytes("big=200000", { stream: true }), socket);
        assert.equal(socket.alpnProtocol, "http/1.1");
        assert.match(unchunk(answer.body).toString(), /data: \[DONE\]\n\n$/);
    } finally {
        secure?.child.kill();
        rmSync(folder, { recursive: true });
    }
});
