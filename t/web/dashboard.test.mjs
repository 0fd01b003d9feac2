// SPDX-License-Identifier: MIT
//
// The dashboard says what the API says, and leads to the records behind it.

import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { api, ask, assertQuiet, openBrowser, run, signIn } from "./stack.mjs";

const zone = "Asia/Shanghai"; // the browser's, as browser.mjs has it

const requestsToday = async () =>
    (await api(`/api/statistics/overview?time_zone=${zone}`)).today.requests;

// Sends requests, and waits until the statistics know them.
async function sendAndWait() {
    const before = await requestsToday();
    assert.equal(await ask(run.demo_client_key), 200);
    assert.equal(await ask(run.demo_client_key, "demo-large"), 200);
    const end = Date.now() + 30_000;
    while (await requestsToday() < before + 2) {
        assert.ok(Date.now() < end, "two requests in the statistics");
        await pause(200);
    }
}

test("the dashboard shows the API's numbers", async (t) => {
    await sendAndWait();
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(run.admin_url);
    await page.getByRole("heading", { level: 1, name: "Dashboard" }).waitFor();

    await t.test("the totals are sums of the trend", async () => {
        const { items } = await api(
            `/api/statistics/trends?days=7&step=day&time_zone=${zone}`);
        const sum = (field) =>
            items.reduce((total, point) => total + point[field], 0);
        for (const field of ["requests", "tokens"]) {
            await page.getByTestId(`total-${field}`)
                .getByText(sum(field).toLocaleString("en"), { exact: true })
                .waitFor();
        }
        const [cost] = items.filter((point) => point.cost !== "0");
        await page.getByTestId("total-cost")
            .getByText(`$${cost.cost}`, { exact: true }).waitFor();
        await page.getByRole("img", { name: "Cost over time" }).waitFor();
    });

    await t.test("the ranking is the API's, and is chosen in the address", async () => {
        await page.getByLabel("Ordered by").selectOption("tokens");
        await page.waitForURL("**order=tokens**");
        const { items } = await api("/api/statistics/top?by=model&days=7" +
            `&order=tokens&time_zone=${zone}`);
        const list = page.locator("section").filter({ hasText: "Who and what" });
        for (const [index, row] of items.entries()) {
            const text = list.getByRole("listitem").nth(index);
            await text.getByText(row.name ?? "None", { exact: true }).waitFor();
            await text.getByText(row.tokens.toLocaleString("en")).first()
                .waitFor();
        }
        await page.reload();
        assert.equal(
            await page.getByLabel("Ordered by").inputValue(), "tokens");
    });

    await t.test("a model leads to its records", async () => {
        await page.getByRole("link", { name: "demo-large" }).first().click();
        await page.waitForURL("**/logs?model=demo-large");
        await page.getByRole("row").filter({ hasText: "demo-large" }).first()
            .waitFor();
    });
    assertQuiet(complaints);
});
