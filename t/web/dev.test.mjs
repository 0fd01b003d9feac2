// SPDX-License-Identifier: MIT
//
// `npm run dev`: the console as it is written, with hot reload, against a
// running gateway.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import test from "node:test";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "./gateway.mjs";
import { signIn } from "./browser.mjs";
import { openBrowser, run } from "./stack.mjs";

const web = fileURLToPath(new URL("../../web", import.meta.url));

// Starts it on a free port; its address.
async function startDev(t) {
    const port = await freePort();
    const child = spawn("npm", ["run", "dev", "--", "--port", port], {
        cwd: web, detached: true, stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, AIPROXY_API: run.admin_url },
    });
    t.after(async () => {
        // npm, its shell, and vite.
        process.kill(-child.pid);
        await once(child, "exit");
    });
    const address = `http://127.0.0.1:${port}`;
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) if (line.includes(port)) return address;
    throw new Error("npm run dev ended");
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
    await t.test("waits for changes of the source", () => {
        assert.ok(told.some((text) => text.includes("[vite] connected")));
        assert.deepEqual(complaints, []);
    });
    await t.test("leads to the gateway for the playground", async () => {
        const answer = await fetch(`${address}/gateway/v1/models`,
            { headers: { authorization: "Bearer aip_nobody" } });
        assert.equal(answer.status, 401);
        assert.match(await answer.text(), /unknown_key|client key/i);
    });
});
