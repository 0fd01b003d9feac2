// SPDX-License-Identifier: MIT
//
// An operator's first hour: signs in, adds a provider, a provider key and a
// client key, sends the first request that the console shows, finds it in the
// logs, stops the key, and clears up.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { promisify } from "node:util";
import { assertDays, assertLine, sumOf } from "./activity.mjs";
import {
    api, ask, assertQuiet, create, openBrowser, run, signIn,
} from "./stack.mjs";
import { signIn as signInAs } from "./browser.mjs";

const name = `web-${randomBytes(4).toString("hex")}`;
const secret = `demo-key-${name}`;

const row = (page, text) =>
    page.getByRole("row").filter({ hasText: text }).first();

async function menu(page, text, item) {
    await page.getByRole("button", { name: `Actions for ${text}` }).click();
    // A notification may lie over it.
    await page.getByRole("menuitem", { name: item }).press("Enter");
}

async function visit(page, link) {
    await page.getByRole("navigation").getByRole("link", { name: link }).click();
    await page.getByRole("heading", { level: 1, name: link }).waitFor();
}

test("signing in", async (t) => {
    const { page, complaints } = await openBrowser(t);

    await t.test("an address of the console leads there afterwards", async () => {
        await page.goto(`${run.admin_url}/provider-keys`);
        await page.waitForURL("**/sign-in?next=**");
    });
    await t.test("nothing is sent while a field is empty", async () => {
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.getByText("Enter your password.").waitFor();
    });
    await t.test("a wrong password is said to be wrong", async () => {
        await page.getByLabel("Username").fill(run.admin_user);
        await page.getByRole("textbox", { name: "Password" }).fill("not this one");
        await page.keyboard.press("Enter");
        await page.getByRole("alert").getByText("Wrong username or password")
            .waitFor();
    });
    await t.test("the right one leads to the page that was asked for", async () => {
        await page.getByRole("textbox", { name: "Password" })
            .fill(run.admin_password);
        await page.keyboard.press("Enter");
        await page.waitForURL("**/provider-keys");
        await page.getByRole("heading", { level: 1, name: "Provider keys" })
            .waitFor();
    });
    await t.test("the session outlives a reload; no script can read it", async () => {
        await page.reload();
        await page.getByRole("heading", { level: 1, name: "Provider keys" })
            .waitFor();
        const kept = await page.evaluate(() =>
            JSON.stringify({ ...localStorage, ...sessionStorage }) +
            document.cookie);
        assert.doesNotMatch(kept, /token|sid=|eyJ/);
    });
    await t.test("signing out ends it", async () => {
        await page.getByRole("button", { name: `Account of ${run.admin_user}` })
            .click();
        await page.getByRole("menuitem", { name: "Sign out" }).click();
        await page.waitForURL("**/sign-in**");
        await page.goto(`${run.admin_url}/logs`);
        await page.waitForURL("**/sign-in?next=**");
    });
    assertQuiet(complaints, 401);
});

test("from a provider to a record and back", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);

    await t.test("a provider is added", async () => {
        await visit(page, "Providers");
        await page.getByRole("button", { name: "Add provider" }).first().click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Name", { exact: true }).first().fill(name);
        await dialog.getByLabel("Base URL").fill(run.demo_provider_url);
        await dialog.getByRole("button", { name: "Usage and prices" }).click();
        await dialog.getByLabel("Price list").fill("demo");
        await dialog.getByRole("button", { name: "Add provider" }).click();
        await dialog.waitFor({ state: "detached" });
        await row(page, name).getByText("OpenAI chat").waitFor();
    });

    await t.test("its name is taken from now on", async () => {
        await page.getByRole("button", { name: "Add provider" }).first().click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Name", { exact: true }).first().fill(name);
        await dialog.getByLabel("Base URL").fill(run.demo_provider_url);
        await dialog.getByRole("button", { name: "Add provider" }).click();
        await dialog.getByText("This name is taken").first().waitFor();
        await page.keyboard.press("Escape");
        await dialog.waitFor({ state: "detached" });
    });

    await t.test("a provider key is added; its secret is not shown", async () => {
        await visit(page, "Provider keys");
        await page.getByRole("button", { name: "Add provider key" }).first()
            .click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("combobox", { name: "Provider" }).fill(name);
        await page.getByRole("option", { name }).click();
        await dialog.getByLabel("Name", { exact: true }).fill(name);
        await dialog.getByRole("textbox", { name: "Secret" }).fill(secret);
        await dialog.getByRole("button", { name: "Add provider key" }).click();
        await dialog.waitFor({ state: "detached" });
        await row(page, name).getByText(`…${secret.slice(-4)}`).waitFor();
        assert.ok(!(await page.content()).includes(secret));
    });

    let key;
    await t.test("a client key is created and shown once", async () => {
        await visit(page, "Client keys");
        await page.getByRole("button", { name: "Create client key" }).first()
            .click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Name", { exact: true }).fill(name);
        await dialog.getByRole("checkbox", { name }).first().check();
        await dialog.getByText("1 key in the pool").waitFor();
        await dialog.getByRole("button", { name: "Create client key" }).click();
        key = await page.getByTestId("client-key").textContent();
        assert.match(key, /^aip_[\w-]{20,}$/);
    });

    await t.test("the request it comes with works as it stands", async () => {
        await page.getByLabel("Address of the gateway").fill(run.proxy_url);
        const curl = await page.getByTestId("example-curl").textContent();
        assert.ok(curl.includes(key));
        const { stdout } = await promisify(execFile)("bash", ["-c", `${curl} -sS`]);
        const { content, role } = JSON.parse(stdout).choices[0].message;
        assert.equal(role, "assistant");
        await page.getByRole("tab", { name: "Node" }).click();
        const program = await page.getByTestId("example-node").textContent();
        // From there it finds the vendor's package.
        const said = await promisify(execFile)(process.execPath,
            ["--input-type=module", "--eval", program],
            { cwd: new URL("..", import.meta.url) });
        assert.equal(said.stdout.trimEnd(), content);
        await page.getByRole("tab", { name: "Python" }).click();
        assert.ok((await page.getByTestId("example-python").textContent())
            .includes(key));
    });

    await t.test("the key is gone with its dialog", async () => {
        await page.getByRole("button", { name: "I have copied it" }).click();
        await row(page, name).getByText("1 key").waitFor();
        assert.ok(!(await page.content()).includes(key));
        await page.reload();
        await row(page, name).waitFor();
        assert.ok(!(await page.content()).includes(key));
    });

    await t.test("a request in the playground shows its answer and its trail",
        async () => {
            await visit(page, "Playground");
            await page.getByLabel("Client key", { exact: true }).fill(key);
            await page.getByRole("combobox", { name: "Model" }).fill("demo-small");
            await page.keyboard.press("Escape");
            await page.getByRole("button", { name: "Send" }).click();
            await page.getByText("HTTP 200").waitFor();
            await page.getByText(/Price version \d+/)
                .waitFor();
            await page.getByText("1 of 1 key in the pool could serve it")
                .waitFor();
            assert.notEqual(
                await page.getByTestId("answer").textContent(), "");
            await page.getByRole("link", { name: "Show record" }).click();
            await page.getByRole("dialog").getByText("streaming").first()
                .waitFor();
            await page.keyboard.press("Escape");
            await page.getByRole("dialog").waitFor({ state: "detached" });
        });

    await t.test("a refusal is shown as the gateway gave it", async () => {
        await visit(page, "Playground");
        await page.getByLabel("Client key", { exact: true }).fill("aip_nobody");
        await page.getByRole("combobox", { name: "Model" }).fill("demo-small");
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Send" }).click();
        await page.getByTestId("refusal").getByText("auth.unknown_key").waitFor();
    });

    await t.test("its record arrives, with usage and cost", async () => {
        await visit(page, "Client keys");
        await menu(page, name, "Show logs");
        await page.waitForURL("**/logs?client_key_id=*");
        const record = row(page, "demo-small");
        await record.getByText("200").waitFor();
        assert.match(await record.textContent(), /\$0\.\d{6}/);
    });

    await t.test("its detail says what happened", async () => {
        await row(page, "demo-small").getByRole("link").click();
        const detail = page.getByRole("dialog");
        await detail.getByText("passed to the caller").waitFor();
        await detail.getByText("1 of 1 key in the pool could serve it").waitFor();
        await detail.getByText("reported by the provider").waitFor();
        await detail.getByText(/Price version \d+/).waitFor();
        await page.waitForURL("**record=*");
    });

    await t.test("the detail has an address of its own", async () => {
        await page.reload();
        await page.getByRole("dialog").getByText("passed to the caller").waitFor();
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
        assert.ok(!page.url().includes("record="));
    });

    await t.test("its trend in the list and its sums are the API's", async () => {
        await visit(page, "Client keys");
        await row(page, name).getByRole("button").first().click();
        const detail = page.getByRole("dialog");
        const id = new URL(page.url()).searchParams.get("open");
        const days = await assertDays(page, detail, `/api/client-keys/${id}`);
        await detail.getByRole("img", { name: "Requests and Tokens by day" })
            .waitFor();
        await page.keyboard.press("Escape");
        await detail.waitFor({ state: "detached" });
        for (const [label, field] of [
            ["Requests", "requests"], ["Tokens", "tokens"],
        ]) {
            const sum = sumOf(days, field).toLocaleString("en");
            const line = row(page, name)
                .getByRole("img", { name: `${label}: ${sum}` });
            await line.waitFor();
            await assertLine(line, days.map((day) => day[field]));
        }
    });

    await t.test("restrictions are set, and hold within a second", async () => {
        await menu(page, name, "Edit");
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("button", { name: "Restrictions" }).click();
        await dialog.getByRole("combobox", { name: "Models" }).fill("demo-large");
        await page.keyboard.press("Enter");
        await dialog.getByRole("button", { name: "Save changes" }).click();
        await dialog.waitFor({ state: "detached" });
        assert.equal(await ask(key), 403);
        await menu(page, name, "Edit");
        await dialog.getByRole("button", { name: "Restrictions" }).click();
        await dialog.getByRole("combobox", { name: "Models" }).press("Backspace");
        await dialog.getByRole("button", { name: "Save changes" }).click();
        await dialog.waitFor({ state: "detached" });
        assert.equal(await ask(key), 200);
    });

    await t.test("a rotated key works on for its grace", async () => {
        await menu(page, name, "Rotate");
        await page.getByRole("dialog").getByRole("button", { name: "Rotate" })
            .click();
        const next = await page.getByTestId("client-key").textContent();
        assert.notEqual(next, key);
        await page.getByRole("button", { name: "I have copied it" }).click();
        assert.deepEqual([await ask(next), await ask(key)], [200, 200]);
    });

    await t.test("a disabled client key is refused within a second", async () => {
        await visit(page, "Client keys");
        await page.getByRole("switch", { name: `Disable ${name}` })
            .click({ force: true });
        await page.getByRole("switch", { name: `Enable ${name}` }).waitFor();
        const end = Date.now() + 1000;
        let status;
        do status = await ask(key); while (status !== 403 && Date.now() < end);
        assert.equal(status, 403);
    });

    await t.test("the refusal has its record, and says why", async () => {
        await menu(page, name, "Show logs");
        await row(page, "Rejected").getByRole("link").click();
        await page.getByRole("dialog").getByText("The client key is disabled.")
            .waitFor();
        await page.keyboard.press("Escape");
    });

    await t.test("filters narrow the list, and stand in the address", async () => {
        await page.getByRole("combobox", { name: "Outcome" }).click();
        await page.getByRole("option", { name: "Success" }).click();
        await page.waitForURL("**outcome=success**");
        await row(page, "Rejected").waitFor({ state: "detached" });
        await page.reload();
        await row(page, "demo-small").waitFor();
        assert.equal(await page.getByRole("row").filter({ hasText: "Rejected" })
            .count(), 0);
        await page.getByRole("button", { name: "Clear filters" }).click();
        await page.waitForURL((url) => url.search === "");
    });

    await t.test("a provider in use is not deleted", async () => {
        await visit(page, "Providers");
        await menu(page, name, "Delete");
        await page.getByRole("dialog").getByRole("button", { name: "Delete" })
            .click();
        await page.getByRole("dialog").getByText("It is in use").waitFor();
        await page.getByRole("button", { name: "Cancel" }).click();
    });

    for (const [list, consequence] of [
        ["Client keys", "refused with 401"],
        ["Provider keys", "cannot be restored"],
        ["Providers", "Records of past requests stay"],
    ]) {
        await t.test(`${list}: deleted after a question`, async () => {
            await visit(page, list);
            await menu(page, name, "Delete");
            const dialog = page.getByRole("dialog");
            await dialog.getByText(consequence).waitFor();
            await dialog.getByRole("button", { name: "Delete" }).click();
            await page.getByRole("button", { name: `Actions for ${name}` })
                .waitFor({ state: "detached" });
        });
    }
    assertQuiet(complaints, 401, 404, 409);
});

test("an OAuth client gets tokens while that way in is open", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    const way = page.getByRole("switch",
        { name: "Tokens of our own token endpoint" });
    const isOpen = async () =>
        (await api("/api/settings/authentication")).oauth;
    let command;

    await t.test("the way in is opened", async () => {
        await visit(page, "OAuth clients");
        await page.getByRole("link", { name: "Open this way in" }).click();
        await page.getByRole("heading", { level: 1, name: "Settings" })
            .waitFor();
        await way.click({ force: true });
        await page.getByText("saved and in force").first().waitFor();
        assert.equal(await isOpen(), true);
    });
    await t.test("a client is created, and its secret shown once", async () => {
        await visit(page, "OAuth clients");
        await page.getByRole("button", { name: "Create OAuth client" }).first()
            .click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Name", { exact: true }).fill(name);
        await dialog.getByRole("combobox", { name: "Client key" }).click();
        await page.getByRole("option").first().click();
        await dialog.getByRole("button", { name: "Create OAuth client" })
            .click();
        const given = await page.getByTestId("client-secret").textContent();
        assert.match(given, /^aos_[\w-]{20,}$/);
        command = await page.getByTestId("example-token").textContent();
        assert.ok(command.includes(given));
        await page.getByRole("button", { name: "I have copied it" }).click();
        assert.ok(!(await page.content()).includes(given));
    });
    await t.test("the command it comes with gets a token", async () => {
        const there = command.replace(/http:\S+?(?=\/oauth2)/, run.proxy_url);
        const { stdout } = await promisify(execFile)("bash",
            ["-c", `${there} -sS`]);
        const { access_token, token_type } = JSON.parse(stdout);
        assert.match(access_token, /^eyJ/);
        assert.equal(token_type, "Bearer");
    });
    await t.test("the client is deleted", async () => {
        await menu(page, name, "Delete");
        await page.getByRole("dialog").getByRole("button", { name: "Delete" })
            .click();
        await page.getByRole("button", { name: `Actions for ${name}` })
            .waitFor({ state: "detached" });
    });
    await t.test("the way in is closed after a question", async () => {
        await visit(page, "Settings");
        await way.click({ force: true });
        const dialog = page.getByRole("dialog");
        await dialog.getByText("refused with 401 within a second").waitFor();
        assert.equal(await isOpen(), true);
        await dialog.getByRole("button", { name: "Close it" }).click();
        await dialog.waitFor({ state: "detached" });
        assert.equal(await isOpen(), false);
    });
    assertQuiet(complaints);
});

test("by keyboard alone", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/client-keys`);
    await page.getByRole("row").nth(1).waitFor();

    await t.test("the first stop skips the navigation", async () => {
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        assert.equal(
            await page.evaluate(() => document.activeElement?.id), "main");
    });
    await t.test("a row opens with Enter, and Escape leaves it", async () => {
        const opener = page.getByRole("row").nth(1).getByRole("button").first();
        await opener.focus();
        await page.keyboard.press("Enter");
        await page.getByRole("dialog").waitFor();
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
        await page.waitForFunction((it) => it === document.activeElement,
            await opener.elementHandle());
    });
    assertQuiet(complaints);
});

test("a password that was given is to be changed", async (t) => {
    const { page, complaints } = await openBrowser(t);
    const user = `${name}-newcomer`;
    const given = `${name}-was-given`;
    const password = `${name}-a-password`;
    await create("/api/users",
        { username: user, password: given, role: "operator" });
    const enter = (at, word) => signInAs(at,
        { ...run, admin_user: user, admin_password: word });

    await t.test("every page leads to the form", async () => {
        await enter(page, given);
        await page.waitForURL("**/profile**");
        await page.goto(`${run.admin_url}/providers`);
        await page.waitForURL("**/profile**");
        await page.getByRole("navigation")
            .getByRole("link", { name: "Logs" }).click();
        await page.getByRole("note").getByText("Choose your own").waitFor();
        await page.waitForURL("**/profile**");
    });
    await t.test("a wrong current password is marked", async () => {
        await page.getByRole("textbox", { name: "Current password" }).fill("wrong");
        await page.getByRole("textbox", { name: "New password", exact: true })
            .fill(password);
        await page.getByRole("textbox", { name: "New password again" })
            .fill(password);
        await page.getByRole("button", { name: "Change password" }).click();
        await page.getByText("This is not your current password.").waitFor();
    });
    await t.test("the banner goes with the old password", async () => {
        await page.getByRole("textbox", { name: "Current password" })
            .fill(given);
        await page.getByRole("button", { name: "Change password" }).click();
        await page.getByText("Your password is changed.").waitFor();
        await page.getByRole("note").waitFor({ state: "detached" });
    });
    await t.test("the new one opens the console", async (t) => {
        await page.getByRole("navigation")
            .getByRole("link", { name: "Providers" }).click();
        await page.getByRole("heading", { level: 1, name: "Providers" })
            .waitFor();
        const { page: other } = await openBrowser(t);
        await enter(other, password);
        await other.waitForURL((url) => url.pathname !== "/profile");
    });
    assertQuiet(complaints, 422);
});
