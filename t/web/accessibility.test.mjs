// SPDX-License-Identifier: MIT
//
// Every page and dialog as axe sees it, in both schemes: nothing serious.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { pages } from "./pages.mjs";
import { ask, openBrowser, run, signIn } from "./stack.mjs";

const axe = await readFile(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The impact from which a finding fails the test.
const serious = ["serious", "critical"];

async function assertAccessible(page, what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    }));
    const found = violations.filter(({ impact }) => serious.includes(impact))
        .map(({ id, nodes }) => [id, ...nodes.map(({ target, any }) =>
            `${target.join(" ")}: ${any.map((it) => it.message).join(" ")}`)]);
    assert.deepEqual(found, [], what);
}

async function settled(page) {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() =>
        document.querySelector("[role=status]") === null);
}

const dialogs = {
    "/logs": (page) => page.getByRole("row").nth(1).getByRole("link").click(),
    "/client-keys": (page) =>
        page.getByRole("button", { name: "Create client key" }).first().click(),
    "/client-keys?open=1": () => {},
    "/provider-keys?open=1": () => {},
    "/providers": (page) =>
        page.getByRole("row").nth(1).getByRole("button").first().click(),
    "/logs?outcome=success": (page) =>
        page.getByRole("button", { name: "Export" }).click(),
    "/provider-keys": (page) =>
        page.getByRole("button", { name: "Import" }).click(),
    "/alerts?tab=rules": (page) =>
        page.getByRole("row").nth(1).getByRole("button").first().click(),
    "/alerts?tab=channels": (page) =>
        page.getByRole("button", { name: "Add channel" }).first().click(),
    "/providers?": async (page) => {
        await page.getByRole("button", { name: /^Actions for/ }).first().click();
        await page.getByRole("menuitem", { name: "What it sees" }).click();
        await page.getByRole("button", { name: "Show", exact: true }).click();
        await page.getByTestId("preview-head").waitFor();
    },
    "/users": async (page) => {
        await page.getByRole("button", { name: /^Actions for/ }).first().click();
        await page.getByRole("menuitem", { name: "Limits" }).click();
    },
};

for (const scheme of ["light", "dark"]) {
    test(`${scheme}: pages and dialogs`, async (t) => {
        assert.equal(await ask(run.demo_client_key), 200);
        const { page } = await openBrowser(t, { scheme });
        await page.goto(`${run.admin_url}/sign-in`);
        await settled(page);
        await assertAccessible(page, "/sign-in");
        await signIn(page);
        for (const path of Object.keys(pages)) {
            await page.goto(run.admin_url + path);
            await settled(page);
            await assertAccessible(page, path);
        }
        for (const [path, open] of Object.entries(dialogs)) {
            await page.goto(run.admin_url + path);
            await settled(page);
            await open(page);
            await page.getByRole("dialog").waitFor();
            await settled(page);
            await assertAccessible(page, `${path}: dialog`);
        }
    });
}
