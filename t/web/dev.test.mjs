// SPDX-License-Identifier: MIT
//
// `npm run dev`: the console as it is written, with hot reload, against a
// running gateway.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { freePort } from "./gateway.mjs";
import { signIn } from "./browser.mjs";
import { openBrowser, run, until } from "./stack.mjs";

const execute = promisify(execFile);
const web = fileURLToPath(new URL("../../web", import.meta.url));

// Starts it; what it says is in `lines`.
function spawnDev(t, ...options) {
    const child = spawn("npm", ["run", "dev", ...options], {
        cwd: web, detached: true, stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, AIPROXY_API: run.admin_url },
    });
    t.after(async () => {
        if (child.exitCode !== null) return;
        // npm, its shell, and vite.
        process.kill(-child.pid);
        await once(child, "exit");
    });
    const lines = [];
    for (const output of [child.stdout, child.stderr]) {
        createInterface({ input: output })
            .on("line", (line) => lines.push(stripVTControlCharacters(line)));
    }
    return lines;
}

// Starts it on a free port; its address.
async function startDev(t) {
    const port = await freePort();
    const lines = spawnDev(t, "--", "--port", port);
    await until(`npm run dev listens: ${lines}`, () =>
        lines.some((line) => line.includes(port) && line.includes("Local")));
    return `http://127.0.0.1:${port}`;
}

// Saves a file of the source without a change, as an editor does.
async function touch(t, file) {
    const folder = await mkdtemp(join(tmpdir(), "aiproxy-dev-"));
    const before = join(folder, "before");
    await execute("touch", ["-r", file, before]);
    t.after(async () => {
        await execute("touch", ["-r", before, file]);
        await rm(folder, { recursive: true });
    });
    await execute("touch", [file]);
}

test("npm run dev serves the console with hot reload", async (t) => {
    const address = await startDev(t);
    const { page, complaints } = await openBrowser(t);
    const told = [];
    page.on("console", (message) => told.push(message.text()));

    await t.test("signs in through it, and shows what the gateway says",
        async () => {
            page.setDefaultTimeout(45_000);
            await signIn(page, { ...run, admin_url: address });
            await page.goto(`${address}/client-keys`);
            await page.getByRole("heading", { level: 1, name: "Client keys" })
                .waitFor();
            await page.getByRole("row").nth(1).waitFor();
        });
    await t.test("follows a change of the source without a reload", async () => {
        const source = "/src/features/client-keys/page.tsx";
        await page.evaluate(() => { window.isTheSame = true; });
        await touch(t, web + source);
        await until(`it is told: ${told}`, () => told.some((text) =>
            text.includes("[vite] hot updated") && text.includes(source)));
        await page.getByRole("row").nth(1).waitFor();
        assert.ok(await page.evaluate(() => window.isTheSame));
        assert.deepEqual(complaints, []);
    });
    await t.test("leads to the gateway for the playground", async () => {
        const answer = await fetch(`${address}/gateway/v1/models`,
            { headers: { authorization: "Bearer aip_nobody" } });
        assert.equal(answer.status, 401);
        assert.match(await answer.text(), /unknown_key|client key/i);
    });
});

test("it listens on 8000, or says that another does", async (t) => {
    const lines = spawnDev(t);
    await until(`its port: ${lines}`, () => lines.some((line) =>
        line.includes("http://127.0.0.1:8000/") ||
        line.includes("Port 8000 is already in use")));
});
