// SPDX-License-Identifier: MIT
//
// Prices: a list is looked at and imported, a bad one is refused with its line,
// and a period is previewed before it would be rated anew.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { api, assertQuiet, openBrowser, run, signIn } from "./stack.mjs";

const model = `web-${randomBytes(4).toString("hex")}`;
const head = "provider,model,input,output,cache_read,cache_write_short," +
    "cache_write_long,tier_at,tier_input,tier_output,tier_cache_read," +
    "effective_from\n";

const list = (text) => ({
    name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(head + text),
});

// As the browser's field has it, which lies in Shanghai.
const local = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16);

test("prices are imported, and records rated anew", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/prices`);
    const dialog = page.getByRole("dialog");
    const file = page.locator("input[type=file]");

    await t.test("a bad list is refused, and its line is told", async () => {
        await page.getByRole("button", { name: "Import" }).click();
        await file.setInputFiles(list(`web,${model},x,2,,,,,,,,\n`));
        await dialog.getByRole("button", { name: "Review" }).click();
        await dialog.getByRole("alert").getByText(/Line 2 .*no number/)
            .waitFor();
    });
    await t.test("a good one is shown before it is imported", async () => {
        await file.setInputFiles(list(`web,${model},1.5,2,,,,,,,,\n`));
        await dialog.getByRole("button", { name: "Review" }).click();
        await dialog.getByText("1 new, 0 changed, 0 unchanged.").waitFor();
        await dialog.getByText("input 1.5").waitFor();
        const before = await api("/api/prices?limit=200");
        assert.ok(!before.items.some((price) => price.model === model));
        await dialog.getByRole("button", { name: "Add 1 version" }).click();
        await dialog.waitFor({ state: "detached" });
        await page.getByLabel("Search prices").fill(model);
        await page.getByRole("row").filter({ hasText: model })
            .getByText("$1.5", { exact: true }).waitFor();
    });
    await t.test("a period is previewed", async () => {
        await page.getByRole("button", { name: "Re-rate" }).first().click();
        await dialog.getByLabel("From").fill(local(Date.now() - 7_200_000));
        await dialog.getByLabel("Until").fill(local(Date.now() - 3_600_000));
        await dialog.getByRole("button", { name: "Preview" }).click();
        await dialog.getByText("Records that change").waitFor();
    });
    assertQuiet(complaints, 422);
});
