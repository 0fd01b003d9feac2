// SPDX-License-Identifier: MIT
//
// Limits: set in the form, shown against their use, near their end on the
// dashboard, and begun anew.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import {
    api, ask, assertQuiet, makeClientKey, openBrowser, run, signIn, until,
} from "./stack.mjs";

const name = `limits-${randomBytes(4).toString("hex")}`;

const meter = (scope, label) =>
    scope.getByRole("meter", { name: label }).first();

async function openMenu(page, text, item) {
    await page.getByRole("button", { name: `Actions for ${text}` }).click();
    await page.getByRole("menuitem", { name: item }).click();
}

test("the limits of a client key", async (t) => {
    const { id, secret } = await makeClientKey(name);
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    const drawer = page.getByRole("dialog");

    await t.test("none are said to be none", async () => {
        await page.goto(`${run.admin_url}/client-keys?open=${id}`);
        await drawer.getByText("It has no limit.").waitFor();
        assert.equal(
            await drawer.getByRole("button", { name: "Reset use" }).count(), 0);
        await page.keyboard.press("Escape");
    });

    await t.test("all that the API has are set in the form", async () => {
        await openMenu(page, name, "Edit");
        await drawer.getByRole("button", { name: "Limits" }).click();
        const fields = {
            "Requests per second": "90", "Requests per minute": "100",
            "Requests per day": "10", "Tokens per minute": "1000000",
            "Tokens per day": "2000000", "Requests at once": "20",
            "Budget per day": "12,5", "Budget per month": "300",
            "Reserved for an answer": "500",
        };
        for (const [label, value] of Object.entries(fields)) {
            await drawer.getByLabel(label, { exact: true }).fill(value);
        }
        await drawer.getByRole("combobox", { name: "Time zone" }).fill("Asia/Sha");
        await page.getByRole("option", { name: "Asia/Shanghai" }).click();
        await drawer.getByRole("combobox", { name: "When its use" }).click();
        await page.getByRole("option", { name: "Hold a part" }).click();
        await drawer.getByRole("switch", { name: "End a running stream" })
            .click({ force: true });
        const save = drawer.getByRole("button", { name: "Save changes" });
        await save.click();
        await drawer.getByText("Enter US dollars such as 12.5.").waitFor();
        await drawer.getByText("Say how large the part is.").waitFor();
        await drawer.getByLabel("Budget per day").fill("12.5");
        await drawer.getByLabel("Part held by each node").fill("50");
        await save.click();
        await drawer.waitFor({ state: "detached" });
        const set = await api(`/api/client-keys/${id}`);
        const expected = {
            requests_per_second: 90, requests_per_minute: 100,
            requests_per_day: 10, tokens_per_minute: 1000000,
            tokens_per_day: 2000000, max_in_flight: 20,
            cost_per_day: "12.5", cost_per_month: "300",
            max_output_tokens: 500, time_zone: "Asia/Shanghai",
            when_unknown: "fraction", local_percent: 50, ends_at_limit: true,
        };
        for (const [field, value] of Object.entries(expected)) {
            assert.equal(set[field], value, field);
        }
    });

    await t.test("their use is the API's", async () => {
        for (let count = 0; count < 9; count += 1) {
            assert.equal(await ask(secret), 200);
        }
        await page.goto(`${run.admin_url}/client-keys?open=${id}`);
        const report = await until("nine requests are counted", async () => {
            const now = await api(`/api/client-keys/${id}/limits`);
            const day = now.limits.find((use) =>
                use.limit_name === "requests_per_day");
            return day.used === 9 && now;
        });
        assert.equal(report.limits.length, 8);
        await until("eight bars", async () =>
            await drawer.getByRole("meter").count() === 8);
        const bar = meter(drawer, "Requests per day");
        await until("the bar says what the API says", async () =>
            await bar.getAttribute("aria-valuetext") === "90 % used");
        await drawer.getByText("9 of 10", { exact: true }).waitFor();
    });

    await t.test("the list and the dashboard show the fullest", async () => {
        await page.goto(`${run.admin_url}/client-keys`);
        const row = page.getByRole("row").filter({ hasText: name });
        await row.getByText("90 % used").waitFor();
        await page.goto(run.admin_url);
        const line = page.getByRole("list", { name: "What deserves a look" })
            .getByRole("listitem").filter({ hasText: name });
        await line.getByText("Requests per day: 90 % used").waitFor();
        await line.getByRole("link", { name }).click();
        await drawer.getByText("9 of 10", { exact: true }).waitFor();
    });

    await t.test("the reset asks first, says what follows, and holds", async () => {
        await drawer.getByRole("button", { name: "Reset use" }).click();
        const question = page.getByRole("dialog", { name: /^Forget what/ });
        await question.getByText("budgets included").waitFor();
        await question.getByRole("button", { name: "Cancel" }).click();
        await question.waitFor({ state: "detached" });
        await drawer.getByText("9 of 10", { exact: true }).waitFor();
        await drawer.getByRole("button", { name: "Reset use" }).click();
        await question.getByRole("button", { name: "Reset use" }).click();
        await drawer.getByText("0 of 10", { exact: true }).waitFor();
        assert.equal(await ask(secret), 200);
        await drawer.getByText("1 of 10", { exact: true }).waitFor();
    });

    await t.test("a limit is raised until its day ends, and that is told", async () => {
        await drawer.getByRole("button", { name: "Raise once" }).click();
        const form = page.getByRole("dialog", { name: /^Raise a limit/ });
        await form.getByRole("button", { name: "Raise once" }).click();
        await form.getByText("Enter a number above zero").waitFor();
        await form.getByLabel("By how much").fill("15");
        await form.getByRole("button", { name: "Raise once" }).click();
        await form.waitFor({ state: "detached" });
        await drawer.getByText("1 of 25", { exact: true }).waitFor();
        const { items } = await api(
            `/api/audit?object_type=client-keys&object_id=${id}`);
        assert.ok(items.some((entry) => entry.action === "limits/raise"));
    });
    assertQuiet(complaints);
});

test("the limits of a user and of a provider key", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    const dialog = page.getByRole("dialog");

    await t.test("a user's hold for all of their keys", async () => {
        const me = await api("/api/auth/me");
        const key = await makeClientKey(`${name}-mine`, { user_id: me.id });
        await page.goto(`${run.admin_url}/users`);
        await openMenu(page, run.admin_user, "Limits");
        await dialog.getByLabel("Requests per day").fill("40000");
        await dialog.getByRole("button", { name: "Save changes" }).click();
        await dialog.waitFor({ state: "detached" });
        const set = await api(`/api/users/${me.id}/limits`);
        assert.equal(set.requests_per_day, 40000);
        await page.goto(`${run.admin_url}/client-keys?open=${key.id}`);
        await dialog.getByText("Of its user, over all of their keys").waitFor();
        await meter(dialog, "Requests per day").waitFor();
    });

    await t.test("a provider key's are in its form and its detail", async () => {
        const [{ id, name: own }] =
            (await api("/api/provider-keys/keys")).items;
        await page.goto(`${run.admin_url}/provider-keys`);
        await openMenu(page, own, "Edit");
        await dialog.getByRole("button", { name: "Its own limits" }).click();
        await dialog.getByLabel("Budget per month").fill("1000");
        await dialog.getByLabel("Tokens per day").fill("90000000");
        await dialog.getByRole("button", { name: "Save changes" }).click();
        await dialog.waitFor({ state: "detached" });
        const set = await api(`/api/provider-keys/keys/${id}`);
        assert.equal(set.cost_per_month, "1000");
        assert.equal(set.tokens_per_day, 90000000);
        await page.goto(`${run.admin_url}/provider-keys?open=${id}`);
        await dialog.getByText("Tokens per day").waitFor();
        await dialog.getByText("$1000", { exact: true }).waitFor();
    });
    assertQuiet(complaints);
});
