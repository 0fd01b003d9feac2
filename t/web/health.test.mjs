// SPDX-License-Identifier: MIT
//
// A provider key: checked by a click, which changes its label; why it rests, and
// what happened; the end of its rest; what it did in the last days; what its
// vendor says is left.

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

// A provider key of the demo provider that says so of its own limits.
async function makeQuotaKey(rest, told) {
    const { provider_id } = (await api("/api/provider-keys/keys")).items
        .find((row) => row.name === "demo-openai-1");
    const headers = Object.entries(told).map(([header, value]) =>
        `header=x-ratelimit-${header}:${value}`);
    const secret = [`demo-key-${rest}-${name}?delay_ms=0`, ...headers].join(",");
    const key = await create("/api/provider-keys/keys",
        { name: `${name}-${rest}`, provider_id, secret });
    const client = await makeClientKey(`${name}-${rest}`,
        { provider_key_ids: [key.id] });
    return { ...key, client: client.secret };
}

test("what the vendor says is left of a key is the API's", async (t) => {
    const key = await makeQuotaKey("quota", {
        "limit-requests": 20000, "remaining-requests": 5000,
        "reset-requests": "5h30m", "limit-tokens": 3000000,
        "remaining-tokens": 2700000, "reset-tokens": "9h",
    });
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    const drawer = page.getByRole("dialog");
    const section = drawer.locator("section").filter({ has: page.getByRole(
        "heading", { name: "Vendor quota left", exact: true }) });
    const row = page.getByRole("row").filter({ hasText: key.name }).first();
    const path = `/api/provider-keys/keys/${key.id}`;
    // The cell below the heading, whichever columns there is room for.
    const inList = async () => {
        const headings = await page.getByRole("columnheader")
            .allTextContents();
        return (await row.getByRole("cell").allTextContents())[
            headings.findIndex((text) => text.includes("Vendor quota left"))];
    };

    await t.test("nothing, before it was asked", async () => {
        await page.goto(`${run.admin_url}/provider-keys?open=${key.id}`);
        await section.getByText("The provider has told none lately").waitFor();
        assert.equal(await section.getByRole("meter").count(), 0);
        await page.keyboard.press("Escape");
        await drawer.waitFor({ state: "detached" });
        assert.equal(await inList(), "–");
    });

    await t.test("a bar each, with their ends", async () => {
        assert.equal(await ask(key.client), 200);
        const quota = await until("it is told", async () => {
            const { vendor_quota } = await api(path);
            return vendor_quota.requests && vendor_quota.tokens && vendor_quota;
        });
        assert.deepEqual([quota.requests.limit, quota.requests.remaining,
            quota.tokens.limit, quota.tokens.remaining],
        [20000, 5000, 3000000, 2700000]);
        await page.goto(`${run.admin_url}/provider-keys?open=${key.id}`);
        for (const [kind, used, span] of [
            ["requests", "75", /^anew in 5 h (29|30) min$/],
            ["tokens", "10", /^anew in (8 h 59 min|9 h)$/],
        ]) {
            const label = { requests: "Requests", tokens: "Tokens" }[kind];
            const bar = section.getByRole("listitem")
                .filter({ has: page.getByRole("meter", { name: label }) });
            const { limit, remaining } = quota[kind];
            await bar.getByText(`${remaining.toLocaleString("en")} of ` +
                `${limit.toLocaleString("en")} left`, { exact: true }).waitFor();
            assert.equal(await bar.getByRole("meter")
                .getAttribute("aria-valuenow"), used);
            await bar.getByText(span).waitFor();
        }
        const { requests, tokens } = (await api(path)).vendor_quota;
        const seen = [requests.seen_at, tokens.seen_at].toSorted().at(-1);
        await section.locator(`time[datetime="${seen}"]`).waitFor();
    });

    await t.test("the scarcer in the list", async () => {
        await page.keyboard.press("Escape");
        await drawer.waitFor({ state: "detached" });
        assert.equal(await inList(), "25 %");
    });
    assertQuiet(complaints);
});
