// SPDX-License-Identifier: MIT
//
// A provider key: checked by a click, which changes its label; why it rests, and
// what happened; the end of its rest; what it did in the last days.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { assertDays, assertLine, sumOf } from "./activity.mjs";
import {
    api, ask, assertQuiet, create, makeClientKey, openBrowser, run, signIn, until,
} from "./stack.mjs";

const name = `health-${randomBytes(4).toString("hex")}`;

test("a dead key is found by a click", async (t) => {
    // Not probed by itself, so that the click does it.
    const provider = await create("/api/providers", {
        name, base_url: run.demo_provider_url, dialects: ["openai_chat"],
        probe: { is_enabled: false },
    });
    const key = await create("/api/provider-keys/keys", {
        name, provider_id: provider.id, secret: `demo-dead-${name}`,
    });
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/provider-keys`);
    const row = page.getByRole("row").filter({ hasText: name }).first();
    await row.getByText("Ready").waitFor();

    await t.test("in the list", async () => {
        await page.getByRole("button", { name: `Actions for ${name}` }).click();
        await page.getByRole("menuitem", { name: "Check now" }).click();
        await row.getByText("Resting").waitFor();
        await row.getByText("credential refused, HTTP 401").waitFor();
    });

    const drawer = page.getByRole("dialog");
    const health = drawer.locator("section").filter(
        { has: page.getByRole("heading", { name: "Health", exact: true }) });
    await t.test("the drawer says why, and what brings it back", async () => {
        await row.getByRole("button", { name, exact: true }).click();
        await health.getByText("0 of 100").waitFor();
        await health.getByText("On demand only").waitFor();
        await health.getByText("The key rests").waitFor();
        await health.getByText("So does a person.").waitFor();
        await health.getByText(/Credential refused/).waitFor();
    });

    await t.test("a person ends the rest", async () => {
        await health.getByRole("button", { name: "End the rest" }).click();
        await health.getByText(`Rests ended by ${run.admin_user}`).waitFor();
        await health.getByText("The key rests").waitFor({ state: "detached" });
        const said = await api(`/api/provider-keys/keys/${key.id}/health`);
        assert.equal(said.state, "ready");
    });

    await t.test("and a check finds it dead again", async () => {
        await health.getByRole("button", { name: "Check now" }).click();
        await health.getByText("The key rests").waitFor();
        await drawer.getByText("credential refused").first().waitFor();
    });
    assertQuiet(complaints);
});

test("the lines and the days of a key are the API's", async (t) => {
    const key = (await api("/api/provider-keys/keys")).items
        .find((row) => row.name === "demo-openai-1");
    const { secret } = await makeClientKey(`${name}-of-one`,
        { provider_key_ids: [key.id] });
    const path = `/api/provider-keys/keys/${key.id}`;
    assert.equal(await ask(secret), 200);
    assert.equal(await ask(secret, "demo-large"), 200);
    await until("its requests are counted", async () =>
        (await api(`${path}/stats?days=7`)).requests >= 2);
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/provider-keys?open=${key.id}`);
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("img", { name: "Requests and Cost by day" }).waitFor();
    const days = await assertDays(page, drawer, path);
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    const row = page.getByRole("row").filter({ hasText: key.name }).first();
    const requests = row.getByRole("img",
        { name: `Requests: ${sumOf(days, "requests")}` });
    await requests.waitFor();
    await assertLine(requests, days.map((day) => day.requests));
    const [today] = days.filter(({ cost }) => cost !== "0");
    const costs = row.getByRole("img", { name: `Cost: $${today.cost}` });
    await costs.waitFor();
    await assertLine(costs, days.map((day) => Number(day.cost)));
    assertQuiet(complaints);
});
