// SPDX-License-Identifier: MIT
//
// Two nodes on the system page: both up to date, and one that falls silent.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after } from "node:test";
import { choosePassword } from "./api.mjs";
import { startGateway } from "./gateway.mjs";

const { file, stop } = await startGateway({ nodes: 2 });
after(stop);
const { pids, ...given } = JSON.parse(await readFile(file, "utf8"));
const own = "a password for these tests";
await choosePassword(given, given.admin_user, given.admin_password, own);
process.env.AIPROXY_RUN_JSON = file;
process.env.AIPROXY_ADMIN_PASSWORD = own;
const { api, assertQuiet, create, openBrowser, run, signIn } =
    await import("./stack.mjs");

test("the nodes of a gateway", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/system`);
    const nodes = page.getByRole("table", { name: "Nodes" }).getByRole("row");
    const here = nodes.filter({ hasText: "(this one)" });
    const there = nodes.filter({ hasNotText: "(this one)" }).last();

    await t.test("each is up to date, with the names of the API", async () => {
        const { items } = await api("/api/system/nodes");
        assert.equal(items.length, 2);
        for (const { name } of items) {
            await nodes.filter({ hasText: name }).first().waitFor();
        }
        await here.getByText("up to date").waitFor();
        await there.getByText("up to date").waitFor();
    });

    await t.test("one that falls silent is said to be, and since when", async () => {
        process.kill(pids.daemon_2, "SIGSTOP");
        try {
            await there.getByText(/^silent for 1\d s/).waitFor({ timeout: 40_000 });
            await here.getByText("up to date").waitFor();
        } finally {
            process.kill(pids.daemon_2, "SIGCONT");
        }
        await there.getByText("up to date").waitFor();
    });

    await t.test("a change comes to both", async () => {
        await create("/api/providers", { name: "for-both",
            base_url: run.demo_provider_url, dialects: ["openai_chat"] });
        await here.getByText("up to date").waitFor();
        await there.getByText("up to date").waitFor();
        const { items: [one, other] } = await api("/api/system/nodes");
        assert.equal(one.config_version, other.config_version);
    });

    await t.test("the tasks say which node does them", async () => {
        const tasks = page.getByRole("table", { name: "Background tasks" });
        await tasks.getByRole("columnheader", { name: "Node" }).waitFor();
        await tasks.getByRole("row").filter({ hasText: "Watch for alerts" })
            .first().waitFor();
    });
    assertQuiet(complaints);
});
