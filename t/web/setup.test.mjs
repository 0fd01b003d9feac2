// SPDX-License-Identifier: MIT
//
// Setting up: many provider keys at once, and what a provider would see.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { api, assertQuiet, openBrowser, run, signIn } from "./stack.mjs";

const name = `setup-${randomBytes(4).toString("hex")}`;

const keysNamed = async (text) =>
    (await api("/api/provider-keys/keys")).items
        .filter((key) => key.name.includes(text));

test("provider keys are imported, a line each", async (t) => {
    const [taken] = (await api("/api/provider-keys/keys")).items;
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/provider-keys`);
    await page.getByRole("button", { name: "Import" }).click();
    const dialog = page.getByRole("dialog");
    const lines = dialog.getByLabel("Keys, one per line");
    const begin = dialog.getByRole("button", { name: /^Import \d/ });

    await t.test("not without a provider", async () => {
        await lines.fill(`${name}-a, secret-a-000000`);
        await dialog.getByRole("button", { name: "Import 1 key" }).click();
        await dialog.getByText("Choose a provider.").waitFor();
        await dialog.getByRole("combobox", { name: "Provider" }).fill("demo-op");
        await page.getByRole("option", { name: "demo-openai" }).click();
    });

    await t.test("each says what became of it; faulty ones stay", async () => {
        await lines.fill(`${name}-a, secret-a-000000\n# not this one\n` +
            `${taken.name}, secret-b-000000\n${name}-c secret-c-000000`);
        await begin.click();
        await dialog.getByText("2 of 3 imported").waitFor();
        const results = dialog.getByRole("listitem");
        assert.equal(await results.filter({ hasText: "Not imported" }).count(), 1);
        await results.filter({ hasText: taken.name })
            .getByText("This name is taken").waitFor();
        assert.equal(await lines.inputValue(), `${taken.name}, secret-b-000000`);
        const made = await keysNamed(name);
        assert.deepEqual(made.map((key) => key.secret_hint),
            [made[0].secret_hint, made[0].secret_hint]);
        assert.match(made[0].secret_hint, /0000$/);
    });

    await t.test("what was made and not heard of is not made twice", async () => {
        await lines.fill(`${name}-d, secret-d-000000`);
        await page.route("**/api/provider-keys/keys", async (route) => {
            if (route.request().method() !== "POST") return route.continue();
            await route.fetch();
            await route.abort();
        });
        await begin.click();
        await dialog.getByText("Not imported").waitFor();
        assert.equal((await keysNamed(`${name}-d`)).length, 1);
        await page.unroute("**/api/provider-keys/keys");
        await begin.click();
        await dialog.getByText("1 of 1 imported").waitFor();
        assert.equal((await keysNamed(`${name}-d`)).length, 1);
    });

    await t.test("they are in the list; no secret is anywhere", async () => {
        await dialog.locator("form").getByRole("button", { name: "Close" }).click();
        await dialog.waitFor({ state: "detached" });
        for (const end of ["a", "c", "d"]) {
            await page.getByRole("row").filter({ hasText: `${name}-${end}` })
                .waitFor();
        }
        assert.doesNotMatch(await page.content(), /secret-[a-d]-0/);
    });
    assertQuiet(complaints.filter((text) => !text.includes("ERR_FAILED")), 409);
});

test("what a provider sees is shown, and what it does not", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/providers`);
    await page.getByRole("button", { name: "Actions for demo-openai" }).click();
    await page.getByRole("menuitem", { name: "What it sees" }).click();
    const dialog = page.getByRole("dialog");
    const show = dialog.getByRole("button", { name: "Show", exact: true });
    const head = page.getByTestId("preview-head");

    await t.test("the credential's place, none of what must not pass", async () => {
        await show.click();
        const text = await head.textContent();
        assert.match(text, /^POST \S*\/v1\/chat\/completions HTTP\/1\.1\n/);
        assert.match(text, /authorization: Bearer \[provider key\]/);
        assert.doesNotMatch(text, /aip_|forwarded|cookie/i);
        for (const header of ["x-forwarded-for", "cookie"]) {
            await dialog.getByText(header, { exact: true }).waitFor();
        }
        await dialog.getByText("127.0.0.1", { exact: false }).first().waitFor();
    });

    await t.test("a path of a dialect that it does not speak is marked", async () => {
        await dialog.getByLabel("Path").fill("/v1/messages");
        await show.click();
        await dialog.getByText("It does not speak that").waitFor();
    });

    await t.test("what cannot be sent is refused with its reason", async () => {
        await dialog.getByLabel("Path").fill("no path");
        await show.click();
        await dialog.getByRole("alert").waitFor();
    });
    assertQuiet(complaints, 422);
});
